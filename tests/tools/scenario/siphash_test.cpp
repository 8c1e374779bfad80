// Known answers of the reference implementation (key 00 01 … 0f, message 00 01 …).
#include "tools/scenario/siphash.hpp"

#include "protocol/codec.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::scenario;

namespace {

constexpr siphash_key known_key{0x0706050403020100, 0x0f0e0d0c0b0a0908};

protocol::bytes counting(std::size_t size) {
  protocol::bytes result(size);
  for (std::size_t i = 0; i < size; ++i)
    result[i] = static_cast<std::uint8_t>(i);
  return result;
}

}  // namespace

TEST_CASE("siphash: known answers come out, however the message is cut into parts") {
  const std::vector<std::pair<std::size_t, siphash_tag>> known{
    {0, {0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6, 0x6d, 0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93}},
    {7, {0xa1, 0xf1, 0xeb, 0xbe, 0xd8, 0xdb, 0xc1, 0x53, 0xc0, 0xb8, 0x4a, 0xa6, 0x1f, 0xf0, 0x82, 0x39}},
    {8, {0x3b, 0x62, 0xa9, 0xba, 0x62, 0x58, 0xf5, 0x61, 0x0f, 0x83, 0xe2, 0x64, 0xf3, 0x14, 0x97, 0xb4}},
    {63, {0x51, 0x50, 0xd1, 0x77, 0x2f, 0x50, 0x83, 0x4a, 0x50, 0x3e, 0x06, 0x9a, 0x97, 0x3f, 0xbd, 0x7c}}};
  for (const auto& [size, tag] : known) {
    CAPTURE(size);
    const auto message = counting(size);
    const protocol::byte_view all{message};
    CHECK(siphash(known_key, {all}) == tag);
    for (std::size_t cut = 0; cut <= size; ++cut)
      CHECK(siphash(known_key, {all.first(cut), all.subspan(cut)}) == tag);
  }
}
