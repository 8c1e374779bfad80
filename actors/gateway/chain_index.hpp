#pragma once
// The newest blocks of one chain at hand, by height and digest; older ones are the archive's.

#include "messages/chain.hpp"

#include <deque>
#include <unordered_map>

namespace datagen::web {

enum class chain_kind : std::uint8_t { heavy = 0, fast = 1 };
inline const char* to_string(chain_kind x) { return x == chain_kind::heavy ? "heavy" : "fast"; }

struct indexed_block {
  v1::block_news news;
  std::vector<std::uint32_t> certifiers;  ///< Authors of its own certificate; often none.
};

class chain_index {
public:
  struct limits {
    std::size_t blocks_max = 4096;
    std::uint64_t bytes_max = 128ULL << 20;  ///< Of events; the oldest blocks go first.
  };
  chain_index() = default;
  explicit chain_index(limits bounds) : limits_(bounds) {}

  /// @returns the block as kept, or nothing when its height is not above the newest.
  const indexed_block* add(v1::block_news news);
  /// Does `news` begin a later epoch where blocks are known already? Then those are void.
  bool starts_over(const v1::block_news& news) const;
  /// Forgets the blocks from `height` on.
  void cut(std::uint64_t height);
  enum class certified : std::uint8_t { yes, unknown, diverged };
  /// @pre `proof` was checked against the committee.
  certified certify(const protocol::consensus::certificate& proof);

  const indexed_block* at(std::uint64_t height) const;
  const indexed_block* find(const protocol::digest& block) const;
  /// Newest first: at most `limit` blocks with a height of at most `height_max`.
  std::vector<const indexed_block*> page(std::uint64_t height_max, std::size_t limit) const;

  std::uint64_t height() const { return blocks_.empty() ? 0 : blocks_.back().news.height; }
  std::uint64_t lowest() const { return blocks_.empty() ? 0 : blocks_.front().news.height; }
  std::uint64_t certified_height() const { return certified_; }
  const indexed_block* newest() const { return blocks_.empty() ? nullptr : &blocks_.back(); }

private:
  void forget(const indexed_block& x);
  void forget_oldest();

  limits limits_;
  std::deque<indexed_block> blocks_;  ///< Heights ascend; gaps are possible after a long absence.
  std::unordered_map<protocol::digest, std::uint64_t> heights_;
  std::uint64_t bytes_ = 0;
  std::uint64_t certified_ = 0;
};

/// Which Heavy block settled a Fast block: checkpoints cover ranges of Fast heights.
class settlements {
public:
  explicit settlements(std::size_t entries_max = 4096) : entries_max_(entries_max) {}
  /// Where on Heavy.
  struct place {
    std::uint32_t epoch = 0;
    std::uint64_t height = 0;
  };
  void add(std::uint64_t fast_height, const place& heavy);
  std::optional<place> of(std::uint64_t fast_height) const;

private:
  std::size_t entries_max_;
  std::map<std::uint64_t, place> by_fast_height_;
  std::uint64_t forgotten_ = 0;  ///< Fast heights up to here are no longer known.
};

}  // namespace datagen::web
