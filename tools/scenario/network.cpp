#include "tools/scenario/network.hpp"

#include "tools/scenario/places.hpp"

#include <algorithm>

namespace datagen::scenario {

namespace {

constexpr std::uint64_t million = 1'000'000;

template <class Do>
void each_way(const parties& from, const parties& to, bool both, Do what) {
  for (const auto& a : from)
    for (const auto& b : to) {
      what(std::pair{a, b});
      if (both)
        what(std::pair{b, a});
    }
}

}  // namespace

network::network(const script& x) : script_(x), dice_(x.seed) {}

std::uint64_t network::jittered(std::uint64_t us) {
  if (script_.jitter_ppm == 0)
    return us;
  // The sum of twelve uniform numbers is nearly normal with sigma 1; in whole millionths, so that
  // every machine has the same run.
  std::int64_t z = -6 * static_cast<std::int64_t>(million);
  for (int i = 0; i < 12; ++i)
    z += static_cast<std::int64_t>(dice_.next() % million);
  const auto add = static_cast<std::int64_t>(us) * (z / 1'000) / 1'000 *
                   static_cast<std::int64_t>(script_.jitter_ppm) /
                   static_cast<std::int64_t>(million);
  return static_cast<std::uint64_t>(std::max<std::int64_t>(static_cast<std::int64_t>(us) + add, 0));
}

const std::string& network::place_of(const party& x) const {
  const auto it = script_.places.find(x);
  return it == script_.places.end() ? script_.place : it->second;
}

std::optional<std::uint64_t> network::delay_us(const peer& from, const peer& to) {
  ++messages_;
  const auto a = party_of(from), b = party_of(to);
  if (!a || !b || *a == *b)
    return 0;  // one host, or who only looks on
  const std::pair way{*a, *b};
  if (cuts_.count(way) != 0 || (script_.loss_ppm > 0 && dice_.next() % million < script_.loss_ppm)) {
    ++lost_;
    return std::nullopt;
  }
  auto& distance = distances_us_[way];
  if (distance == 0)
    distance = between(place_of(*a), place_of(*b)).one_way_us;
  auto result = static_cast<std::int64_t>(jittered(distance));
  for (const auto& x : {*a, *b})
    if (const auto slow = slower_ms_.find(x); slow != slower_ms_.end())
      result += slow->second * 1'000;
  return static_cast<std::uint64_t>(result);
}

void network::apply(const act::cut& x) {
  each_way(x.from, x.to, x.both, [this](const auto& way) { ++cuts_[way]; });
}
void network::apply(const act::mend& x) {
  each_way(x.from, x.to, x.both, [this](const auto& way) {
    if (--cuts_[way] == 0)
      cuts_.erase(way);
  });
}
void network::apply(const act::slow& x) {
  for (const auto& who : x.who)
    slower_ms_[who] += x.by_ms;
}

std::set<std::string> network::modelled() const {
  std::set<std::string> result;
  for (const auto& [way, us] : distances_us_) {
    const auto &a = place_of(way.first), &b = place_of(way.second);
    if (!between(a, b).measured)
      result.insert(std::min(a, b) + " – " + std::max(a, b));
  }
  return result;
}

}  // namespace datagen::scenario
