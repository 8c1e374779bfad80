#pragma once
// Credits: a sender spends bytes that the receiver granted. The receiver grants again what its
// roles have taken, so a slow reader costs it at most one window of memory per peer.

#include "protocol/types.hpp"

#include <utility>

namespace datagen::protocol::link {

/// The sender's side of a window.
class credit_to_spend {
public:
  explicit credit_to_spend(std::uint64_t window_bytes = 0)
      : window_(window_bytes), left_(window_bytes) {}
  bool covers(std::uint64_t bytes) const { return bytes <= left_; }
  /// @pre `covers(bytes)`
  void spend(std::uint64_t bytes) {
    invariant(covers(bytes), "a frame is sent within its credit");
    left_ -= bytes;
  }
  /// @returns false, and changes nothing, for a grant of nothing or beyond the window: an honest
  ///          receiver returns only what it took.
  bool granted(std::uint64_t bytes) {
    if (bytes == 0 || bytes > window_ - left_)
      return false;
    left_ += bytes;
    return true;
  }
  std::uint64_t left() const { return left_; }

private:
  std::uint64_t window_;
  std::uint64_t left_;
};

/// The receiver's side.
class credit_granted {
public:
  explicit credit_granted(std::uint64_t window_bytes = 0)
      : window_(window_bytes), left_(window_bytes) {}
  /// @returns false, and changes nothing, when the peer sends more than it may.
  bool received(std::uint64_t bytes) {
    if (bytes > left_)
      return false;
    left_ -= bytes;
    return true;
  }
  /// So many received bytes were dealt with. @returns what to grant now; 0: it can wait until a
  /// quarter of the window has gathered, so that grants do not outnumber frames.
  std::uint64_t consumed(std::uint64_t bytes) {
    invariant(bytes <= window_ - left_ - waiting_, "only received bytes are consumed");
    waiting_ += bytes;
    if (4 * waiting_ < window_)
      return 0;
    left_ += waiting_;
    return std::exchange(waiting_, 0);
  }
  std::uint64_t left() const { return left_; }

private:
  std::uint64_t window_;
  std::uint64_t left_;
  std::uint64_t waiting_ = 0;  ///< Consumed and not granted again.
};

/// With a window this large a sender whose receiver took everything can always send a frame: at
/// most a quarter of it waits to be granted, and as much on the way from the roles to the link.
constexpr bool window_fits(std::uint64_t window_bytes, std::uint32_t frame_bytes_max) {
  return window_bytes / 2 >= frame_bytes_max;
}

}  // namespace datagen::protocol::link
