#pragma once
// Counts since genesis, for the status page and the metrics; kept in the archive, so that they
// survive a restart that restores only the newest blocks.

#include "actors/gateway/audit_cost.hpp"
#include "actors/gateway/chain_index.hpp"

namespace datagen::web {

struct chain_totals {
  std::uint64_t height = 0;  ///< Of the last block that is counted.
  std::uint64_t transactions = 0;
  std::uint64_t bytes = 0;
};
template <class Archive>
void describe(Archive& ar, chain_totals& x) { ar(x.height, x.transactions, x.bytes); }

struct last_audit {
  protocol::validator_id validator;
  protocol::job_id job;
  std::string outcome;
};
template <class Archive>
void describe(Archive& ar, last_audit& x) { ar(x.validator, x.job, x.outcome); }

struct totals {
  chain_totals heavy;
  chain_totals fast;
  std::uint64_t leaves = 0;          ///< Ordered on the Fast Chain.
  std::uint64_t jobs_ordered = 0;    ///< Of them, those that are to be paid.
  std::uint64_t leaves_settled = 0;
  std::uint64_t units_paid = 0;
  std::uint64_t checkpoint_settled = 0;  ///< Sequence of the newest.
  std::uint64_t fast_settled_height = 0;
  std::uint64_t audits_passed = 0;
  std::uint64_t audits_failed = 0;
  std::uint64_t checks = 0;
  std::uint64_t units_ordered = 0;
  std::uint64_t units_checked = 0;  ///< Units of a drawn job, once per checker.
  std::optional<last_audit> last;
  audit_cost cost;

  chain_totals& of(chain_kind x) { return x == chain_kind::heavy ? heavy : fast; }
  /// Counts a block; those at or below the last counted height are known already.
  /// @returns whether its events are to be taken too.
  bool take(chain_kind where, const v1::block_news& news);
  void take(const protocol::ledger::event& what);
  void take(const protocol::fast::event& what, std::size_t validators_active);
  /// Work done for audits, in thousandths of the work ordered.
  std::uint64_t audit_overhead_permille() const;
};
template <class Archive>
void describe(Archive& ar, totals& x) {
  ar(x.heavy, x.fast, x.leaves, x.jobs_ordered, x.leaves_settled, x.units_paid,
     x.checkpoint_settled, x.fast_settled_height, x.audits_passed, x.audits_failed, x.checks,
     x.units_ordered, x.units_checked, x.last, x.cost);
}

/// The newest measurements of one kind.
class samples {
public:
  explicit samples(std::size_t samples_max = 2048) : samples_max_(samples_max) {}
  void add(std::uint64_t x);
  std::uint64_t count() const { return count_; }  ///< Ever added.
  /// The smallest kept value that `permille` of them do not exceed; 0 without any.
  std::uint64_t percentile(std::uint32_t permille) const;

private:
  std::size_t samples_max_;
  std::uint64_t count_ = 0;
  std::deque<std::uint64_t> values_;
};

}  // namespace datagen::web
