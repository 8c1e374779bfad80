#include "actors/delivery_claim.hpp"

#include <algorithm>

namespace datagen {

using namespace protocol;

delivery_claim claim_delivery(const receipt& paper, const v1::leaf_place& place,
                              const settled_checkpoints& settled) {
  const auto& own = *settled.find(place.checkpoint);
  const bool over = std::any_of(settled.all().begin(), settled.all().end(), [&own](const auto& x) {
    return x.second.closes && x.second.closes->epoch == own.claim_epoch;
  });
  if (!over)
    return {.check = claim_check::epoch_open, .content = {}};
  std::vector<digest> history;
  std::size_t at = 0;
  std::uint64_t before = 0;  // sequence
  for (const auto& [sequence, content] : settled.all()) {
    if (content.claim_epoch != own.claim_epoch)
      continue;
    const bool follows = sequence == before + 1 || (before == 0 && settled.find(sequence - 1));
    if (!follows)
      return {.check = claim_check::epoch_unknown, .content = {}};
    before = sequence;
    if (history.empty() && content.leaves == 0)
      continue;  // an epoch begins with its first leaf
    if (sequence == own.sequence)
      at = history.size();
    history.push_back(merkle_leaf(digest_of(content).view()));
  }
  return {.content = {.held = paper,
                      .settled = own,
                      .settled_path = merkle_path(history, at),
                      .index = place.index,
                      .path = place.path}};
}

}  // namespace datagen
