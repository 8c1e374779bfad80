#include "protocol/link/hello.hpp"

#include "protocol/crypto/hash.hpp"

using namespace datagen::protocol;
using namespace datagen::protocol::link;

namespace {

const key_pair certificate = key_pair::from_secret({{1}});
const key_pair second = key_pair::from_secret({{2}});
const digest channel = hash("test-channel");

hello plain() {
  return {.genesis = hash("test-genesis"),
          .heavy = hash("test-heavy"),
          .fast = hash("test-fast"),
          .life = {1'700'000'000'000, hash("test-life")},
          .window_bytes = 1 << 20,
          .frame_bytes_max = 1 << 16};
}
identity_proof proof(const key_pair& key, const digest& on, end speaker = end::dialler) {
  const auto x =
    identity_statement(plain().genesis, on, speaker, certificate.identity, key.identity);
  return {key.identity, sign(key, x.view())};
}
refusal verdict(const hello& theirs) {
  return check(plain(), theirs, channel, end::dialler, certificate.identity);
}

}  // namespace

TEST_CASE("hello: two nodes agree on the newest version both speak, whoever asks") {
  CHECK(agreed_version({1, 1}, {1, 1}) == 1);
  CHECK(agreed_version({1, 2}, {2, 3}) == 2);  // N and N-1
  CHECK(agreed_version({1, 3}, {1, 2}) == 2);
  CHECK(!agreed_version({1, 1}, {2, 3}));  // N and N-2
  std::mt19937 dice{7};
  for (int i = 0; i < 10'000; ++i) {
    const auto range = [&] {
      const auto oldest = static_cast<std::uint16_t>(1 + dice() % 8);
      return version_range{oldest, static_cast<std::uint16_t>(oldest + dice() % 4)};
    };
    const auto a = range(), b = range();
    const auto x = agreed_version(a, b);
    CHECK(x == agreed_version(b, a));
    std::optional<std::uint16_t> expected;
    for (std::uint16_t v = 1; v < 16; ++v)
      if (v >= a.oldest && v <= a.newest && v >= b.oldest && v <= b.newest)
        expected = v;
    CHECK(x == expected);
  }
}

TEST_CASE("hello: a node of the same network is let in, and one of another is told why not") {
  CHECK(verdict(plain()) == refusal::none);
  auto x = plain();
  x.versions = {2, 3};
  CHECK(verdict(x) == refusal::wrong_version);
  x = plain();
  x.genesis = hash("other");
  CHECK(verdict(x) == refusal::wrong_genesis);
  x = plain();
  x.fast = hash("other");
  CHECK(verdict(x) == refusal::wrong_chain);
  x = plain();
  std::swap(x.heavy, x.fast);
  CHECK(verdict(x) == refusal::wrong_chain);
}

TEST_CASE("hello: a further identity holds on its own channel, end and certificate only") {
  auto x = plain();
  x.also = {proof(second, channel)};
  CHECK(verdict(x) == refusal::none);
  x.also = {proof(second, hash("another channel"))};  // a replayed hello
  CHECK(verdict(x) == refusal::bad_proof);
  x.also = {proof(second, channel, end::listener)};  // reflected
  CHECK(verdict(x) == refusal::bad_proof);
  x.also = {proof(second, channel)};
  CHECK(check(plain(), x, channel, end::dialler, second.identity) == refusal::bad_proof);
  x.also[0].key = certificate.identity;  // signed by somebody else
  CHECK(verdict(x) == refusal::bad_proof);
}

TEST_CASE("hello: bytes are pinned, and those of the next version still decode") {
  const auto data = encode(plain());  // the digest is computed outside this program
  CHECK(data.size() == 160);
  CHECK(to_hex(sha256(data)).substr(0, 16) == "826545fbe2d34fe6");
  auto later = plain();
  later.versions = {1, 2};
  later.later = bytes(hello_later_max, 7);
  later.also.assign(hello_proofs_max, identity_proof{});
  const auto most = encode(later);
  CHECK(most.size() <= hello_bytes_max);
  CHECK(decode<hello>(most) == later);
}

TEST_CASE("hello: one with empty ranges, no window or too much in it does not decode") {
  const auto decodes = [](auto change) {
    auto x = plain();
    change(x);
    return decode<hello>(encode(x)).has_value();
  };
  CHECK(decodes([](hello&) {}));
  CHECK(!decodes([](hello& x) { x.versions = {2, 1}; }));
  CHECK(!decodes([](hello& x) { x.versions = {0, 1}; }));
  CHECK(!decodes([](hello& x) { x.window_bytes = 0; }));
  CHECK(!decodes([](hello& x) { x.frame_bytes_max = 0; }));
  CHECK(!decodes([](hello& x) { x.also.resize(hello_proofs_max + 1); }));
  CHECK(!decodes([](hello& x) { x.later.resize(hello_later_max + 1); }));
}

TEST_CASE("hello: random bytes never decode to anything that encodes otherwise") {
  std::mt19937 dice{11};
  const auto good = encode(plain());
  for (int i = 0; i < 20'000; ++i) {
    auto data = good;
    for (std::uint32_t flips = 1 + dice() % 4; flips > 0; --flips)
      data[dice() % data.size()] = static_cast<std::uint8_t>(dice());
    data.resize(dice() % 8 == 0 ? dice() % data.size() : data.size());
    if (const auto x = decode<hello>(data))
      CHECK(encode(*x) == data);
  }
}

TEST_CASE("hello: a later life of a key takes its link over, an older one and a twin do not") {
  const incarnation live{1'000, hash("a")};
  CHECK(takes_over(live, {1'001, hash("b")}));
  CHECK(takes_over(live, live));  // the same run, whose connection broke unseen
  CHECK(!takes_over(live, {1'000, hash("b")}));
  CHECK(!takes_over(live, {999, hash("b")}));
}

TEST_CASE("hello: of two connections dialled at once exactly one stays") {
  CHECK(prevails(certificate.identity, second.identity) !=
        prevails(second.identity, certificate.identity));
  CHECK(!prevails(second.identity, second.identity));
}
