#pragma once
// Who is audited and who audits, drawn from the beacon (protocol.md section 2, step 7; consensus.md
// section 3.4). Every word of randomness is H of the beacon, so anyone can repeat a draw.

#include "protocol/crypto/hash.hpp"

namespace datagen::protocol {

/// Is leaf `index` of `checkpoint` audited? H("audit", beacon, checkpoint, index) < rate * 2^256,
/// compared exactly. `beacon` is the one requested by the block that ordered the checkpoint.
bool is_drawn(const digest& beacon, const digest& checkpoint, std::uint32_t index,
              std::uint32_t rate_ppm);

/// `word`, read as a 256-bit big-endian integer, mod `bound`; nothing where it lies at or above the
/// largest multiple of `bound`, so that every residue is equally likely. @pre bound > 0
std::optional<uint128> uniform_below(const digest& word, uint128 bound);

/// A validator that may be drawn, as in the snapshot the draw names.
struct candidate {
  validator_id id;
  account_id operator_account;  ///< Equal for all validators of one operator.
  amount stake;
  friend auto operator<=>(const candidate&, const candidate&) = default;
};

/// Names one draw. Attempt 0 = the three checkers; every substitute, fifth checker or escalation
/// counts up and uses the beacon of a request opened by the block that records its cause.
struct draw_name {
  digest beacon;
  job_id job;
  std::uint32_t attempt = 0;
};

/// Draws up to `count` checkers with chances proportional to stake, without replacement, one per
/// operator and none of `excluded` operators (the audited validator's, and those already seated).
/// Fewer are drawn where fewer operators with stake are eligible.
/// @pre candidate ids are distinct; their order does not matter
std::vector<validator_id> draw_checkers(const draw_name& name, std::vector<candidate> eligible,
                                        std::span<const account_id> excluded, std::uint32_t count);

/// Random pairing (section 2, step 3): one draw by stake for `user`, from a beacon requested after
/// the user's bond was final.
std::optional<validator_id> draw_pairing(const digest& beacon, const account_id& user,
                                         std::vector<candidate> eligible);

/// The validators that one Echo of `session` asks where not all are (section 2, step 2): up to
/// `count` by stake, without replacement. Ids ascend.
/// @pre candidate ids are distinct; their order does not matter
std::vector<validator_id> draw_sample(const digest& beacon, session_id session,
                                      std::vector<candidate> eligible, std::uint32_t count);

/// The Fast committee of `epoch` (consensus.md 2.13): up to `count` of the candidates frozen before
/// `beacon` was requested, by stake and without replacement. Ids ascend.
/// @pre candidate ids are distinct; their order does not matter
std::vector<validator_id> draw_committee(const digest& beacon, std::uint32_t epoch,
                                         std::vector<candidate> eligible, std::uint32_t count);

}  // namespace datagen::protocol
