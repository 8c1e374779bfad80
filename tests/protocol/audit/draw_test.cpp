#include "protocol/audit/draw.hpp"

#include <cmath>

using namespace datagen::protocol;

namespace {

digest beacon_of(std::uint32_t seed) { return hash("test beacon", seed); }
account_id operator_of(std::uint8_t number) { return {{number}}; }

/// Validators 0.. with these stakes; each its own operator unless `shared` maps it to another's.
std::vector<candidate> population(const std::vector<std::uint64_t>& stakes_dg,
                                  const std::map<std::uint32_t, std::uint8_t>& shared = {}) {
  std::vector<candidate> result;
  for (std::uint32_t i = 0; i < stakes_dg.size(); ++i) {
    const auto at = shared.find(i);
    result.push_back({{i},
                      operator_of(at == shared.end() ? static_cast<std::uint8_t>(i) : at->second),
                      dg(stakes_dg[i])});
  }
  return result;
}

}  // namespace

TEST_CASE("R17 draw: the share of drawn leaves matches the rate at every rate") {
  const auto checkpoint = hash("test checkpoint", 1u);
  for (const std::uint32_t rate : {0u, 1'000u, 20'000u, 200'000u, 500'000u, 1'000'000u}) {
    std::uint32_t drawn = 0;
    const std::uint32_t leaves = 40'000;
    for (std::uint32_t i = 0; i < leaves; ++i)
      drawn += is_drawn(beacon_of(9), checkpoint, i, rate) ? 1 : 0;
    const double share = rate / 1e6, expected = leaves * share;
    const double deviation = std::sqrt(leaves * share * (1 - share));
    CHECK(std::abs(drawn - expected) <= 4 * deviation);
  }
}

TEST_CASE("R17 draw: a leaf drawn at a rate is drawn at every higher one, and the edge is exact") {
  const auto checkpoint = hash("test checkpoint", 2u);
  for (std::uint32_t i = 0; i < 200; ++i) {
    // floor(word * 10^6 / 2^256) from the upper 64 bits, which decide but for 1 word in 10^13.
    const auto word = hash("audit", beacon_of(1), checkpoint, i);
    std::uint64_t top = 0;
    for (std::size_t k = 0; k < 8; ++k)
      top = top << 8 | word.value[k];
    const auto edge = static_cast<std::uint32_t>(static_cast<uint128>(top) * 1'000'000 >> 64);
    CHECK_FALSE(is_drawn(beacon_of(1), checkpoint, i, edge));
    CHECK(is_drawn(beacon_of(1), checkpoint, i, edge + 1));
  }
}

