// What stands in for Ed25519 in a scenario: only the holder of a key pair can sign as it.
#include "tools/scenario/simulated_signatures.hpp"

#include "protocol/crypto/hash.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;
using namespace datagen::scenario;

namespace {

key_pair pair_of(std::uint64_t i) { return key_pair::from_secret({hash("pair", i).value}); }

struct fixture {
  std::shared_ptr<simulated_signatures> scheme = std::make_shared<simulated_signatures>(1);
  key_pair alice = scheme->keep(pair_of(1));
  key_pair mallory = scheme->keep(pair_of(2));
  bytes message{1, 2, 3, 4, 5, 6, 7, 8, 9};
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "simulated signatures: what a key pair signs is its own, and always the same") {
  const auto by = sign(alice, message);
  CHECK(scheme->check(alice.identity, message, by));
  CHECK(sign(alice, message) == by);
  CHECK_FALSE(scheme->check(mallory.identity, message, by));
  CHECK(sign(mallory, message) != by);
}

TEST_CASE_FIXTURE(fixture, "simulated signatures: no bit of message or signature can be changed") {
  const auto by = sign(alice, message);
  for (std::size_t bit = 0; bit < 8 * by.value.size(); ++bit) {
    auto other = by;
    other.value[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    CHECK_FALSE(scheme->check(alice.identity, message, other));
  }
  for (std::size_t bit = 0; bit < 8 * message.size(); ++bit) {
    auto other = message;
    other[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    CHECK_FALSE(scheme->check(alice.identity, other, by));
  }
  auto longer = message;
  longer.push_back(0);
  CHECK_FALSE(scheme->check(alice.identity, longer, by));
  CHECK_FALSE(scheme->check(alice.identity, byte_view{message}.first(8), by));
  CHECK_FALSE(scheme->check(alice.identity, message, signature{}));
}

TEST_CASE_FIXTURE(fixture, "simulated signatures: who holds another secret cannot sign as a key") {
  auto forged = mallory;
  forged.identity = alice.identity;
  CHECK_FALSE(scheme->check(alice.identity, message, sign(forged, message)));
  auto unknown = pair_of(3);
  unknown.in_place = alice.in_place;  // never handed to the scheme
  CHECK_FALSE(scheme->check(unknown.identity, message, sign(unknown, message)));
}

TEST_CASE_FIXTURE(fixture, "simulated signatures: a real one is refused by them, and they by real ones and by another run") {
  const auto by = sign(alice, message);
  CHECK_FALSE(scheme->check(alice.identity, message, sign(pair_of(1), message)));
  CHECK_FALSE(verify(alice.identity, message, by));
  CHECK_FALSE(std::make_shared<simulated_signatures>(2)->check(alice.identity, message, by));
}
