#pragma once
// A checker commits before it reveals, and proves that it holds the result bytes, not a copy of
// somebody's digest (protocol.md section 2, step 8).

#include "protocol/crypto/hash.hpp"

namespace datagen::protocol {

/// witness_i = H(H(beacon, job, C_i), result bytes): different for every checker and audit, so only
/// who holds the bytes can form it.
digest check_witness(const digest& beacon, const job_id& job, validator_id checker,
                     byte_view result);

/// What a checker reveals. `result` is the digest of the result header that it computed.
struct check_reveal {
  digest salt;
  digest result;
  digest witness;
  friend bool operator==(const check_reveal&, const check_reveal&) = default;
};
template <class Archive>
void describe(Archive& ar, check_reveal& x) {
  ar(x.salt, x.result, x.witness);
}

/// H(salt_i, job, C_i, digest_i, witness_i): binds the answer to its author and hides it.
digest checker_commitment(const job_id& job, validator_id checker, const check_reveal& content);

enum class [[nodiscard]] reveal_check : std::uint8_t{
  ok = 0,
  commit_window_open = 1,  ///< Step 8: reveals are refused before the commit window closes.
  reveal_window_over = 2,  ///< Section 7.10: the wait has a deadline.
  not_committed = 3,       ///< Step 8: it does not open this checker's commitment.
};
constexpr reveal_check max_value(reveal_check) { return reveal_check::not_committed; }

/// When an audit's windows end, on Heavy live time.
struct check_windows {
  std::uint64_t commit_until_ms = 0;
  std::uint64_t reveal_until_ms = 0;
};

/// Checks a reveal at `now_ms` against the checker's commitment; first failing rule wins.
reveal_check check(const check_reveal& content, const digest& commitment, const job_id& job,
                   validator_id checker, const check_windows& windows, std::uint64_t now_ms);

}  // namespace datagen::protocol
