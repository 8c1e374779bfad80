#pragma once
// Where the roles of a local cluster stand: points on a line, in microseconds of one-way delay, so
// that distances are consistent. Roles of one identity stand on the same point.

#include "messages/peer.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <shared_mutex>

namespace datagen {

class places {
public:
  /// Microseconds between two roles of different identities on the same point (a local network).
  explicit places(std::uint64_t floor_us = 100) : floor_us_(floor_us) {}

  void put(const peer& who, std::uint64_t point_us);
  std::uint64_t point_us(const peer& who) const;
  /// One-way delay; nothing between roles that share an identity, or when both points are unknown.
  std::uint64_t delay_us(const peer& from, const peer& to) const;

private:
  std::uint64_t floor_us_;
  mutable std::shared_mutex mutex_;
  std::map<peer, std::uint64_t> points_;
};

}  // namespace datagen
