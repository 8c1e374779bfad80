#pragma once
// The settled checkpoints that a user has heard of, the newest of so many: what proofs of places
// lead to.

#include "protocol/ledger/view.hpp"

namespace datagen {

class settled_checkpoints {
public:
  using content = protocol::ledger::tx::checkpoint_content;
  explicit settled_checkpoints(std::size_t checkpoints_max = 65'536)
      : checkpoints_max_(checkpoints_max) {}

  /// Every event of the Heavy Chain, in order.
  void hear(const protocol::ledger::event& what) {
    const auto* x = std::get_if<protocol::ledger::happened::checkpoint_settled>(&what);
    if (!x)
      return;
    all_[x->content.sequence] = x->content;
    if (all_.size() > checkpoints_max_)
      all_.erase(all_.begin());
  }
  /// Null where it is not known.
  const content* find(std::uint64_t sequence) const {
    const auto it = all_.find(sequence);
    return it == all_.end() ? nullptr : &it->second;
  }
  /// By sequence.
  const std::map<std::uint64_t, content>& all() const { return all_; }

private:
  std::size_t checkpoints_max_;
  std::map<std::uint64_t, content> all_;
};

}  // namespace datagen
