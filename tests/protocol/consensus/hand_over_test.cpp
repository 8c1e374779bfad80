#include "protocol/consensus/hand_over.hpp"

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

namespace {

key_pair key_of(std::uint8_t number) {
  secret_key secret;
  secret.value.fill(number);
  return key_pair::from_secret(secret);
}

roster roster_of(std::uint32_t epoch, std::uint8_t first_key) {
  roster result{hash("chain"), epoch, {}, {}, {}};
  for (std::uint8_t i = 0; i < 4; ++i) {
    result.authors.push_back(key_of(static_cast<std::uint8_t>(first_key + i)).identity);
    result.ids.push_back(i);
  }
  return result;
}

hand_over from_to(const roster& serving, std::uint8_t first_key, const roster& next,
                  std::uint16_t signers = 3) {
  hand_over result{{{serving.chain, serving.epoch, 9, hash("block"), hash("state"),
                     digest_of(next)}, {}}, next};
  for (std::uint16_t i = 0; i < signers; ++i)
    result.last.signatures.emplace_back(
      i, sign_finality(result.last.statement, key_of(static_cast<std::uint8_t>(first_key + i))).sig);
  return result;
}

}  // namespace

TEST_CASE("hand_over: q of the serving committee make the roster they name trusted, nobody else does") {
  const signature_checker strict;
  const auto serving = roster_of(3, 1), next = roster_of(4, 20), other = roster_of(4, 40);
  CHECK(check(from_to(serving, 1, next), serving, strict) == hand_over_check::ok);
  CHECK(check(from_to(serving, 1, next, 2), serving, strict) == hand_over_check::bad_certificate);
  CHECK(check(from_to(serving, 20, next), serving, strict) == hand_over_check::bad_certificate);
  auto swapped = from_to(serving, 1, next);
  swapped.next = other;
  CHECK(check(swapped, serving, strict) == hand_over_check::not_named);
  auto reordered = from_to(serving, 1, next);
  std::swap(reordered.next.ids[0], reordered.next.ids[1]);
  CHECK(check(reordered, serving, strict) == hand_over_check::not_named);
}

TEST_CASE("hand_over: an epoch cannot be skipped, repeated, or taken from another chain") {
  const signature_checker strict;
  const auto serving = roster_of(3, 1);
  for (const std::uint32_t epoch : {2, 3, 5})
    CHECK(check(from_to(serving, 1, roster_of(epoch, 20)), serving, strict) ==
          hand_over_check::wrong_epoch);
  auto elsewhere = roster_of(4, 20);
  elsewhere.chain = hash("other chain");
  CHECK(check(from_to(serving, 1, elsewhere), serving, strict) == hand_over_check::wrong_epoch);
}

TEST_CASE("roster: any two quorums share a correct author, for every size from 4 to 20") {
  for (std::size_t n = 4; n <= 20; ++n) {
    roster x;
    x.authors.resize(n);
    CHECK(2 * x.quorum() - n >= x.faults() + 1);  // two quorums overlap in more than f authors
    CHECK(x.quorum() <= n - x.faults());          // and one forms without the faulty ones
  }
}
