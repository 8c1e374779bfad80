#include "tests/support/packet_paths.hpp"

#include <doctest/doctest.h>

using namespace datagen::test_support;
using namespace std::chrono_literals;

namespace {

constexpr packet_paths::moment start{};

/// How many of `count` packets from host 0 to host 1, all sent at once, have arrived within a
/// second.
std::size_t arriving(packet_paths& net, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    net.send(0, {1, std::to_string(i)}, start);
  std::size_t result = 0;
  while (net.arrived(start + 1s))
    ++result;
  return result;
}

}  // namespace

TEST_CASE("packet_paths: a packet arrives after its delay, and not before") {
  packet_paths net{2, 1};
  net.set(0, 1, {.delay = 30ms});
  CHECK(!net.next_arrival());
  net.send(1, {0, "there"}, start);
  CHECK(net.next_arrival() == start + 30ms);
  CHECK(!net.arrived(start + 29ms));
  const auto there = net.arrived(start + 30ms);
  REQUIRE(there);
  CHECK(there->to == 0);
  CHECK(there->bytes == "there");
  CHECK(!net.arrived(start + 1s));
}

TEST_CASE("packet_paths: jitter adds up to its size, and no packet overtakes another") {
  packet_paths net{2, 1};
  net.set(0, 1, {.delay = 10ms, .jitter = 5ms});
  auto latest = start;
  for (int i = 0; i < 100; ++i)
    net.send(0, {1, std::to_string(i)}, start);
  for (int i = 0; i < 100; ++i) {
    const auto next = net.next_arrival();
    REQUIRE(next);
    CHECK(*next >= std::max(latest, start + 10ms));
    CHECK(*next <= start + 15ms);
    latest = *next;
    CHECK(net.arrived(latest)->bytes == std::to_string(i));
  }
  CHECK(latest > start + 12ms);
}

TEST_CASE("packet_paths: its share of the packets is lost, the same ones from the same seed") {
  const auto passed = [](std::uint64_t seed) {
    packet_paths net{2, seed};
    net.set(0, 1, {.loss_permille = 100});
    const auto result = arriving(net, 1'000);
    CHECK(net.counts().lost + net.counts().passed == 1'000);
    CHECK(net.counts().passed == result);
    return result;
  };
  CHECK(passed(7) > 850);
  CHECK(passed(7) < 950);
  CHECK(passed(7) == passed(7));
}

TEST_CASE("packet_paths: nothing crosses a cut, others are not touched, and it can be healed") {
  packet_paths net{3, 1};
  net.set(0, 1, {.cut = true});
  CHECK(arriving(net, 10) == 0);
  CHECK(net.counts().cut == 10);
  net.send(0, {2, "past it"}, start);
  CHECK(net.arrived(start));
  net.set(0, 1, {});
  CHECK(arriving(net, 10) == 10);
}

TEST_CASE("packet_paths: a crowded direction drops what is too much, the way back stays free") {
  packet_paths net{2, 1};
  net.set(0, 1, {.delay = 1ms});
  CHECK(arriving(net, packet_paths::under_way_max + 5) == packet_paths::under_way_max);
  CHECK(net.counts().crowded_out == 5);
  net.send(1, {0, "back"}, start);
  CHECK(net.arrived(start + 1ms));
}
