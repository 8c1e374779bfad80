#pragma once
// One entry of Heavy's state, proven to whoever holds a certificate and nothing else: a light
// client's account, a validator's stake, a session's pairing, an audit's verdict (R5; protocol.md
// section 5).

#include "protocol/ledger/state.hpp"

namespace datagen::protocol::ledger {

/// Alternatives by section: accounts, validators, sessions (pairing and lanes included), open audits,
/// finished audits by their number. Append, never reorder.
using state_entry =
  std::variant<std::pair<account_id, account>, std::pair<validator_id, validator_record>,
               std::pair<session_id, session_record>, std::pair<audit_key, audit_record>,
               std::pair<std::uint64_t, audit_record>>;

struct state_proof {
  state_entry entry;
  std::vector<digest> path;          ///< In the section's trie, from its root down.
  std::optional<digest> beside;      ///< What else the section holds; sessions and finished audits.
  std::vector<digest> section_path;  ///< From the section up to the state root.
};
template <class Archive>
void describe(Archive& ar, state_proof& x) { ar(x.entry, x.path, x.beside, x.section_path); }
/// Longer paths are refused: a place has so many bits.
inline constexpr std::size_t proof_path_max = 256;

enum class [[nodiscard]] proof_check : std::uint8_t {
  ok = 0,
  bad_shape = 1,        ///< A path too long, or `beside` where the section has nothing else.
  bad_path = 2,         ///< The entry is not in that state.
  bad_certificate = 3,  ///< No quorum of the committee signed that state.
};
constexpr proof_check max_value(proof_check) { return proof_check::bad_certificate; }

/// Is the entry in the state that `state_root` stands for?
proof_check check(const state_proof& x, const digest& state_root);
/// Likewise, for the state that a certificate of `authors` stands for.
proof_check check(const state_proof& x, const consensus::certificate& proof,
                  const consensus::roster& authors, const signature_checker& signatures);

/// Proofs of one entry of `now`; nothing where there is none.
std::optional<state_proof> prove_account(const state& now, const account_id& id);
std::optional<state_proof> prove_validator(const state& now, validator_id id);
std::optional<state_proof> prove_session(const state& now, session_id id);
/// Open, or among the newest finished ones.
std::optional<state_proof> prove_audit(const state& now, const job_id& job, std::uint8_t attempt);

}  // namespace datagen::protocol::ledger
