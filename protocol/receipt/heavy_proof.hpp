#pragma once
// Heavy's word on paper (protocol.md section 5, portable receipt): the events of a few blocks,
// chained from a feed digest to the feed of a certified state. The chain's hash function vouches
// for the digest before them, so nothing earlier is needed to believe them.

#include "protocol/ledger/events.hpp"

namespace datagen::protocol {

/// A certificate covers everything since the one before it, rarely more than a few blocks; longer
/// proofs are refused before they cost hashing.
inline constexpr std::size_t heavy_proof_blocks_max = 64;

struct heavy_proof {
  digest feed_before;  ///< Feed before the first of the blocks; all zero at genesis.
  ledger::certified_events events;
};
template <class Archive>
void describe(Archive& ar, heavy_proof& x) {
  ar(x.feed_before, x.events);
}

/// The events a follower with feed `feed_before` received, without the blocks below `first_height`
/// and without the hand-over that they may end with.
heavy_proof proof_from(digest feed_before, ledger::certified_events events,
                       std::uint64_t first_height);

enum class [[nodiscard]] heavy_proof_check : std::uint8_t{
  ok = 0,
  too_many_blocks = 1,  ///< `heavy_proof_blocks_max`.
  wrong_order = 2,      ///< Heights ascend up to the certified one.
  wrong_feed = 3,       ///< The blocks do not lead to the certified state.
  bad_certificate = 4,  ///< No quorum of the committee signed that state.
  stray_hand_over = 5,  ///< `next` is for followers: here it would be unchecked ballast.
};
constexpr heavy_proof_check max_value(heavy_proof_check) {
  return heavy_proof_check::stray_hand_over;
}
const char* to_string(heavy_proof_check x);

/// Did these authors announce these events?
heavy_proof_check check(const heavy_proof& x, const consensus::roster& authors,
                        const signature_checker& signatures);

}  // namespace datagen::protocol
