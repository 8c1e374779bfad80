#include "tools/bench/link/link_bench.hpp"

#include "actors/link/endpoint.hpp"
#include "tools/bench/clock.hpp"
#include "tools/bench/link/raw_tls.hpp"

#include "protocol/crypto/hash.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace datagen::bench {

namespace {

using link::public_key;
using link::refusal;
using protocol::byte_view;
using protocol::bytes;

constexpr std::uint64_t ahead_max = 16 << 20;  ///< Bytes sent and not arrived, in a stream.

/// One end. In a round trip the far end sends back what comes, and the near one sends it again.
class bench_end final : public link::observer {
public:
  bench_end(const protocol::key_pair& own, const public_key& other) : own_(own), other_(other) {}
  std::optional<std::string> start() {
    return end.start({.key = own_,
                      .genesis = protocol::hash("bench-link"),
                      .life = {1, protocol::hash("bench-life", own_.identity)}},
                     *this);
  }

  bool knows(const public_key& key) const override { return key == other_; }
  refusal received(const public_key& from, byte_view message, link::held_credit) override {
    if (measuring) {
      const auto now = wall_us();
      times.push_back(now - sent_us);
      if (now >= stop_us)
        return finish();
      send_timed(message.size());
    } else if (message[0] == 0) {
      end.send(from, bytes(message.begin(), message.end()));
    } else {
      arrived += message.size();
    }
    return refusal::none;
  }
  void up(const public_key&, const std::vector<public_key>&, std::uint16_t) override { finish(); }

  void send_timed(std::size_t size) {
    bytes message(size);
    sent_us = wall_us();
    end.send(other_, std::move(message));
  }
  bool wait() {
    std::unique_lock lock{mutex_};
    const auto held = done_.wait_for(lock, std::chrono::seconds{60}, [this] { return finished_; });
    finished_ = false;
    return held;
  }

  link::endpoint end;
  std::atomic<bool> measuring{false};
  double sent_us = 0, stop_us = 0;
  std::vector<double> times;
  std::atomic<std::uint64_t> arrived{0};

private:
  refusal finish() {
    measuring = false;
    std::lock_guard lock{mutex_};
    finished_ = true;
    done_.notify_all();
    return refusal::none;
  }

  const protocol::key_pair own_;
  const public_key other_;
  std::mutex mutex_;
  std::condition_variable done_;
  bool finished_ = false;
};

bool round_trips(bench_end& near, std::size_t size, double seconds) {
  near.times.clear();
  near.stop_us = wall_us() + 1e6 * seconds;
  near.measuring = true;
  near.send_timed(size);
  return near.wait();
}

double stream(bench_end& from, const public_key& to, bench_end& at, std::size_t size,
              double seconds) {
  const auto start = wall_us();
  const auto before = at.arrived.load();
  std::uint64_t sent = 0;
  for (const auto stop = start + 1e6 * seconds; wall_us() < stop;) {
    if (sent - (at.arrived - before) > ahead_max) {
      std::this_thread::sleep_for(std::chrono::microseconds{50});
      continue;
    }
    from.end.send(to, bytes(size, 1));
    sent += size;
  }
  while (at.arrived - before < sent)
    std::this_thread::sleep_for(std::chrono::microseconds{20});
  return static_cast<double>(sent) / (wall_us() - start);
}

double median(std::vector<double> xs) {
  std::sort(xs.begin(), xs.end());
  return xs[xs.size() / 2];
}
quantiles median(std::vector<quantiles> xs) {
  std::sort(xs.begin(), xs.end(), [](const auto& a, const auto& b) { return a.p50_us < b.p50_us; });
  return xs[xs.size() / 2];
}

}  // namespace

std::string measure_links(const link_options& options, link_report& report) {
  const auto left = protocol::key_pair::from_secret({{1}}),
             right = protocol::key_pair::from_secret({{2}});
  bench_end near{left, right.identity}, far{right, left.identity};
  for (auto* x : {&near, &far})
    if (const auto why = x->start())
      return *why;
  near.end.dial(right.identity, {{"127.0.0.1", far.end.port()}});
  if (!near.wait() || !far.wait())
    return "the link does not come up";
  for (const std::size_t size : {std::size_t{100}, std::size_t{10'000}, std::size_t{1} << 20}) {
    std::vector<quantiles> raw, link;
    std::vector<double> raw_rates, link_rates, unmasked_rates;
    for (std::uint32_t i = 0; i < options.rounds; ++i) {
      auto plain = measure_raw_tls(left, right, size, options.seconds);
      report.cipher = plain.cipher;
      raw.push_back(quantiles_of(std::move(plain.round_trips_us)));
      raw_rates.push_back(plain.mb_per_s);
      if (!round_trips(near, size, options.seconds))
        return "a round trip over the link takes more than a minute";
      link.push_back(quantiles_of(near.times));
      link_rates.push_back(stream(near, right.identity, far, size, options.seconds));
      unmasked_rates.push_back(stream(far, left.identity, near, size, options.seconds));
    }
    report.rows.push_back({size, median(raw), median(link), median(raw_rates), median(link_rates),
                           median(unmasked_rates)});
  }
  return {};
}

}  // namespace datagen::bench
