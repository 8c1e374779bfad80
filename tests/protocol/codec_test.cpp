#include "protocol/codec.hpp"

using namespace datagen::protocol;

namespace {
enum class colour : std::uint8_t { red = 0, green = 1 };
constexpr colour max_value(colour) { return colour::green; }
struct sample {
  std::uint32_t number = 0;
  bytes blob;
  std::optional<std::string> name;
  std::map<std::uint16_t, colour> colours;
  friend bool operator==(const sample&, const sample&) = default;
};
template <class Archive>
void describe(Archive& ar, sample& x) {
  ar(x.number, x.blob, x.name, x.colours);
}
}  // namespace

TEST_CASE("codec: integers are big-endian and lengths explicit") {
  CHECK(to_hex(encode(std::uint16_t{0x0102}, bytes{9, 8})) == "0102" "00000002" "0908");
  CHECK(to_hex(encode(uint128{1})) == "00000000000000000000000000000001");
}

TEST_CASE("codec: what decodes re-encodes to the same bytes, and nothing else decodes") {
  const sample x{7, {1, 2, 3}, "abc", {{1, colour::red}, {4, colour::green}}};
  const auto good = encode(x);
  REQUIRE(decode<sample>(good) == x);
  std::mt19937 random{2};
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    auto mutated = good;
    mutated[random() % mutated.size()] = static_cast<std::uint8_t>(random());
    if (random() % 4 == 0)
      mutated.resize(random() % (mutated.size() + 3));
    if (auto y = decode<sample>(mutated)) {
      ++accepted;
      CHECK(encode(*y) == mutated);
    }
  }
  CHECK(accepted > 100);
}

TEST_CASE("codec: a count larger than the bytes left is refused before it allocates") {
  CHECK_FALSE(decode<std::vector<std::uint64_t>>(encode(std::uint32_t{0xffffffff})));
  CHECK_FALSE(decode<bytes>(encode(std::uint32_t{0xffffffff})));
}

TEST_CASE("codec: unknown enumerators, unsorted keys and loose booleans do not decode") {
  CHECK_FALSE(decode<colour>(bytes{2}));
  CHECK_FALSE(decode<bool>(bytes{2}));
  CHECK_FALSE(decode<std::set<std::uint8_t>>(bytes{0, 0, 0, 2, 5, 5}));
}
