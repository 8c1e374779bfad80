#include "fixture.hpp"

using namespace fast_test;
using check = fast::transaction_check;

namespace {

/// What validator 0 of the small world may carry, and one user's part of it, 10^-9 DG.
std::uint64_t cap() {
  return static_cast<std::uint64_t>(value_cap(small_genesis().params, dg(1'000)).units /
                                    units_per_nano_dg);
}
std::uint64_t cap_of_user() { return cap() / 4; }

/// A world whose leaves are worth what they are declared to be.
struct valued {
  world net;
  std::uint32_t sequence = 0;
  valued() {
    for (std::uint32_t user = 1; user <= 5; ++user)
      net.open(user);
  }
  receipt leaf(std::uint32_t user, std::uint64_t value) {
    auto order = net.order(user, ++sequence);
    order.declared_value = value;
    return net.sealed(order);
  }
  std::uint16_t put(const receipt& x) { return net.code(world::leaf_tx(x)); }
  std::uint16_t put(std::uint32_t user, std::uint64_t value) { return put(leaf(user, value)); }
  void hear(std::vector<ledger::event> events) {
    REQUIRE(net.code(world::heavy_tx(net.heavy.say(std::move(events)))) == 0);
  }
  void draw(std::uint64_t checkpoint, std::vector<std::uint32_t> drawn) {
    hear({heard::checkpoint_drawn{checkpoint, hash("beacon"), std::move(drawn)}});
  }
  void decide(const receipt& x, bool final = true) {
    hear({heard::audit_settled{.job = x.content.job, .validator = {0}, .final = final}});
  }
  uint128 at_risk() const { return net.machine.now().validators.at({0}).leaves.at_risk(); }
};

}  // namespace

TEST_CASE("R28 fast maturity: a user fills its part of a validator's cap, all together the whole") {
  valued v;
  CHECK(v.put(1, cap_of_user() + 1) == number(check::value_exceeded));
  for (std::uint32_t user = 1; user <= 4; ++user)
    CHECK(v.put(user, cap_of_user()) == 0);
  const auto one_more = v.leaf(1, 1);
  CHECK(v.net.machine.check(world::leaf_tx(one_more)).code == number(check::value_exceeded));
  CHECK(v.net.machine.check(world::leaf_tx(one_more)).later);  // kept until something matures
  CHECK(v.put(5, cap_of_user()) == number(check::value_exceeded));
  CHECK(v.at_risk() == 4 * cap_of_user());
  v.hear({heard::validator_changed{{0}, heard::standing::active, dg(2'000), 10}});
  CHECK(v.put(5, cap_of_user()) == 0);  // more stake, more at risk
}

TEST_CASE("R28 fast maturity: a leaf matures with its draw, or with its audit's final word") {
  valued v;
  const auto first = v.leaf(1, 1'000), second = v.leaf(1, 2'000);
  v.net.run({world::leaf_tx(first), world::leaf_tx(second)});  // checkpoint 1
  REQUIRE(v.at_risk() == 3'000);
  v.draw(1, {1});
  CHECK(v.at_risk() == 3'000);
  v.decide(second, false);
  CHECK(v.at_risk() == 3'000);
  v.decide(second);
  CHECK(v.at_risk() == 0);
  CHECK(v.net.machine.now().validators.at({0}).leaves.empty());
}

TEST_CASE("R28 fast maturity: later leaves wait for earlier opened audits of their validator") {
  valued v;
  const auto audited = v.leaf(1, 1'000);
  REQUIRE(v.put(audited) == 0);   // checkpoint 1
  REQUIRE(v.put(2, 5'000) == 0);  // checkpoint 2
  v.draw(2, {});
  CHECK(v.at_risk() == 6'000);  // the draw of checkpoint 1 is to come
  v.draw(1, {0});
  CHECK(v.at_risk() == 6'000);
  v.decide(audited);
  CHECK(v.at_risk() == 0);
}
