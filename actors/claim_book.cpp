#include "actors/claim_book.hpp"

#include <algorithm>

namespace datagen {

using namespace protocol;
using namespace protocol::ledger;

void claim_book::ordered(const fast::happened::leaf_ordered& x) {
  leaves_[{x.checkpoint, x.index}] = x.content;
  while (leaves_.size() > leaves_max_)
    leaves_.erase(leaves_.begin());
}

void claim_book::settled(const tx::checkpoint_content& x) {
  epochs_[x.sequence] = x.claim_epoch;
  while (epochs_.size() > leaves_max_)
    epochs_.erase(epochs_.begin());
}

void claim_book::rewound(std::uint64_t sequence) {
  leaves_.erase(leaves_.lower_bound({sequence + 1, 0}), leaves_.end());
}

std::optional<tx::show_count> claim_book::answer(const tx::claim& entry, std::uint32_t job) const {
  const auto& wanted = entry.entries.front();
  std::vector<std::pair<tx::counted_job, const leaf*>> jobs;
  std::vector<sum_node> nodes;
  for (const auto& [where, x] : leaves_) {
    const auto epoch = epochs_.find(where.first);
    if (epoch == epochs_.end() || epoch->second != entry.epoch || x.session != wanted.session)
      continue;
    jobs.push_back({{leaf_hash(x), where.first, where.second, x.fee, x.units}, &x});
    nodes.push_back(sum_leaf_of(jobs.back().first));
  }
  if (nodes.empty() || sum_root(nodes) != wanted.jobs_node())
    return std::nullopt;
  const auto shown = std::min<std::size_t>(job, jobs.size() - 1);
  return tx::show_count{
    job,
    {entry.epoch, entry.validator, entry.first, wanted, entry.path,
     static_cast<std::uint32_t>(shown), jobs[shown].first, sum_path(nodes, shown)},
    *jobs[shown].second};
}

}  // namespace datagen
