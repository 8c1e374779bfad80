// What stands in for P-256 in a scenario: a group of the same order, whose points tell nothing.
#include "tools/scenario/simulated_coin.hpp"

#include "protocol/crypto/coin/dealer.hpp"
#include "protocol/crypto/coin/dkg.hpp"
#include "protocol/crypto/coin/scalar.hpp"
#include "protocol/crypto/hash.hpp"

#include <doctest/doctest.h>

using namespace datagen::protocol;
using datagen::scenario::simulated_coin_group;

namespace {

const auto group = simulated_coin_group(1);
const bytes alpha{1, 2, 3};

coin_scalar drawn(std::uint64_t i) { return reduce(hash("scalar", i).view()); }

numbered_shares shares_of(const coin_dealing& dealt) {
  numbered_shares result;
  for (std::uint16_t i = 0; i < dealt.secrets.size(); ++i)
    result.emplace_back(i, make_share(*group, dealt.keys.group, dealt.secrets[i], alpha, {}));
  return result;
}

}  // namespace

TEST_CASE("simulated coin: it adds and multiplies as a group of P-256's order does") {
  for (std::uint64_t i = 0; i < 20; ++i) {
    const auto a = drawn(i), b = drawn(i + 100), c = drawn(i + 200);
    const auto p = *group->secret_base(a, 0), q = *group->secret_base(b, 0);
    CHECK(group->valid(p));
    CHECK(group->secret_times(p, c, 7) == group->secret_base(multiply(a, c), 3));
    CHECK(group->combine(p, c, q, a) == group->secret_base(add(multiply(a, c), multiply(b, a)), 0));
    CHECK(group->combine_base(c, q, a) == group->secret_base(add(c, multiply(b, a)), 0));
    CHECK_FALSE(group->combine(p, b, q, negate(a)));  // infinity has no encoding
    auto opposite = p;
    opposite.value[0] ^= 1;
    CHECK(opposite == group->secret_base(negate(a), 0));
    CHECK_FALSE(group->sum(std::vector{p, opposite}, std::vector{c, c}));
  }
  CHECK_FALSE(group->secret_base({}, 0));
}

TEST_CASE("simulated coin: half of all strings are points, as on the curve, each of one number") {
  int points = 0;
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    coin_point x;
    x.value[0] = 2;
    std::ranges::copy(hash("string", i).value, x.value.begin() + 1);
    points += group->valid(x);
    x.value[0] = 4;
    CHECK_FALSE(group->valid(x));
  }
  CHECK(points > 400);
  CHECK(points < 600);
}

TEST_CASE("simulated coin: a point shows nothing of its number, and is another one in another run") {
  const auto other = simulated_coin_group(2);
  CHECK(group->secret_base(scalar_of(1), 0) != other->secret_base(scalar_of(1), 0));
  const auto one = *group->secret_base(scalar_of(1), 0), two = *group->secret_base(scalar_of(2), 0);
  int equal = 0;
  for (std::size_t i = 1; i < one.value.size(); ++i)
    equal += one.value[i] == two.value[i];
  CHECK(equal < 4);
}

TEST_CASE("simulated coin: any quorum of shares makes one value, fewer make none, and another's share is refused") {
  const auto dealt = deal(*group, 7, 5, hash("dealer"));
  CHECK(consistent(*group, dealt.keys));
  const auto all = shares_of(dealt);
  for (std::uint16_t i = 0; i < 7; ++i) {
    const auto& share = all[i].second;
    CHECK(verify_share(*group, dealt.keys.group, dealt.keys.shares[i], alpha, share));
    CHECK_FALSE(verify_share(*group, dealt.keys.group, dealt.keys.shares[(i + 1) % 7], alpha, share));
    CHECK_FALSE(verify_share(*group, dealt.keys.group, dealt.keys.shares[i], bytes{1, 2}, share));
    auto changed = share;
    changed.gamma = all[(i + 1) % 7].second.gamma;
    CHECK_FALSE(verify_share(*group, dealt.keys.group, dealt.keys.shares[i], alpha, changed));
  }
  const auto value = combine_shares(*group, dealt.keys, all);
  REQUIRE(value);
  CHECK(combine_shares(*group, dealt.keys, {all[6], all[2], all[4], all[1], all[5]}) == value);
  CHECK_FALSE(combine_shares(*group, dealt.keys, {all[6], all[2], all[4], all[1]}));
  // Four shares with the weights of four: another number than the value.
  const auto few = coin_keys{dealt.keys.group, dealt.keys.shares, 4};
  CHECK(combine_shares(*group, few, {all[6], all[2], all[4], all[1]}) != value);
  auto foreign = dealt.keys;
  std::swap(foreign.shares[0], foreign.shares[1]);
  CHECK_FALSE(consistent(*group, foreign));
}

TEST_CASE("simulated coin: a ceremony's members end with shares of the key that its dealings make") {
  dkg::ceremony c{.chain = hash("chain"), .epoch = 2, .members = {}, .threshold = 3};
  for (std::uint16_t i = 0; i < 4; ++i)
    c.members.push_back(key_pair::from_secret({hash("member", i).value}).identity);
  std::vector<dkg::dealing> dealings;
  std::vector<dkg::secret_dealing> secrets;
  for (std::uint16_t d = 0; d < 3; ++d) {
    secrets.push_back(dkg::deal(*group, c, hash("seed", d)));
    dealings.push_back({.dealer = d, .commitments = secrets.back().commitments, .acks = {}, .revealed = {}});
    for (std::uint16_t member = 0; member < 4; ++member)
      CHECK(dkg::share_fits(*group, secrets.back().commitments, member, secrets.back().shares[member]));
    CHECK_FALSE(dkg::share_fits(*group, secrets.back().commitments, 0, secrets.back().shares[1]));
  }
  const auto keys = dkg::keys_of(*group, c, dealings);
  REQUIRE(keys);
  for (std::uint16_t member = 0; member < 4; ++member) {
    std::vector<coin_scalar> held;
    for (const auto& x : secrets)
      held.push_back(x.shares[member]);
    CHECK(group->secret_base(dkg::secret_of(held), 0) == keys->shares[member]);
  }
}
