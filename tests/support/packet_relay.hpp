#pragma once
// Carries IPv4 packets between the TUN devices of hosts, by a matrix of delay, jitter, loss and
// partition that may change at any time. Real packets are dropped, so TCP has to recover.

#include "tests/support/packet_paths.hpp"

#include <netinet/in.h>
#include <netinet/ip.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <thread>

namespace datagen::test_support {

class packet_relay {
public:
  /// Where a host's packets come out.
  struct door {
    int tun = -1;       ///< Kept open by its owner, longer than the relay lives; never blocks.
    in_addr address{};  ///< Of the host.
  };

  packet_relay(std::vector<door> doors, std::uint64_t seed)
      : doors_(std::move(doors)), paths_(doors_.size(), seed), thread_([this] { carry(); }) {}
  ~packet_relay() {
    ending_ = true;
    thread_.join();
  }

  /// Between hosts `a` and `b`, by their places among the doors; holds from the next packet on.
  void set(std::size_t a, std::size_t b, const packet_path& path) {
    std::lock_guard lock{mutex_};
    paths_.set(a, b, path);
  }
  packet_counts counts() const {
    std::lock_guard lock{mutex_};
    return paths_.counts();
  }

private:
  using clock = std::chrono::steady_clock;
  static constexpr std::chrono::nanoseconds look_up{10'000'000};  ///< For the end, at least.
  static constexpr int at_once_max = 64;  ///< Packets of one host before another has its turn.

  void carry() {
    std::vector<pollfd> waiting;
    for (const auto& x : doors_)
      waiting.push_back({.fd = x.tun, .events = POLLIN});
    while (!ending_) {
      const timespec wait{.tv_nsec = until_next().count()};
      ::ppoll(waiting.data(), waiting.size(), &wait, nullptr);
      std::lock_guard lock{mutex_};
      for (std::size_t i = 0; i < waiting.size(); ++i)
        if (waiting[i].revents & POLLIN)
          take_from(i);
      deliver();
    }
  }
  std::chrono::nanoseconds until_next() const {
    std::lock_guard lock{mutex_};
    const auto next = paths_.next_arrival();
    return next
             ? std::clamp<std::chrono::nanoseconds>(*next - clock::now(), look_up.zero(), look_up)
             : look_up;
  }
  void take_from(std::size_t host) {
    std::array<char, 2'048> room;  // an interface's packets have 1,500 bytes at most
    for (int i = 0; i < at_once_max; ++i) {
      const auto size = ::read(doors_[host].tun, room.data(), room.size());
      if (size < static_cast<ssize_t>(sizeof(iphdr)))
        return;
      if (const auto to = host_of({room.data(), static_cast<std::size_t>(size)}))
        paths_.send(host, {*to, {room.data(), static_cast<std::size_t>(size)}}, clock::now());
    }
  }
  /// Where a packet goes; IPv6, which interfaces speak unasked, goes nowhere.
  std::optional<std::size_t> host_of(std::string_view bytes) const {
    iphdr header;
    std::memcpy(&header, bytes.data(), sizeof header);
    for (std::size_t i = 0; i < doors_.size(); ++i)
      if (header.version == 4 && header.daddr == doors_[i].address.s_addr)
        return i;
    return std::nullopt;
  }
  void deliver() {
    const auto now = clock::now();
    while (const auto x = paths_.arrived(now)) {
      // Where the kernel does not take it, it is lost like any other.
      [[maybe_unused]] const auto written =
        ::write(doors_[x->to].tun, x->bytes.data(), x->bytes.size());
    }
  }

  std::vector<door> doors_;
  mutable std::mutex mutex_;
  packet_paths paths_;
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace datagen::test_support
