#pragma once
// A claim epoch's Merkle-sum tree with all its jobs at hand, as an archive of the Fast Chain has it:
// honest, or with whatever a dishonest committee would count.

#include "protocol/ledger/settlement_transactions.hpp"

#include <map>

namespace ledger_test {

using namespace datagen::protocol;

class epoch_tree {
public:
  using owner = std::pair<validator_id, session_id>;

  void add(const leaf& x, std::uint64_t checkpoint, std::uint32_t index) {
    count({x.validator(), x.session}, {leaf_hash(x), checkpoint, index, x.fee, x.units});
  }
  void count(const owner& whose, const ledger::tx::counted_job& x) { jobs_[whose].push_back(x); }

  ledger::tx::closed_epoch closed(std::uint64_t epoch) const {
    return {epoch, static_cast<std::uint32_t>(jobs_.size()), sum_root(leaves())};
  }
  /// Over all sessions of `validator`.
  ledger::tx::claim claim(std::uint64_t epoch, validator_id validator) const {
    ledger::tx::claim result{.epoch = epoch, .validator = validator};
    for (const auto& [whose, jobs] : jobs_) {
      if (whose.first < validator)
        ++result.first;
      if (whose.first == validator)
        result.entries.push_back(entry(whose.second, jobs));
    }
    result.path = sum_path(leaves(), result.first, result.entries.size());
    return result;
  }
  ledger::tx::counted_place place(std::uint64_t epoch, const owner& whose,
                                  std::uint32_t index) const {
    const auto found = jobs_.find(whose);
    const auto at = static_cast<std::uint32_t>(std::distance(jobs_.begin(), found));
    return {epoch, whose.first, at, entry(whose.second, found->second), sum_path(leaves(), at),
            index, found->second[index], sum_path(job_leaves(found->second), index)};
  }

private:
  using counted = std::vector<ledger::tx::counted_job>;

  static std::vector<sum_node> job_leaves(const counted& jobs) {
    std::vector<sum_node> result;
    for (const auto& x : jobs)
      result.push_back(sum_leaf_of(x));
    return result;
  }
  static ledger::tx::claim_entry entry(session_id session, const counted& jobs) {
    const auto root = sum_root(job_leaves(jobs));
    return {session, static_cast<std::uint32_t>(jobs.size()),
            static_cast<std::uint64_t>(root.price), root.units, root.hash};
  }
  std::vector<sum_node> leaves() const {
    std::vector<sum_node> result;
    for (const auto& [whose, jobs] : jobs_)
      result.push_back(sum_leaf_of(whose.first, entry(whose.second, jobs)));
    return result;
  }

  std::map<owner, counted> jobs_;
};

}  // namespace ledger_test
