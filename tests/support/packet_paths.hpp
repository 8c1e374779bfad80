#pragma once
// What becomes of packets between hosts that are far apart: each is delayed, lost or cut off. No
// clock, thread or device; times are arguments, and one seed draws the same fates again.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace datagen::test_support {

/// What lies between two hosts, the same both ways.
struct packet_path {
  std::chrono::microseconds delay{0};   ///< One way.
  std::chrono::microseconds jitter{0};  ///< Added to it at most, drawn for each packet.
  std::uint32_t loss_permille = 0;
  bool cut = false;  ///< Nothing comes through and nobody is told. What is under way arrives.
};

struct packet {
  std::size_t to = 0;  ///< Host.
  std::string bytes;
};

/// Packets by fate.
struct packet_counts {
  std::uint64_t passed = 0;
  std::uint64_t lost = 0;
  std::uint64_t cut = 0;
  std::uint64_t crowded_out = 0;  ///< Too many were under way.
};

/// All packets under way between `hosts` hosts. Jitter delays those behind too: none overtakes.
class packet_paths {
public:
  using moment = std::chrono::steady_clock::time_point;

  /// Under way in one direction between two hosts; further packets are dropped, as by any router.
  static constexpr std::size_t under_way_max = 1'000;

  packet_paths(std::size_t hosts, std::uint64_t seed)
      : random_(seed), hosts_(hosts), ways_(hosts * hosts) {}
  packet_paths(const packet_paths&) = delete;

  void set(std::size_t a, std::size_t b, const packet_path& path) {
    direction(a, b).path = path;
    direction(b, a).path = path;
  }

  void send(std::size_t from, packet what, moment now) {
    auto& way = direction(from, what.to);
    if (way.path.cut) {
      ++counts_.cut;
    } else if (drawn_up_to(999) < way.path.loss_permille) {
      ++counts_.lost;
    } else if (way.under_way == under_way_max) {
      ++counts_.crowded_out;
    } else {
      const auto jitter_us = static_cast<std::uint64_t>(way.path.jitter.count());
      const auto arrival = now + way.path.delay + std::chrono::microseconds{drawn_up_to(jitter_us)};
      way.last_arrival = std::max(way.last_arrival, arrival);
      ++way.under_way;
      arrivals_.emplace(way.last_arrival, std::pair{&way, std::move(what)});
    }
  }

  /// When the next packet arrives, if any is under way.
  std::optional<moment> next_arrival() const {
    return arrivals_.empty() ? std::nullopt : std::optional{arrivals_.begin()->first};
  }

  /// The next packet that has arrived by `now`.
  std::optional<packet> arrived(moment now) {
    if (arrivals_.empty() || arrivals_.begin()->first > now)
      return std::nullopt;
    auto [way, result] = std::move(arrivals_.extract(arrivals_.begin()).mapped());
    --way->under_way;
    ++counts_.passed;
    return std::move(result);
  }

  const packet_counts& counts() const { return counts_; }

private:
  /// One direction between two hosts.
  struct one_way {
    packet_path path;
    moment last_arrival{};
    std::size_t under_way = 0;
  };

  one_way& direction(std::size_t from, std::size_t to) { return ways_.at(from * hosts_ + to); }
  std::uint64_t drawn_up_to(std::uint64_t most) {
    return std::uniform_int_distribution<std::uint64_t>{0, most}(random_);
  }

  std::mt19937_64 random_;
  std::size_t hosts_;
  std::vector<one_way> ways_;
  std::multimap<moment, std::pair<one_way*, packet>> arrivals_;
  packet_counts counts_;
};

}  // namespace datagen::test_support
