#include "protocol/crypto/coin/dealer.hpp"
#include "protocol/crypto/coin/scalar.hpp"
#include "protocol/crypto/hash.hpp"

#include <doctest/doctest.h>
#include <random>

using namespace datagen::protocol;

namespace {

const std::vector<std::shared_ptr<const coin_group>> groups{openssl_coin_group(),
                                                            cryptopp_coin_group()};

byte_view view_of(std::string_view x) {
  return {reinterpret_cast<const std::uint8_t*>(x.data()), x.size()};
}

template <class T>
T hex(std::string_view x) {
  return fixed_from_hex<T>(x).value();
}

}  // namespace

TEST_CASE("coin: RFC 9381 appendix B.1's first proof comes out bit for bit, on both back ends") {
  const auto secret =
    hex<coin_scalar>("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
  const auto key =
    hex<coin_point>("0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
  for (const auto& group : groups) {
    CAPTURE(group->name());
    CHECK(group->secret_base(secret, 12345) == key);
    CHECK(to_hex(coin_hash_to_curve(*group, key, view_of("sample"))) ==
          "0272a877532e9ac193aff4401234266f59900a4a9e3fc3cfc6a4b7e467a15d06d4");
    const auto share = make_share(*group, key, secret, view_of("sample"), {});
    CHECK(
      to_hex(to_bytes(share)) ==
      "035b5c726e8c0e2c488a107c600578ee75cb702343c153cb1eb8dec77f4b5071b4a53f0a46f018bc2c56e58d3"
      "83f2305e0975972c26feea0eb122fe7893c15af376b33edf7de17c6ea056d4d82de6bc02f");
    CHECK(to_hex(coin_value(share.gamma)) ==
          "a3ad7b0ef73d8fc6655053ea22f9bede8c743f08bbed3d38821f0e16474b505e");
    CHECK(verify_share(*group, key, key, view_of("sample"), share));
  }
}

TEST_CASE("coin: every three of four shares of the toy polynomial make the known value") {
  const std::vector<coin_scalar> polynomial{scalar_of(123456789), scalar_of(5), scalar_of(11)};
  for (const auto& group : groups) {
    CAPTURE(group->name());
    const auto dealt = deal(*group, 4, polynomial);
    CHECK(to_hex(dealt.keys.group) ==
          "02fb50388f29498d0a93ad25ec4c34037b9d3cc3cca4787eb6fedabe2b3003eac8");
    numbered_shares all;
    for (std::uint16_t i = 0; i < 4; ++i)
      all.emplace_back(i,
                       make_share(*group, dealt.keys.group, dealt.secrets[i], view_of("test"), {}));
    for (std::uint16_t without = 0; without < 4; ++without) {
      auto three = all;
      three.erase(three.begin() + without);
      std::shuffle(three.begin(), three.end(), std::mt19937{without});
      const auto value = combine_shares(*group, dealt.keys, three);
      REQUIRE(value);
      CHECK(to_hex(*value) == "3a1f8078935704aa3b38968f484f5da414f10cb1ac9ebcc25e0ff5df51f0bb5d");
    }
    CHECK_FALSE(combine_shares(*group, dealt.keys, {all[0], all[1]}));
  }
}

TEST_CASE("coin: both back ends make the same bytes, and each accepts the other's") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (int round = 0; round < 5; ++round) {
    const auto secret_seed = hash("test", random());
    const auto a = deal(*groups[0], 7, 5, secret_seed);
    const auto b = deal(*groups[1], 7, 5, secret_seed);
    CHECK(a.keys == b.keys);
    CHECK(a.secrets == b.secrets);
    const auto alpha = coin_input("coin", hash("chain"), 3, random());
    const auto entropy = hash("entropy", random());
    numbered_shares shares;
    for (std::uint16_t i = 0; i < 7; ++i) {
      const auto x = make_share(*groups[0], a.keys.group, a.secrets[i], alpha, entropy.view());
      CHECK(x == make_share(*groups[1], a.keys.group, a.secrets[i], alpha, entropy.view()));
      CHECK(verify_share(*groups[1], a.keys.group, a.keys.shares[i], alpha, x));
      CHECK(coin_share_from(to_bytes(x)) == x);
      shares.emplace_back(i, x);
    }
    std::shuffle(shares.begin(), shares.end(), random);
    const auto value = combine_shares(*groups[0], a.keys, shares);
    CHECK(value == combine_shares(*groups[1], a.keys, shares));
    std::shuffle(shares.begin(), shares.end(), random);
    CHECK(value == combine_shares(*groups[0], a.keys, shares));
  }
}

TEST_CASE(
  "coin: sums with small, negative, zero and large weights are the same on both back ends, infinity "
  "included") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  const auto drawn = [&] { return reduce(hash("weight", random()).view()); };
  for (int round = 0; round < 200; ++round) {
    std::vector<coin_point> points;
    std::vector<coin_scalar> weights;
    for (std::size_t i = 0, n = 1 + random() % 4; i < n; ++i) {
      // Now and then the same point twice, or one that cancels another.
      points.push_back(i > 0 && random() % 4 == 0 ? points[0]
                                                  : *groups[0]->secret_base(drawn(), random()));
      const auto size = scalar_of(random() >> (random() % 32));
      weights.push_back(round % 5 == 0   ? drawn()
                        : random() % 2   ? size
                        : random() % 8   ? negate(size)
                        : i == 0         ? coin_scalar{}
                                         : negate(weights[0]));
    }
    CHECK(groups[0]->sum(points, weights) == groups[1]->sum(points, weights));
  }
  const auto one = *groups[0]->secret_base(scalar_of(7), 1);
  for (const auto& group : groups) {
    CHECK_FALSE(group->sum(std::vector{one, one}, std::vector{scalar_of(3), negate(scalar_of(3))}));
    CHECK_FALSE(group->sum(std::vector{one}, std::vector{coin_scalar{}}));
  }
}

