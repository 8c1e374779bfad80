#include "protocol/receipt/heavy_proof.hpp"

namespace datagen::protocol {

heavy_proof proof_from(digest feed_before, ledger::certified_events events,
                       std::uint64_t first_height) {
  auto& blocks = events.blocks;
  auto first = blocks.begin();
  for (; first != blocks.end() && first->height < first_height; ++first)
    feed_before = ledger::extend_feed(feed_before, *first);
  blocks.erase(blocks.begin(), first);
  events.next.reset();
  return {feed_before, std::move(events)};
}

const char* to_string(heavy_proof_check x) {
  switch (x) {
    case heavy_proof_check::ok:
      return "ok";
    case heavy_proof_check::too_many_blocks:
      return "more than 64 blocks in one Heavy proof";
    case heavy_proof_check::wrong_order:
      return "Heavy blocks do not ascend to the certified height";
    case heavy_proof_check::wrong_feed:
      return "Heavy events do not lead to the certified state";
    case heavy_proof_check::bad_certificate:
      return "no quorum of the committee signed the state the events lead to";
    case heavy_proof_check::stray_hand_over:
      return "a Heavy proof names a next committee; hand-overs are told apart";
  }
  return "unknown";
}

heavy_proof_check check(const heavy_proof& x, const consensus::roster& authors,
                        const signature_checker& signatures) {
  const auto& [blocks, proof, sections, path, next] = x.events;
  if (blocks.size() > heavy_proof_blocks_max)
    return heavy_proof_check::too_many_blocks;
  if (next)
    return heavy_proof_check::stray_hand_over;
  auto feed = x.feed_before;
  std::uint64_t last = 0;
  for (const auto& block : blocks) {
    if (block.height <= last || block.height > proof.statement.height)
      return heavy_proof_check::wrong_order;
    last = block.height;
    feed = ledger::extend_feed(feed, block);
  }
  if (!merkle_verify(proof.statement.state_root, merkle_leaf(feed.view()), 0, sections, path))
    return heavy_proof_check::wrong_feed;
  if (consensus::check(proof, authors, signatures) != consensus::certificate_check::ok)
    return heavy_proof_check::bad_certificate;
  return heavy_proof_check::ok;
}

}  // namespace datagen::protocol