TEST_CASE("R17 draw: another beacon or checkpoint draws other leaves") {
  const auto drawn = [](const digest& beacon, const digest& checkpoint) {
    std::set<std::uint32_t> result;
    for (std::uint32_t i = 0; i < 2'000; ++i)
      if (is_drawn(beacon, checkpoint, i, 20'000))
        result.insert(i);
    return result;
  };
  const auto base = drawn(beacon_of(1), beacon_of(7));
  CHECK(base == drawn(beacon_of(1), beacon_of(7)));
  CHECK(base != drawn(beacon_of(2), beacon_of(7)));
  CHECK(base != drawn(beacon_of(1), beacon_of(8)));
}

TEST_CASE("R17 draw: 256-bit words reduce without bias and reject above the last multiple") {
  digest top, zero;
  top.value.fill(0xff);
  CHECK(uniform_below(zero, 7) == uint128{0});
  // 2^256 mod 7 = 2: the largest multiple of 7 is 2^256 - 2, and 2^256 - 1 lies above it.
  CHECK_FALSE(uniform_below(top, 7));
  auto below = top;
  below.value[31] = 0xfe;
  CHECK_FALSE(uniform_below(below, 7));
  below.value[31] = 0xfd;
  CHECK(uniform_below(below, 7) == uint128{6});
  // A carry out of the lower half alone is no overflow: (2^128 - 1) mod 7 = 3.
  auto low = top;
  std::fill(low.value.begin(), low.value.begin() + 16, std::uint8_t{0});
  CHECK(uniform_below(low, 7) == uint128{3});
  // A bound that divides 2^256 rejects nothing.
  CHECK(uniform_below(top, 1) == uint128{0});
  CHECK(uniform_below(top, 8) == uint128{7});
  const uint128 half = static_cast<uint128>(1) << 127;
  CHECK(uniform_below(top, half) == half - 1);
  // 2^256 - 1 = (2^128 - 1)(2^128 + 1): divisible, and one above the last multiple's end.
  CHECK_FALSE(uniform_below(top, ~static_cast<uint128>(0)));
  below.value[31] = 0xfe;
  CHECK(uniform_below(below, ~static_cast<uint128>(0)) == ~static_cast<uint128>(0) - 1);
}

TEST_CASE("R17 draw: never the paired validator's operator, never two checkers of one operator") {
  // Operator 0 runs validators 0, 4, 5; operator 1 runs 1 and 6.
  const auto eligible =
    population({5'000, 1'000, 2'000, 1'000, 9'000, 9'000, 8'000, 1'500}, {{4, 0}, {5, 0}, {6, 1}});
  const std::vector<account_id> excluded = {operator_of(0)};
  for (std::uint32_t i = 0; i < 3'000; ++i) {
    const auto drawn = draw_checkers({beacon_of(i), hash("job", i), i % 4}, eligible, excluded, 3);
    REQUIRE(drawn.size() == 3);
    std::set<account_id> operators;
    for (auto id : drawn)
      operators.insert(eligible[id.value].operator_account);
    CHECK(operators.size() == 3);
    CHECK(operators.count(operator_of(0)) == 0);
  }
}

TEST_CASE("R17 draw: fewer operators than asked draw fewer checkers, without stake none") {
  const auto eligible = population({1'000, 1'000, 1'000, 0, 1'000}, {{4, 1}});
  const std::vector<account_id> excluded = {operator_of(0)};
  for (std::uint32_t i = 0; i < 50; ++i)
    CHECK(draw_checkers({beacon_of(i), {}, 0}, eligible, excluded, 3).size() == 2);
  CHECK(draw_checkers({beacon_of(1), {}, 0}, population({1'000}), excluded, 3).empty());
  CHECK(draw_checkers({beacon_of(1), {}, 0}, {}, {}, 3).empty());
  CHECK_FALSE(draw_pairing(beacon_of(1), {}, population({0, 0})));
}

TEST_CASE("R17 draw: the first seat and the pairing follow stake (R12)") {
  const std::vector<std::uint64_t> stakes = {1'000, 2'000, 3'000, 4'000, 10'000};
  const auto eligible = population(stakes);
  const std::uint32_t rounds = 20'000;
  std::vector<double> first(5), paired(5);
  for (std::uint32_t i = 0; i < rounds; ++i) {
    ++first[draw_checkers({beacon_of(i), {}, 0}, eligible, {}, 1).at(0).value];
    ++paired[draw_pairing(beacon_of(i), operator_of(77), eligible)->value];
  }
  for (const auto& counts : {first, paired}) {
    double chi_square = 0;
    for (std::size_t v = 0; v < 5; ++v) {
      const double expected = rounds * static_cast<double>(stakes[v]) / 20'000;
      chi_square += (counts[v] - expected) * (counts[v] - expected) / expected;
    }
    CHECK(chi_square < 18.5);  // four degrees of freedom, exceeded once in a thousand seeds
  }
}

TEST_CASE("R17 draw: single units of stake count, and none of them is another's") {
  // Stakes of 1, 0 and 3 units: an edge that is off by one would show in a quarter of all draws.
  const std::vector<candidate> eligible = {
    {{0}, operator_of(0), {1}}, {{1}, operator_of(1), {0}}, {{2}, operator_of(2), {3}}};
  std::vector<int> drawn(3);
  for (std::uint32_t i = 0; i < 8'000; ++i)
    ++drawn[draw_pairing(beacon_of(i), operator_of(9), eligible)->value];
  CHECK(std::abs(drawn[0] - 2'000) < 160);
  CHECK(drawn[1] == 0);
}

TEST_CASE("R17 draw: the second seat follows the stake that is left after the first") {
  // After 0 (half of all stake) is drawn, 1 and 2 share the rest one to two.
  const auto eligible = population({3'000, 1'000, 2'000});
  double ones = 0, twos = 0;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const auto drawn = draw_checkers({beacon_of(i), {}, 0}, eligible, {}, 2);
    if (drawn[0].value == 0)
      ++(drawn[1].value == 1 ? ones : twos);
  }
  CHECK(ones + twos > 9'500);
  CHECK(std::abs(twos / (ones + twos) - 2.0 / 3) < 0.02);
}

TEST_CASE("R17 draw: the order of candidates does not matter, the attempt and the job do") {
  auto eligible = population({1'000, 2'000, 3'000, 4'000, 5'000, 6'000, 7'000});
  const auto base = draw_checkers({beacon_of(1), hash("job", 1u), 0}, eligible, {}, 3);
  std::mt19937 random{4};
  std::set<std::vector<validator_id>> by_attempt, by_job;
  for (std::uint32_t i = 0; i < 30; ++i) {
    std::shuffle(eligible.begin(), eligible.end(), random);
    CHECK(draw_checkers({beacon_of(1), hash("job", 1u), 0}, eligible, {}, 3) == base);
    by_attempt.insert(draw_checkers({beacon_of(1), hash("job", 1u), i}, eligible, {}, 3));
    by_job.insert(draw_checkers({beacon_of(1), hash("job", i), 0}, eligible, {}, 3));
  }
  CHECK(by_attempt.size() > 15);
  CHECK(by_job.size() > 15);
}

TEST_CASE("draw: a committee is drawn by stake, nobody twice, in the order of ids") {
  const auto eligible = population({1'000, 1'000, 1'000, 1'000, 4'000, 2'000});
  std::vector<std::uint32_t> seats(6);
  const std::uint32_t rounds = 4'000;
  for (std::uint32_t i = 0; i < rounds; ++i) {
    const auto drawn = draw_committee(beacon_of(i), 3, eligible, 2);
    REQUIRE(drawn.size() == 2);
    REQUIRE(drawn[0] < drawn[1]);
    for (const auto id : drawn)
      ++seats[id.value];
  }
  // First seat 4/10; second after one of 1,000 DG 4 · 1/10 · 4/9, after 2,000 DG 2/10 · 4/8.
  const double share = 0.4 + 4 * 0.1 * 4 / 9 + 0.2 * 0.5;
  const double expected = rounds * share, deviation = std::sqrt(rounds * share * (1 - share));
  CHECK(std::abs(seats[4] - expected) <= 4 * deviation);
  CHECK(seats[5] > seats[0]);
}

TEST_CASE("draw: a committee depends on beacon and epoch, not on the candidates' order") {
  auto eligible = population({5, 6, 7, 8, 9, 10, 11, 12});
  const auto drawn = draw_committee(beacon_of(1), 1, eligible, 4);
  std::reverse(eligible.begin(), eligible.end());
  CHECK(draw_committee(beacon_of(1), 1, eligible, 4) == drawn);
  const auto differs = [&](auto draw) {
    bool result = false;
    for (std::uint32_t i = 1; i < 10; ++i)
      result = result || draw(i) != draw(0);
    return result;
  };
  CHECK(differs([&](auto i) { return draw_committee(beacon_of(i), 1, eligible, 4); }));
  CHECK(differs([&](auto i) { return draw_committee(beacon_of(1), i, eligible, 4); }));
  CHECK(draw_committee(beacon_of(1), 1, eligible, 9).size() == 8);
}
