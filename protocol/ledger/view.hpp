#pragma once
// What a role remembers of the Heavy Chain: built from certified events alone, the same for a user,
// a router and a validator, in-process or far away.

#include "protocol/chain/genesis.hpp"
#include "protocol/ledger/events.hpp"
#include "protocol/ledger/exposure.hpp"
#include "protocol/ledger/parameter_schedule.hpp"

namespace datagen::protocol::ledger {

struct validator_view {
  public_key key;
  std::uint32_t operator_id = 0;
  amount stake;
  amount stake_highest;  ///< Since it was admitted; what a slash is measured by.
  std::uint64_t ask = 0;
  happened::standing now = happened::standing::active;
  std::string name;

  staked cap_basis() const { return {stake_highest, stake}; }
};

struct session_view {
  account_id user;
  tx::pairing_mode mode = tx::pairing_mode::latency;
  std::uint64_t bid = 0;
  amount escrow;
  std::uint64_t nonce = 0;  ///< With `user` it makes the session's id; 0 = unknown, a state does not tell it.
  std::optional<validator_id> paired;
  std::vector<validator_id> stand_ins;
  std::map<validator_id, amount> lanes;
  bool open = true;

  /// What `payee` may earn from this session in all, in 10^-9 DG, rounded down.
  std::uint64_t lane(validator_id payee) const;
};

struct author_view {
  public_key key;
  amount stake;
  happened::standing now = happened::standing::active;
};

struct view {
  follower position;
  std::uint64_t live_ms = 0;
  parameter_schedule params;            ///< In force at `position.height`, and what is to come.
  consensus::roster fast_authors;       ///< Who certifies the Fast Chain; `position` has Heavy's.
  std::optional<fast_base> fast_began;  ///< The block after which they began; none at genesis.
  std::map<chain_id, consensus::roster> next;  ///< Elected to follow; with a coin once it is ready.
  std::map<author_id, author_view> authors;    ///< Candidates for the Heavy committee.
  std::map<validator_id, validator_view> validators;
  std::map<session_id, session_view> sessions;
  std::set<kernel_ref> suspended;              ///< Versions of which no new leaf is ordered.

  /// The parameters in force: genesis', or what votes have made of them by now.
  const parameters& rules() const { return params.in_force; }
  const validator_view* find(validator_id id) const;
  const session_view* find(session_id id) const;
};

/// What everyone knows before the first block: genesis' authors and validators, which no event
/// announces.
view view_of(const genesis& origin);

/// Takes one event over. @pre it comes from `follow`, in order.
void apply(view& state, const event& what);

/// Follows `news` and applies it. @returns the new blocks, for the role's own duties; empty when
/// the news is old, or not proven (`check` says why).
struct followed {
  follow_check check = follow_check::ok;
  std::vector<block_events> blocks;
};
followed advance(view& state, const certified_events& news, const signature_checker& signatures);

}  // namespace datagen::protocol::ledger
