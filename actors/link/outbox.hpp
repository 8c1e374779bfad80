#pragma once
// Messages that wait for a peer, whether its link is up or not: bounded by bytes, filled by any
// thread without waiting, emptied by the link. Private to this folder.

#include "protocol/types.hpp"

#include <deque>
#include <mutex>

namespace datagen::link {

class outbox {
public:
  explicit outbox(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  struct pushed {
    bool wake = false;          ///< The link does not know yet that something waits.
    std::uint64_t dropped = 0;  ///< The oldest made room; the newest stays whatever it weighs.
  };
  pushed push(protocol::bytes message);
  /// The oldest; nothing when none waits, and then the next `push` wakes the link again.
  std::optional<protocol::bytes> pop();
  std::size_t bytes() const;

private:
  /// Also what a queue of empty messages must be bounded by.
  static constexpr std::size_t overhead = 64;

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::deque<protocol::bytes> queue_;
  std::size_t bytes_ = 0;
  bool link_knows_ = false;
};

}  // namespace datagen::link
