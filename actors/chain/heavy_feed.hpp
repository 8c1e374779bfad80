#pragma once
// A Heavy author's service to everyone who follows the chain: certified events, complete from any
// height on that this author has executed.

#include "messages/chain.hpp"

#include <map>

namespace datagen {

class heavy_feed {
public:
  /// Of blocks up to `height` nothing is known here: who lacks some of them asks elsewhere.
  void begin_after(std::uint64_t height);
  /// An executed block worth certifying; `path` proves the feed in its state root. `next` follows
  /// the committee whose last block it is.
  void add(protocol::ledger::block_events block, std::uint32_t sections,
           std::vector<protocol::digest> path,
           const std::optional<protocol::consensus::roster>& next = {});
  /// A certificate over an added block. @returns true when followers can be told more than before.
  bool certified(const protocol::consensus::certificate& proof);
  /// Everything certified above `height`, about `blocks_max` blocks; nothing when there is none.
  /// Never beyond the end of the epoch that `height` + 1 belongs to: there the news hands over.
  /// The default leaves news short enough to be a `heavy_proof`.
  std::optional<protocol::ledger::certified_events> above(std::uint64_t height,
                                                          std::size_t blocks_max = 48) const;
  /// The newest certificate without its blocks: what tells a follower that it knows all there is.
  std::optional<protocol::ledger::certified_events> newest() const;
  std::uint64_t certified_height() const { return proofs_.empty() ? 0 : proofs_.rbegin()->first; }

private:
  struct place {
    std::uint32_t sections = 0;
    std::vector<protocol::digest> path;
  };
  struct proof {
    protocol::consensus::certificate certificate;
    place feed;
  };
  std::uint64_t base_ = 0;
  std::map<std::uint64_t, protocol::ledger::block_events> blocks_;
  std::map<std::uint64_t, place> open_;
  std::map<std::uint64_t, protocol::consensus::roster> ends_;  ///< Last block of an epoch -> who follows.
  std::map<std::uint64_t, proof> proofs_;
};

}  // namespace datagen
