#pragma once
// Value at risk (protocol.md section 4, deterrence gate): what a validator has promised and what may
// still turn out wrong, held against V. Validator, router and Fast Chain count alike.

#include "protocol/job/job.hpp"
#include "protocol/params.hpp"

#include <map>

namespace datagen::protocol::ledger {

/// What a wrong result of a job for `price` (10^-9 DG) would cost its user.
inline std::uint64_t value_at_risk(const ticket& order, std::uint64_t price) {
  return std::max(price, order.declared_value);
}

/// Unmatured value by validator, and by user within it, in 10^-9 DG.
class exposure {
public:
  void add(validator_id validator, const account_id& user, std::uint64_t value);
  /// @pre as much was added
  void remove(validator_id validator, const account_id& user, std::uint64_t value);
  uint128 of(validator_id validator) const;
  uint128 of(validator_id validator, const account_id& user) const;

  template <class Archive>
  friend void describe(Archive& ar, exposure& x) {
    ar(x.total_, x.by_user_);
  }

private:
  std::map<validator_id, uint128> total_;
  std::map<std::pair<validator_id, account_id>, uint128> by_user_;
};

/// What V is computed from: the highest stake that a slash is measured by, and what is left of it.
struct staked {
  amount highest;
  amount left;
};

enum class [[nodiscard]] cap_check : std::uint8_t {
  ok = 0,
  validator_full = 1,  ///< Section 4: a validator's unmatured value is at most V.
  user_full = 2,       ///< Section 4: one user fills at most `value_cap_user_share_permille` of it.
};
struct [[nodiscard]] cap_ruling {
  cap_check code = cap_check::ok;
  std::string reason;  ///< A sentence with the figures.
  bool ok() const { return code == cap_check::ok; }
};
/// May `validator` carry a job of `user` worth `value` on top of `now`?
cap_ruling check_cap(const parameters& p, const staked& stake, const exposure& now,
                     validator_id validator, const account_id& user, std::uint64_t value);

}  // namespace datagen::protocol::ledger
