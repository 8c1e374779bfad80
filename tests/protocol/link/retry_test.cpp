#include "protocol/link/retry.hpp"

using namespace datagen::protocol;
using namespace datagen::protocol::link;

TEST_CASE("retry: waits double up to the most, with up to half of jitter") {
  const retry_rules rules{.min_ms = 100, .max_ms = 5'000};
  std::mt19937_64 dice{17};
  for (int i = 0; i < 2'000; ++i) {
    const auto attempt = static_cast<std::uint32_t>(dice() % 70);
    const auto most = attempt >= 6 ? 5'000 : 100ULL << attempt;
    const auto wait = retry_ms(rules, dice(), {{9}}, attempt);
    CHECK(wait <= most);
    CHECK(wait >= most / 2);
  }
}

TEST_CASE("retry: a seed replays its waits, and nodes do not wait alike") {
  const retry_rules rules{.min_ms = 1 << 20, .max_ms = 1 << 30};
  CHECK(retry_ms(rules, 1, {{9}}, 3) == retry_ms(rules, 1, {{9}}, 3));
  std::set<std::uint64_t> waits;
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    waits.insert(retry_ms(rules, seed, {{9}}, 3));
  CHECK(waits.size() > 95);
  CHECK(retry_ms(rules, 1, {{9}}, 3) != retry_ms(rules, 1, {{8}}, 3));
}
