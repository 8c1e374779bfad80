#include "protocol/link/frame.hpp"

using namespace datagen::protocol;
using namespace datagen::protocol::link;

TEST_CASE("frame: the header is the canonical encoding of number and kind") {
  CHECK(to_hex(header_of(0x0102030405060708, frame_kind::message)) == "010203040506070802");
  std::mt19937_64 dice{3};
  for (int i = 0; i < 10'000; ++i) {
    const frame_header x{dice(), static_cast<frame_kind>(dice() % 6)};
    const auto raw = header_of(x.number, x.kind);
    CHECK(bytes(raw.begin(), raw.end()) == encode(x));
    CHECK(read_frame(raw)->header == x);
  }
}

TEST_CASE("frame: what follows the header is the body, unread") {
  auto data = encode(frame_header{7, frame_kind::piece});
  data.insert(data.end(), {1, 2, 3});
  const auto x = read_frame(data);
  REQUIRE(x);
  CHECK(x->header == frame_header{7, frame_kind::piece});
  CHECK(bytes(x->body.begin(), x->body.end()) == bytes{1, 2, 3});
}

TEST_CASE("frame: one that is too short or of an unknown kind is none") {
  const auto whole = encode(frame_header{7, frame_kind::records});
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(!read_frame(byte_view{whole}.first(size)));
  auto unknown = whole;
  unknown.back() = static_cast<std::uint8_t>(max_value(frame_kind{})) + 1;
  CHECK(!read_frame(unknown));
}

TEST_CASE("frame: of any sequence of numbers only 0, 1, 2 and so on is taken") {
  frame_count in;
  CHECK(in.take(0) == refusal::none);
  CHECK(in.take(0) == refusal::replayed_frame);
  CHECK(in.take(2) == refusal::reordered_frame);
  CHECK(in.take(1) == refusal::none);
  std::mt19937_64 dice{5};
  frame_count random;
  std::uint64_t next = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto number = next + dice() % 3 - 1;
    const auto said = random.take(number);
    CHECK(said == (number == next ? refusal::none
                   : number + 1 == next || next == 0
                     ? (number < next ? refusal::replayed_frame : refusal::reordered_frame)
                     : refusal::reordered_frame));
    next += said == refusal::none ? 1 : 0;
  }
  CHECK(next > 1'000);
}

TEST_CASE("refusal: every reason has a name of its own") {
  std::set<std::string> names;
  for (std::size_t i = 0; i < refusals; ++i)
    names.insert(to_string(static_cast<refusal>(i)));
  CHECK(names.size() == refusals);
  CHECK(names.count("unknown") == 0);
}
