#include "protocol/fast/paid_set.hpp"

#include <doctest/doctest.h>

using namespace datagen::protocol;
using fast::paid_set;

TEST_CASE("paid_set: R8 agrees with a plain set under random orders") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    std::mt19937 random{seed};
    paid_set set;
    std::set<std::uint32_t> plain;
    for (int i = 0; i < 400; ++i) {
      const auto sequence = static_cast<std::uint32_t>(random() % 300);
      CHECK(set.contains(sequence) == plain.contains(sequence));
      if (plain.insert(sequence).second)
        set.insert(sequence);
    }
    std::uint32_t lowest = 1;
    while (plain.contains(lowest))
      ++lowest;
    CHECK(set.lowest_unpaid() == lowest);
    CHECK(decode<paid_set>(encode(set)) == set);
  }
}

TEST_CASE("paid_set: a session paid in order takes one interval, from 0 or from 1") {
  for (std::uint32_t from : {0u, 1u}) {
    paid_set set;
    for (std::uint32_t i = from; i < 5'000; ++i)
      set.insert(i);
    CHECK(set.intervals() == 1);
    CHECK(set.lowest_unpaid() == 5'000);
  }
}

TEST_CASE("paid_set: the window stands on the lowest unpaid sequence and never falls") {
  paid_set set;
  CHECK(set.in_window(fast::paid_window));
  CHECK(!set.in_window(fast::paid_window + 1));
  set.insert(2);
  CHECK(!set.in_window(fast::paid_window + 1));
  set.insert(1);
  CHECK(set.in_window(fast::paid_window + 2));
  CHECK(!set.in_window(fast::paid_window + 3));
}

TEST_CASE("paid_set: the last sequence number can be paid and intervals merge around it") {
  paid_set set;
  set.insert(0xFFFFFFFF);
  set.insert(0xFFFFFFFE);
  CHECK(set.intervals() == 1);
  CHECK(set.contains(0xFFFFFFFF));
  CHECK(!set.contains(0xFFFFFFFD));
  CHECK(set.lowest_unpaid() == 1);
}

TEST_CASE("paid_set: touching, empty or reversed intervals do not decode") {
  using ranges = std::map<std::uint32_t, std::uint32_t>;
  CHECK(decode<paid_set>(encode(ranges{{1, 3}, {5, 5}})));
  CHECK(!decode<paid_set>(encode(ranges{{1, 3}, {4, 5}})));
  CHECK(!decode<paid_set>(encode(ranges{{1, 3}, {2, 5}})));
  CHECK(!decode<paid_set>(encode(ranges{{3, 1}})));
}
