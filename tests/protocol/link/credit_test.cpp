#include "protocol/link/credit.hpp"

using namespace datagen::protocol::link;

TEST_CASE("credit: a sender spends what was granted and no more") {
  credit_to_spend out{100};
  CHECK(out.covers(100));
  CHECK(!out.covers(101));
  out.spend(60);
  CHECK(!out.covers(41));
  CHECK(out.granted(60));
  CHECK(out.covers(100));
}

TEST_CASE("credit: a grant of nothing or beyond the window is refused and changes nothing") {
  credit_to_spend out{100};
  CHECK(!out.granted(1));
  out.spend(10);
  CHECK(!out.granted(0));
  CHECK(!out.granted(11));
  CHECK(!out.granted(~std::uint64_t{0}));
  CHECK(out.left() == 90);
}

TEST_CASE("credit: a receiver refuses what it did not grant") {
  credit_granted in{100};
  CHECK(in.received(100));
  CHECK(!in.received(1));
  CHECK(in.consumed(24) == 0);
  CHECK(!in.received(1));  // consumed, but not granted yet
  CHECK(in.consumed(1) == 25);
  CHECK(in.received(25));
}

TEST_CASE("credit: an honest pair never breaks the promise and never stands still") {
  std::mt19937_64 dice{9};
  for (int round = 0; round < 200; ++round) {
    const std::uint64_t window = 16 + dice() % 1000;
    const auto frame_max = static_cast<std::uint32_t>(1 + dice() % (window / 2));
    REQUIRE(window_fits(window, frame_max));
    credit_to_spend out{window};
    credit_granted in{window};
    std::vector<std::uint64_t> held;
    std::uint64_t sent = 0, consumed = 0;
    for (int i = 0; i < 500; ++i) {
      const auto frame = 1 + dice() % frame_max;
      if (out.covers(frame)) {
        out.spend(frame);
        REQUIRE(in.received(frame));
        held.push_back(frame);
        sent += frame;
      }
      CHECK(sent - consumed <= window);  // what the receiver must hold
      if (!held.empty() && dice() % 2 == 0) {
        consumed += held.back();
        if (const auto grant = in.consumed(held.back()))
          REQUIRE(out.granted(grant));
        held.pop_back();
      }
    }
    for (const auto x : held)
      if (const auto grant = in.consumed(x))
        REQUIRE(out.granted(grant));
    CHECK(out.covers(frame_max));  // all taken: the largest frame may go
  }
}
