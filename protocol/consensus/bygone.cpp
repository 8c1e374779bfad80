#include "protocol/consensus/bygone.hpp"

#include <algorithm>

namespace datagen::protocol::consensus {

void bygone::add(vertex_ptr v) {
  if (v->ref.round > floor_)
    kept_.emplace(v->ref, v);
}

void bygone::raise(round_number floor) {
  floor_ = std::max(floor_, floor > depth_ ? floor - depth_ : 0);
  kept_.erase(kept_.begin(), kept_.lower_bound({floor_ + 1, 0, {}}));
}

vertex_ptr bygone::find(const vertex_ref& ref) const {
  const auto found = kept_.find(ref);
  return found == kept_.end() ? nullptr : found->second;
}

vertex_ptr bygone::first(round_number round, author_index author) const {
  const auto next = kept_.lower_bound({round, author, {}});
  const bool same =
    next != kept_.end() && next->first.round == round && next->first.author == author;
  return same ? next->second : nullptr;
}

}  // namespace datagen::protocol::consensus
