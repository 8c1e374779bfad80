// Value at risk against V (protocol.md section 4, deterrence gate).

#include "protocol/ledger/exposure.hpp"

#include "protocol/crypto/hash.hpp"

#include <doctest/doctest.h>

using namespace datagen::protocol;
using ledger::cap_check;
using ledger::exposure;

namespace {

account_id user(std::uint32_t i) { return {hash("exposure-user", i).value}; }
constexpr std::uint64_t dg_nano = 1'000'000'000;

std::uint64_t whole_nano(amount x) { return static_cast<std::uint64_t>(x.units / units_per_nano_dg); }

}  // namespace

TEST_CASE("exposure: value counts by validator and by user until it is taken off") {
  exposure x;
  x.add({1}, user(1), 5);
  x.add({1}, user(2), 7);
  x.add({2}, user(1), 11);
  CHECK(x.of({1}) == 12);
  CHECK(x.of({1}, user(1)) == 5);
  CHECK(x.of({2}, user(2)) == 0);
  x.remove({1}, user(1), 5);
  CHECK(x.of({1}) == 7);
  CHECK(x.of({1}, user(1)) == 0);
  x.remove({1}, user(1), 0);
  CHECK(decode<exposure>(encode(x)).has_value());
  CHECK(decode<exposure>(encode(x))->of({2}) == 11);
}

TEST_CASE("exposure: sums of the largest declared values do not wrap") {
  exposure x;
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  x.add({1}, user(1), most);
  x.add({1}, user(1), most);
  CHECK(x.of({1}) == uint128{most} * 2);
  CHECK(ledger::check_cap(dev_preset(), {dg(2'000), dg(2'000)}, x, {1}, user(2), 1).code ==
        cap_check::validator_full);
}

TEST_CASE("exposure: a validator is filled up to V to the last unit, and one user up to its share") {
  const auto p = dev_preset();
  const ledger::staked stake{dg(2'000), dg(2'000)};
  const auto v = value_cap(p, dg(2'000));
  const auto share = whole_nano(value_cap_per_user(p, v));
  exposure x;
  const auto code = [&](std::uint32_t who, std::uint64_t value) {
    return ledger::check_cap(p, stake, x, {0}, user(who), value).code;
  };
  CHECK(code(1, share) == cap_check::ok);
  CHECK(code(1, share + 1) == cap_check::user_full);
  CHECK(code(1, whole_nano(v) + 1) == cap_check::validator_full);
  for (std::uint32_t i = 0; i < 4; ++i)
    x.add({0}, user(i), share);
  const auto left = whole_nano(v) - 4 * share;
  CHECK(code(9, left) == cap_check::ok);
  CHECK(code(9, left + 1) == cap_check::validator_full);
  CHECK(ledger::check_cap(p, stake, x, {1}, user(1), share).ok());  // another validator's is its own
  const auto full = ledger::check_cap(p, stake, x, {0}, user(1), 0);
  CHECK(full.ok());  // what is worth nothing fills nothing
  const auto why = ledger::check_cap(p, stake, x, {0}, user(1), 1 * dg_nano).reason;
  CHECK_MESSAGE(why.find("worth 1 DG; of this validator's cap of 93.408 DG") != std::string::npos, why);
}

TEST_CASE("exposure: what a slash has taken can be lost no more, so the cap falls with the stake") {
  const auto p = dev_preset();
  exposure x;
  CHECK(ledger::check_cap(p, {dg(2'000), dg(2'000)}, x, {0}, user(1), 20 * dg_nano).ok());
  CHECK_FALSE(ledger::check_cap(p, {dg(2'000), dg(100)}, x, {0}, user(1), 20 * dg_nano).ok());
}
