#include "protocol/ledger/events.hpp"

namespace datagen::protocol::ledger {

std::pair<follow_check, std::vector<block_events>> follow(follower& state, const certified_events& x,
                                                          const signature_checker& signatures) {
  if (x.proof.statement.height <= state.height)
    return {follow_check::already_known, {}};
  std::vector<block_events> fresh;
  digest feed = state.feed;
  std::uint64_t last = state.height;
  for (const auto& block : x.blocks) {
    if (block.height <= state.height)
      continue;
    if (block.height <= last || block.height > x.proof.statement.height)
      return {follow_check::bad_proof, {}};
    last = block.height;
    feed = extend_feed(feed, block);
    fresh.push_back(block);
  }
  // The certificate covers the whole feed, so a block left out shows as a wrong digest: a gap.
  if (!merkle_verify(x.proof.statement.state_root, merkle_leaf(feed.view()), 0, x.sections, x.path))
    return {follow_check::gap, {}};
  if (consensus::check(x.proof, state.authors, signatures) != consensus::certificate_check::ok)
    return {follow_check::bad_certificate, {}};
  const auto& following = x.next ? *x.next : state.authors;
  const auto epoch = state.authors.epoch + (x.next ? 1 : 0);
  if (x.proof.statement.next_committee != digest_of(following) || following.epoch != epoch)
    return {follow_check::bad_hand_over, {}};
  state = {following, x.proof.statement.height, feed};
  return {follow_check::ok, std::move(fresh)};
}

}  // namespace datagen::protocol::ledger