TEST_CASE("coin: a hedged nonce changes the proof, never the value") {
  const auto dealt = deal(*groups[0], 4, 3, hash("seed"));
  const auto x = make_share(*groups[0], dealt.keys.group, dealt.secrets[0], view_of("a"), {});
  const auto y =
    make_share(*groups[0], dealt.keys.group, dealt.secrets[0], view_of("a"), hash("noise").view());
  CHECK(x.gamma == y.gamma);
  CHECK(x.response != y.response);
  CHECK(verify_share(*groups[0], dealt.keys.group, dealt.keys.shares[0], view_of("a"), y));
}

TEST_CASE("coin: a share of another secret, input, salt or author does not verify") {
  for (const auto& group : groups) {
    CAPTURE(group->name());
    const auto dealt = deal(*group, 4, 3, hash("seed"));
    const auto& keys = dealt.keys;
    const auto share = make_share(*group, keys.group, dealt.secrets[0], view_of("a"), {});
    CHECK(verify_share(*group, keys.group, keys.shares[0], view_of("a"), share));
    CHECK_FALSE(verify_share(*group, keys.group, keys.shares[1], view_of("a"), share));
    CHECK_FALSE(verify_share(*group, keys.group, keys.shares[0], view_of("b"), share));
    CHECK_FALSE(verify_share(*group, keys.shares[0], keys.shares[0], view_of("a"), share));
    // Right proof of a wrong Gamma: the cheat that a missing V would let through.
    auto foreign = share;
    foreign.gamma = make_share(*group, keys.group, dealt.secrets[1], view_of("a"), {}).gamma;
    CHECK_FALSE(verify_share(*group, keys.group, keys.shares[0], view_of("a"), foreign));
  }
}

TEST_CASE("coin: every flipped bit of a share is refused, on both back ends") {
  const auto dealt = deal(*groups[0], 4, 3, hash("seed"));
  const auto good =
    to_bytes(make_share(*groups[0], dealt.keys.group, dealt.secrets[0], view_of("a"), {}));
  for (std::size_t bit = 0; bit < 8 * good.size(); bit += 3) {
    auto raw = good;
    raw[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    const auto share = coin_share_from(raw).value();
    for (const auto& group : groups)
      CHECK_FALSE(
        verify_share(*group, dealt.keys.group, dealt.keys.shares[0], view_of("a"), share));
  }
  CHECK_FALSE(coin_share_from(byte_view{good}.first(80)));
}

TEST_CASE(
  "coin: a response that is not reduced, and points without a canonical encoding, are refused") {
  const auto order =
    hex<coin_scalar>("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  CHECK_FALSE(reduced(order));
  CHECK(reduce(order.view()) == coin_scalar{});
  for (const auto& group : groups) {
    CAPTURE(group->name());
    const auto dealt = deal(*group, 4, 3, hash("seed"));
    auto share = make_share(*group, dealt.keys.group, dealt.secrets[0], view_of("a"), {});
    share.response = order;  // 0 written differently
    CHECK_FALSE(verify_share(*group, dealt.keys.group, dealt.keys.shares[0], view_of("a"), share));
    // x = 5 is on the curve; x = p + 5 fits 32 bytes and must not be read as 5.
    CHECK(group->valid(
      hex<coin_point>("020000000000000000000000000000000000000000000000000000000000000005")));
    CHECK_FALSE(group->valid(
      hex<coin_point>("02ffffffff00000001000000000000000000000001000000000000000000000004")));
    CHECK_FALSE(group->valid(coin_point{}));  // infinity
    CHECK_FALSE(group->valid(
      hex<coin_point>("040000000000000000000000000000000000000000000000000000000000000005")));
  }
}

TEST_CASE("coin: published keys belong to one polynomial, or are refused") {
  for (const auto& group : groups) {
    CAPTURE(group->name());
    for (const auto& [n, t] : {std::pair{4, 3}, {7, 5}, {5, 5}, {4, 1}}) {
      const auto dealt =
        deal(*group, static_cast<std::uint16_t>(n), static_cast<std::uint16_t>(t), hash("seed", n));
      CHECK(consistent(*group, dealt.keys));
      const auto other = deal(*group, 1, 1, hash("other")).keys.group;
      for (int i = 0; i < n; ++i) {
        auto changed = dealt.keys;
        changed.shares[static_cast<std::size_t>(i)] = other;
        CHECK_FALSE(consistent(*group, changed));
      }
      auto changed = dealt.keys;
      changed.group = other;
      CHECK_FALSE(consistent(*group, changed));
      changed = dealt.keys;
      ++changed.threshold;  // a polynomial of lower degree is one of higher degree too …
      if (changed.threshold <= n)
        CHECK(consistent(*group, changed));
      changed.threshold = static_cast<std::uint16_t>(t - 1);  // … but not the other way round
      CHECK_FALSE(consistent(*group, changed));
    }
  }
}
