#pragma once
// The Heavy Chain's state machine (protocol.md sections 2 to 4): blocks in, roots and events out.

#include "protocol/chain/state_machine.hpp"
#include "protocol/ledger/genesis_state.hpp"
#include "protocol/ledger/supply.hpp"

namespace datagen::protocol::ledger {

/// What `ledger_machine::snapshot` wrote. @returns nothing for what is no state of that chain and version,
/// and for one whose supply does not add up.
std::optional<state> read_snapshot(byte_view data, const digest& genesis);
/// The root that authors sign for `x`.
digest root_of(const state& x);

class ledger_machine final : public chain::state_machine {
public:
  /// `signatures` must outlive the machine; a process may share one that remembers.
  /// `coins` combines the shares of audit beacons, under the keys of the epoch's committee.
  /// @pre `check(origin, coins->group())` returns ok
  ledger_machine(const genesis& origin, const signature_checker& signatures,
                 std::shared_ptr<const coin_checker> coins);

  admission check(byte_view transaction) const override;
  chain::block_result execute(const chain::block_input& block) override;
  digest state_root() const override { return root_; }
  std::uint64_t height() const override { return now_.clock->height; }
  /// Version byte and the canonical state.
  bytes snapshot() const override;
  bool restore(byte_view data) override;

  /// What `follow` needs of this height: leaves of the state tree, and the feed's path to the root.
  std::uint32_t sections() const;
  std::vector<digest> feed_path() const;
  /// The last executed block's events, as the feed chains them.
  const block_events& announced() const { return announced_; }

  /// In force after the last block.
  const parameters& params() const { return now_.params(); }
  const rulebook& rules() const { return rules_; }
  /// Everything the chain remembers; see `state.hpp`.
  const state& now() const { return now_; }
  supply where_supply_is() const { return supply_of(now_); }
  /// Balance, nonce; zero for an account never heard of.
  account find_account(const account_id& id) const;
  const validator_record* find_validator(validator_id id) const;
  const session_record* find_session(session_id id) const;
  const checkpoint_record* find_checkpoint(std::uint64_t sequence) const;
  const author_record* find_author(author_id id) const;
  /// Open, or among the newest finished ones.
  const audit_record* find_audit(const job_id& job, std::uint8_t attempt) const;

private:
  void advance_clock(const chain::block_input& block);
  void settle_what_is_due(block_scope& b, const chain::block_input& block);
  void run_transactions(block_scope& b, const chain::block_input& block,
                        chain::block_result& result);

  rulebook rules_;
  state now_;
  digest root_;
  block_events announced_;
};

}  // namespace datagen::protocol::ledger
