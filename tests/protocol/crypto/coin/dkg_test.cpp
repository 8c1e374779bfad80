#include "protocol/crypto/box.hpp"
#include "protocol/crypto/coin/dealer.hpp"
#include "protocol/crypto/coin/scalar.hpp"
#include "tests/protocol/crypto/coin/dkg_world.hpp"

#include <numeric>

using namespace datagen::protocol;
using dkg::dealing_check, dkg::fast, dkg::groups, dkg::signatures, dkg::world;

namespace {

/// P(0) from the shares of these members.
coin_scalar interpolate(const std::vector<coin_scalar>& shares,
                        const std::vector<std::uint16_t>& who) {
  std::vector<std::uint64_t> places;
  for (const auto j : who)
    places.push_back(std::uint64_t{j} + 1);
  const auto weights = lagrange_at_zero(places);
  coin_scalar result;
  for (std::size_t i = 0; i < who.size(); ++i)
    result = add(result, multiply(weights[i], shares[who[i]]));
  return result;
}

std::vector<std::uint16_t> members(std::uint16_t from, std::size_t count) {
  std::vector<std::uint16_t> result(count);
  std::iota(result.begin(), result.end(), from);
  return result;
}

}  // namespace

TEST_CASE("dkg: with f members silent and f dealers missing, any t secrets make the same coin") {
  for (const std::uint16_t n : {1, 3, 4, 5, 7, 10}) {
    CAPTURE(n);
    const world w{n};
    const auto qual = w.qual();
    for (const auto& d : qual)
      REQUIRE(dkg::check(fast, w.c, d, signatures) == dealing_check::ok);
    const auto keys = dkg::keys_of(fast, w.c, qual);
    REQUIRE(keys);
    CHECK(keys->threshold == w.c.threshold);
    CHECK(consistent(fast, *keys));

    const auto alpha = coin_input("coin", w.c.chain, w.c.epoch, 1);
    numbered_shares all;
    for (std::uint16_t j = 0; j < n; ++j) {
      const auto secret = w.secret(qual, j);
      CHECK(fast.secret_base(secret, 0) == keys->shares[j]);
      all.emplace_back(j, make_share(fast, keys->group, secret, alpha, {}));
      CHECK(verify_share(fast, keys->group, keys->shares[j], alpha, all.back().second));
    }
    std::set<std::optional<digest>> values;
    std::vector<bool> chosen(n);
    std::fill_n(chosen.rbegin(), w.c.threshold, true);
    do {
      numbered_shares some;
      std::copy_if(all.begin(), all.end(), std::back_inserter(some),
                   [&](const auto& x) { return chosen[x.first]; });
      values.insert(combine_shares(fast, *keys, some));
    } while (std::next_permutation(chosen.begin(), chosen.end()));
    CHECK(values.size() == 1);
    CHECK(values.begin()->has_value());
  }
}

TEST_CASE("dkg: both back ends deal, judge and derive the same bytes") {
  for (const std::uint16_t n : {4, 5, 7, 10}) {
    CAPTURE(n);
    const world a{n}, b{n, *groups[1]};
    for (std::uint16_t d = 0; d < n; ++d) {
      CHECK(a.dealt[d].commitments == b.dealt[d].commitments);
      CHECK(a.dealt[d].shares == b.dealt[d].shares);
    }
    const auto qual = a.qual();
    CHECK(encode(qual) == encode(b.qual()));
    for (const auto& d : qual)
      CHECK(dkg::check(*groups[1], a.c, d, signatures) == dealing_check::ok);
    const auto keys = dkg::keys_of(*groups[0], a.c, qual);
    REQUIRE(keys);
    CHECK(keys == dkg::keys_of(*groups[1], a.c, qual));
    CHECK(consistent(*groups[1], *keys));
  }
}

TEST_CASE("dkg: the keys depend on which dealings count, not on their order") {
  const world w{4};
  auto qual = w.qual();
  const auto keys = dkg::keys_of(fast, w.c, qual);
  std::reverse(qual.begin(), qual.end());
  CHECK(keys == dkg::keys_of(fast, w.c, qual));
  auto others = qual;
  others.back() = w.post(0);  // 0 is not in qual
  const auto other_keys = dkg::keys_of(fast, w.c, others);
  REQUIRE(other_keys);
  CHECK(other_keys->group != keys->group);
}

