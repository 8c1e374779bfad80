#pragma once
// Is a chain's committee at work? An author is alive while blocks hold its vertices or it answers;
// with fewer alive than a quorum nothing commits any more (consensus.md 2.14).

#include "protocol/consensus/committee.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace datagen::web {

class chain_health {
public:
  chain_health() = default;
  /// @param idle_ms the chain's pace while there is nothing to order: it is never slower for long.
  explicit chain_health(std::uint64_t idle_ms) : idle_ms_(idle_ms) {}

  /// Without a word for so long an author counts as gone, and a chain as stalled: ten idle rounds,
  /// each of which a block could have closed; never less than it takes to turn to another author.
  std::uint64_t window_ms() const { return std::max<std::uint64_t>(10 * idle_ms_, 10'000); }

  /// A block came: with the vertices of `authors` (ids), made at `timestamp_ms`.
  void block(std::uint64_t timestamp_ms, const std::vector<std::uint32_t>& authors,
             std::uint64_t now_ms);
  /// The author itself answered: it is alive, whether the chain moves or not.
  void answered(std::uint32_t author, std::uint64_t now_ms);
  /// Is it time to ask every author whether it is there? True a few times per window while no block
  /// comes: dead and living authors fall silent in blocks at one moment.
  bool is_time_to_ask(std::uint64_t now_ms);

  struct report {
    std::size_t size = 0;
    std::size_t quorum = 0;
    std::size_t alive = 0;
    std::vector<std::uint32_t> missing;  ///< Ids.
    std::uint64_t stalled_ms = 0;        ///< Since the newest block came; 0 before the first.
    bool has_blocks = false;
    bool is_committing = false;  ///< A quorum is alive, and blocks come.
  };
  report of(const protocol::consensus::roster& members, std::uint64_t now_ms) const;
  /// How long ago the author was last heard; nothing when never.
  std::optional<std::uint64_t> silence_of(std::uint32_t author, std::uint64_t now_ms) const;

private:
  struct sign_of_life {
    std::optional<std::uint64_t> timestamp_ms;  ///< Of the newest block with its vertex.
    std::optional<std::uint64_t> answered_ms;   ///< Of this process' monotonic clock.
  };
  std::uint64_t idle_ms_ = 1'000;
  std::uint64_t newest_timestamp_ms_ = 0;
  std::optional<std::uint64_t> newest_came_ms_;
  std::optional<std::uint64_t> asked_ms_;
  std::map<std::uint32_t, sign_of_life> authors_;
};

}  // namespace datagen::web
