#pragma once
// What a validator has at risk (R28; protocol.md section 4, deterrence gate): the value of its leaves
// that have not matured. A leaf matures when its checkpoint's draw is known and the audits opened of
// it and of its validator's earlier leaves are closed.

#include "protocol/codec.hpp"
#include "protocol/job/job.hpp"

namespace datagen::protocol::fast {

/// 10^-9 DG: the larger of price and what the user declared a wrong result to cost it.
inline std::uint64_t value_of(const receipt& x) {
  return std::max(x.content.fee, x.order.content.declared_value);
}

/// One validator's leaves of one checkpoint.
struct waiting_leaves {
  bool drawn = false;
  std::map<account_id, uint128> values;                  ///< By user.
  std::set<std::pair<job_id, std::uint8_t>> audits;      ///< Drawn and not decided, job and attempt.
};
template <class Archive>
void describe(Archive& ar, waiting_leaves& x) { ar(x.drawn, x.values, x.audits); }

class maturity {
public:
  /// Sum over the validator's leaves, of all users and of `user`.
  uint128 at_risk() const { return total_; }
  uint128 at_risk(const account_id& user) const;
  bool empty() const { return waiting_.empty(); }

  void add(std::uint64_t checkpoint, const account_id& user, std::uint64_t value);
  /// A leaf of `checkpoint` is drawn: it waits for its audit.
  void audit(std::uint64_t checkpoint, const job_id& job, std::uint8_t attempt);
  /// The draw of `checkpoint` is known, and every `audit` of it was told.
  void draw(std::uint64_t checkpoint);
  /// The audit has its final verdict.
  void decide(const job_id& job, std::uint8_t attempt);

  template <class Archive>
  friend void describe(Archive& ar, maturity& x) {
    ar(x.waiting_, x.by_user_, x.total_);
  }

private:
  void mature();

  std::map<std::uint64_t, waiting_leaves> waiting_;  ///< By checkpoint.
  std::map<account_id, uint128> by_user_;
  uint128 total_ = 0;
};

}  // namespace datagen::protocol::fast
