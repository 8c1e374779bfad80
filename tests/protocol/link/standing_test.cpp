#include "protocol/link/standing.hpp"

using namespace datagen::protocol::link;

namespace {
constexpr standing_rules rules{.ban_points = 100,
                               .decay_ms = 1'000,
                               .ban_ms = 10'000,
                               .ban_max_ms = 35'000,
                               .forget_ms = 100'000};
}

TEST_CASE("standing: what only malice does is a ban at once, what a network does never is") {
  CHECK(is_banned(after({}, refusal::replayed_frame, 50, rules), 50));
  standing x;
  for (int i = 0; i < 1'000; ++i)
    x = after(x, refusal::idle, 50, rules);
  CHECK(x.points == 0);
  for (std::size_t i = 0; i < refusals; ++i)
    CHECK(points_of(static_cast<refusal>(i)) <= rules.ban_points);
}

TEST_CASE("standing: small offences add up, and time takes them away, step by step") {
  standing x;
  for (int i = 0; i < 9; ++i)
    x = after(x, refusal::not_tls, 1'000, rules);
  CHECK(x.points == 90);
  CHECK(!is_banned(x, 1'000));
  CHECK(is_banned(after(x, refusal::not_tls, 1'000, rules), 1'000));
  x = after(x, refusal::idle, 1'000 + 5'500, rules);
  CHECK(x.points == 85);
  x = after(x, refusal::idle, 1'000 + 6'000, rules);  // the half step was not lost
  CHECK(x.points == 84);
  CHECK(after(x, refusal::idle, 0, rules).points == 84);  // a clock that goes backwards
}

TEST_CASE("standing: each further ban is twice as long up to the most, until they are forgotten") {
  standing x;
  std::uint64_t now = 5;
  for (const std::uint64_t length : {10'000, 20'000, 35'000, 35'000}) {
    x = after(x, refusal::over_credit, now, rules);
    CHECK(x.banned_until_ms == now + length);
    CHECK(is_banned(x, now + length - 1));
    CHECK(!is_banned(x, now + length));
    now += length;
  }
  CHECK(!is_clean(x, now, rules));
  now += rules.forget_ms + 1;
  CHECK(is_clean(x, now, rules));
  CHECK(after(x, refusal::over_credit, now, rules).banned_until_ms == now + 10'000);
}

TEST_CASE("standing: decay over any cut of the time is decay over the whole of it") {
  std::mt19937_64 dice{13};
  for (int i = 0; i < 2'000; ++i) {
    const standing start{.points = static_cast<std::uint32_t>(dice() % 99), .counted_ms = 1'000};
    const std::uint64_t end = 1'000 + dice() % 120'000;
    auto cut = start;
    for (std::uint64_t now = 1'000; now < end; now += 1 + dice() % 3'000)
      cut = after(cut, refusal::idle, now, rules);
    cut = after(cut, refusal::idle, end, rules);
    CHECK(cut.points == after(start, refusal::idle, end, rules).points);
  }
}