TEST_CASE("dkg: exactly n - f dealings of distinct dealers make keys") {
  const world w{4};
  auto qual = w.qual();
  REQUIRE(dkg::keys_of(fast, w.c, qual));
  CHECK_FALSE(dkg::keys_of(fast, w.c, std::span{qual}.first(2)));
  CHECK_FALSE(dkg::keys_of(fast, w.c, {}));
  auto twice = qual;
  twice[1] = twice[0];
  CHECK_FALSE(dkg::keys_of(fast, w.c, twice));
  qual.push_back(w.post(0));
  CHECK_FALSE(dkg::keys_of(fast, w.c, qual));
}

TEST_CASE("dkg: keys that cancel to infinity are no keys") {
  const world w{4};
  auto qual = w.qual();
  // Nobody can acknowledge this one honestly; the arithmetic must still not invent a point.
  for (std::size_t k = 0; k < 3; ++k) {
    const auto sum =
      fast.combine(qual[0].commitments[k], scalar_of(1), qual[1].commitments[k], scalar_of(1));
    qual[2].commitments[k] = sum.value();
    qual[2].commitments[k].value[0] ^= 1;
  }
  for (const auto& group : groups)
    CHECK_FALSE(dkg::keys_of(*group, w.c, qual));
}

TEST_CASE("dkg: a share fits its member and its polynomial, and no other") {
  const world w{5};
  for (const auto& group : groups) {
    CAPTURE(group->name());
    const auto& [commitments, shares] = w.dealt[1];
    for (std::uint16_t j = 0; j < 5; ++j) {
      CHECK(dkg::share_fits(*group, commitments, j, shares[j]));
      CHECK_FALSE(dkg::share_fits(*group, commitments, j, add(shares[j], scalar_of(1))));
      CHECK_FALSE(dkg::share_fits(*group, commitments, j, shares[(j + 1u) % 5]));
      CHECK_FALSE(dkg::share_fits(*group, w.dealt[2].commitments, j, shares[j]));
    }
    CHECK_FALSE(dkg::share_fits(*group, {}, 0, shares[0]));
    auto off_curve = commitments;
    off_curve[2] = {};
    CHECK_FALSE(dkg::share_fits(*group, off_curve, 0, shares[0]));
    // P(z) = z - 1 is 0 for member 0: nothing that could be told from a bad commitment.
    const std::vector<coin_point> rooted{group->secret_base(negate(scalar_of(1)), 0).value(),
                                         group->secret_base(scalar_of(1), 0).value()};
    CHECK_FALSE(dkg::share_fits(*group, rooted, 0, {}));
    CHECK(dkg::share_fits(*group, rooted, 1, scalar_of(1)));
    // N + 1 is 1 written differently.
    const auto unreduced = fixed_from_hex<coin_scalar>(
      "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552");
    CHECK_FALSE(dkg::share_fits(*group, rooted, 1, unreduced.value()));
  }
}

TEST_CASE("dkg: what 2f colluders see of a polynomial fits other secrets as well") {
  for (const std::uint16_t n : {4, 5, 7, 10}) {
    CAPTURE(n);
    const world w{n};
    const auto t = w.c.threshold;
    const auto seen = 2 * w.c.faults();  // f corrupt members and f revealed shares, say the first
    REQUIRE(seen < t);
    // Z(z) = (z - 1) … (z - 2f) vanishes where they look and has a degree of 2f <= t - 1.
    const auto z_at = [&](std::uint64_t place) {
      auto product = scalar_of(1);
      for (std::uint64_t root = 1; root <= seen; ++root)
        product = multiply(product, add(scalar_of(place), negate(scalar_of(root))));
      return product;
    };
    const auto& [commitments, real] = w.dealt[0];
    auto other = real;
    for (std::uint16_t j = 0; j < n; ++j)
      other[j] = add(real[j], multiply(scalar_of(42), z_at(std::uint64_t{j} + 1)));

    CHECK(
      std::equal(real.begin(), real.begin() + static_cast<std::ptrdiff_t>(seen), other.begin()));
    const auto secret = interpolate(real, members(0, t));
    const auto other_secret = interpolate(other, members(0, t));
    CHECK(fast.secret_base(secret, 0) == commitments[0]);
    CHECK(secret != other_secret);
    // Both are of degree t - 1 and no more: other t shares give the same secrets.
    const auto last = static_cast<std::uint16_t>(n - t);
    CHECK(interpolate(real, members(last, t)) == secret);
    CHECK(interpolate(other, members(last, t)) == other_secret);
  }
}

