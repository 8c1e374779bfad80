#pragma once
// A Heavy author's service to everyone who follows the chain: certified events. The last blocks are
// at hand; what is older is in the archive (`feed_server.hpp`), down to the first block that this
// author has executed.

#include "messages/chain.hpp"

#include <map>
#include <set>

namespace datagen {

/// News in one piece holds about so many blocks: short enough to be a `heavy_proof`.
inline constexpr std::size_t news_blocks_max = 48;

/// What a Heavy block tells its followers. @returns nothing where an event does not decode.
std::optional<protocol::ledger::block_events> events_of(const v1::block_news& news);

class heavy_feed {
public:
  /// @param blocks_max blocks worth certifying that are kept at hand; the oldest go first.
  explicit heavy_feed(std::size_t blocks_max = 4096) : blocks_max_(blocks_max) {}

  /// Of blocks up to `height` nothing is known here: who lacks some of them asks elsewhere.
  void begin_after(std::uint64_t height);
  /// Blocks up to `height` are in the archive alone.
  void hold_after(std::uint64_t height);
  /// An executed block worth certifying; `path` proves the feed in its state root. `next` follows
  /// the committee whose last block it is.
  void add(protocol::ledger::block_events block, std::uint32_t sections,
           std::vector<protocol::digest> path,
           const std::optional<protocol::consensus::roster>& next = {});
  /// A certificate over an added block. @returns true when followers can be told more than before.
  bool certified(const protocol::consensus::certificate& proof);
  /// Everything certified above `height` that is at hand, about `news_blocks_max` blocks; nothing
  /// when there is none. Never beyond the end of the epoch that `height` + 1 belongs to: there the
  /// news hands over.
  std::optional<protocol::ledger::certified_events> above(std::uint64_t height) const;
  /// Who knows the chain up to `height` is told what follows from the archive.
  bool in_archive(std::uint64_t height) const {
    return height >= known_after_ && height < held_after_;
  }
  /// The last block of which nothing is known here.
  std::uint64_t known_after() const { return known_after_; }
  /// The newest certificate without its blocks: what tells a follower that it knows all there is.
  std::optional<protocol::ledger::certified_events> newest() const;
  std::uint64_t certified_height() const { return proofs_.empty() ? 0 : proofs_.rbegin()->first; }
  /// Entries at hand, at most four for each of `blocks_max` blocks.
  std::size_t kept() const {
    return heights_.size() + blocks_.size() + open_.size() + proofs_.size() + ends_.size();
  }

private:
  struct place {
    std::uint32_t sections = 0;
    std::vector<protocol::digest> path;
  };
  struct proof {
    protocol::consensus::certificate certificate;
    place feed;
  };
  /// Forgets blocks up to `height`; the archive has them.
  void drop(std::uint64_t height);

  std::size_t blocks_max_;
  std::uint64_t known_after_ = 0;    ///< Neither here nor in the archive.
  std::uint64_t held_after_ = 0;     ///< Everything above is at hand.
  std::set<std::uint64_t> heights_;  ///< Of the blocks at hand.
  std::map<std::uint64_t, protocol::ledger::block_events> blocks_;
  std::map<std::uint64_t, place> open_;
  std::map<std::uint64_t, protocol::consensus::roster> ends_;  ///< Last block of an epoch -> who follows.
  std::map<std::uint64_t, proof> proofs_;
};

}  // namespace datagen
