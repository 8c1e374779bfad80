#pragma once
// Messages that wait for another process: bounded, filled by any role's thread without waiting,
// emptied by the link. What is lost here, consensus fetches again (consensus.md 2.14).

#include "messages/process.hpp"

#include <deque>
#include <mutex>

namespace datagen {

struct outbox_limits {
  std::size_t parcels_max = 16'384;  ///< Beyond either limit the oldest are dropped.
  std::size_t bytes_max = std::size_t{64} << 20;
};

/// Canonical bytes that `content` holds at least: those of the messages that can be large.
std::size_t weight_of(const caf::message& content);

class parcel_outbox {
public:
  explicit parcel_outbox(outbox_limits bounds) : bounds_(bounds) {}

  /// @returns whether the link must be woken: it does not know yet that something waits.
  bool push(v1::parcel x);
  /// The oldest parcels up to the limits, at least one; empty when none waits, and then the next
  /// `push` wakes the link again.
  std::vector<v1::parcel> take(std::size_t parcels_max, std::size_t bytes_max);
  std::uint64_t dropped() const;

private:
  struct waiting {
    v1::parcel what;
    std::size_t weight = 0;
  };
  void forget_oldest();

  const outbox_limits bounds_;
  mutable std::mutex mutex_;
  std::deque<waiting> queue_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  bool link_knows_ = false;
};

}  // namespace datagen