TEST_CASE("dkg: a polynomial belongs to its seed and its ceremony") {
  const world w{4};
  const auto commitments = w.dealt[0].commitments;
  CHECK(dkg::deal(fast, w.c, hash("seed", std::uint16_t{0})).commitments == commitments);
  CHECK(w.dealt[1].commitments != commitments);
  auto next = w.c;
  ++next.epoch;
  CHECK(dkg::deal(fast, next, hash("seed", std::uint16_t{0})).commitments != commitments);
  CHECK(std::set(commitments.begin(), commitments.end()).size() == 3);
}

TEST_CASE("dkg: an acknowledgement names the whole ceremony, dealer, polynomial and member") {
  const world w{4};
  const auto& commitments = w.dealt[0].commitments;
  std::set<bytes> statements{dkg::ack_statement(w.c, 0, commitments, 0),
                             dkg::ack_statement(w.c, 1, commitments, 0),
                             dkg::ack_statement(w.c, 0, w.dealt[1].commitments, 0),
                             dkg::ack_statement(w.c, 0, commitments, 1),
                             dkg::share_context(w.c, 0, commitments, 0),
                             dkg::share_context(w.c, 0, w.dealt[1].commitments, 0),
                             dkg::share_context(w.c, 0, commitments, 1)};
  auto changed = w.c;
  changed.chain = hash("another chain");
  statements.insert(dkg::ack_statement(changed, 0, commitments, 0));
  changed = w.c;
  ++changed.epoch;
  statements.insert(dkg::ack_statement(changed, 0, commitments, 0));
  changed = w.c;
  std::swap(changed.members[2], changed.members[3]);
  statements.insert(dkg::ack_statement(changed, 0, commitments, 0));
  changed = w.c;
  ++changed.threshold;
  statements.insert(dkg::ack_statement(changed, 0, commitments, 0));
  CHECK(statements.size() == 11);
}

TEST_CASE("dkg: a sealed share reaches its member, who can tell that it fits") {
  const world w{4};
  const auto dealer = box_key_pair::from_secret({hash("box", 0).value});
  const auto member = box_key_pair::from_secret({hash("box", 1).value});
  const auto& [commitments, shares] = w.dealt[0];
  const auto context = dkg::share_context(w.c, 0, commitments, 1);
  const auto sealed = seal(dealer, member.published, context, encode(shares[1])).value();
  const auto opened = open(member, dealer.published, context, sealed);
  REQUIRE(opened);
  const auto share = decode<coin_scalar>(*opened);
  REQUIRE(share);
  CHECK(dkg::share_fits(fast, commitments, 1, *share));
}

TEST_CASE("dkg: a dealing is what its canonical bytes say") {
  const auto d = world{7}.post(2);
  const auto raw = encode(d);
  CHECK(raw.size() == 2 + (4 + 5 * 33) + (4 + 5 * 66) + (4 + 2 * 34));
  CHECK(decode<dkg::dealing>(raw) == d);
  CHECK_FALSE(decode<dkg::dealing>(byte_view{raw}.first(raw.size() - 1)));
}

TEST_CASE("dkg: a share is read from the chain where its member stayed silent, and only there") {
  const world w{7};
  const auto d = w.post(2);
  CHECK(dkg::revealed_share(d, 3) == w.dealt[2].shares[3]);
  CHECK(dkg::revealed_share(d, 4) == w.dealt[2].shares[4]);
  CHECK_FALSE(dkg::revealed_share(d, 2));
  CHECK_FALSE(dkg::revealed_share(d, 5));
}
