#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/emission.hpp"
#include "protocol/ledger/rewards.hpp"
#include "protocol/ledger/self_dealing.hpp"

using namespace ledger_test;
using ledger::self_dealing;

namespace {

/// One epoch of six hours in the first years: 1,140 DG for 10^9 units.
self_dealing six_hours(std::uint32_t share_permille, std::uint64_t price_nano = 1'000'000) {
  return {.pool = dg(1'140), .units_total = 1'000'000'000, .share_permille = share_permille,
          .price_nano = price_nano};
}

/// A validator that pays itself under another name, while others work too.
struct farm {
  world w;
  session_id own, honest;
  std::uint64_t epoch = 0;
  explicit farm(bool cap) : w(genesis_of(cap)), own(pair(1, 1)), honest(pair(0, 0)) {}
  static genesis genesis_of(bool cap) {
    auto p = dev_preset();
    p.mode = audit_mode::whitepaper;
    p.audit_rate_ppm = 1;  // nothing is drawn
    p.value_cap_floor = {1};
    p.reward_cap = cap;
    return test_genesis(p);
  }
  session_id pair(std::uint32_t user, std::uint32_t validator) {
    const auto id = w.open_session(user_key(user), dg(1'000));
    REQUIRE(w.say(user_key(user), w.report(id, {w.answer(id, validator, 1)})).code == 0);
    return id;
  }
  amount wealth() const {  // of user 1 and validator 1, who are one
    const auto& session = *w.machine.find_session(own);
    auto sum = w.balance(user_key(1)) + w.balance(validator_key(1)) + session.free;
    for (const auto& [payee, lane] : session.lanes)
      sum += lane.left();
    return sum;
  }
  void work(std::uint32_t own_jobs, std::uint32_t honest_jobs) {
    std::vector<job> jobs;
    for (std::uint32_t i = 0; i < honest_jobs; ++i)
      jobs.push_back(w.make_job(user_key(0), honest, 0));
    for (std::uint32_t i = 0; i < own_jobs; ++i)
      jobs.push_back(w.make_job(user_key(1), own, 1));
    w.settle(jobs, ++epoch);
    w.block();
    const auto tree = world::tree_of(jobs);
    w.wait(w.start.params.epoch_ms);
    for (const std::uint32_t validator : {0u, 1u})
      if (const auto count = validator == 1 ? own_jobs : honest_jobs; count > 0)
        REQUIRE(w.say(user_key(3), tree.claim(epoch, {validator})).code == 0);
    w.wait(w.start.params.epoch_ms);
  }
};

}  // namespace

TEST_CASE("R26 self-dealing: with the cap on no share of 0 to 100 % gains, at any price") {
  for (const auto& p : {default_preset(), dev_preset()})
    for (std::uint32_t share = 0; share <= 1'000; share += 10)
      for (const std::uint64_t price : {0ull, 1ull, 10ull, 1'000ull, 1'000'000ull, 1'000'000'000ull})
        for (const bool one_name : {false, true}) {
          auto x = six_hours(share, price);
          x.one_name = one_name;
          CHECK_FALSE_MESSAGE(judge(p, x).gains(), share, " permille at ", price);
          x.honest_units = (x.units_total - x.units_total * share / 1'000) / 3;
          x.honest_price_nano = 1'000'000;
          CHECK_FALSE_MESSAGE(judge(p, x).gains(), share, " permille at ", price, " beside work");
        }
}

TEST_CASE("R26 self-dealing: with the cap off the same tool shows what farming brings") {
  auto p = default_preset();
  p.reward_cap = false;
  std::size_t gaining = 0;
  for (std::uint32_t share = 10; share <= 1'000; share += 10)
    gaining += judge(p, six_hours(share)).gains();
  CHECK(gaining == 100);  // 1,140 DG for at most 1,000 DG of own jobs, of which 120 are lost
  const auto whole = judge(p, six_hours(1'000));
  CHECK(whole.spent == dg(1'000));
  CHECK(whole.rewarded == dg(1'140));
  CHECK(judge(whitepaper_preset(), six_hours(500)).gains());
}

TEST_CASE("R26 self-dealing: random tables, pools and prices never make it pay") {
  std::random_device device;
  const auto seed = std::uint64_t{device()} << 32 | device();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  std::size_t tried = 0;
  while (tried < 20'000) {
    auto p = default_preset();
    p.audit_rate_ppm = 10'000 + random() % 100'000;
    p.fee_burn_permille = random() % 200;
    p.fee_audit_permille = random() % 700;
    p.fee_validator_permille = 1'000 - p.fee_burn_permille - p.fee_audit_permille;
    p.reward_floor_per_unit = {random() % units_per_dg};
    if (check(p) != parameter_check::ok)
      continue;
    ++tried;
    self_dealing x{.pool = {random() % dg(100'000).units}, .units_total = 1 + random() % (1ull << 40),
                   .share_permille = static_cast<std::uint32_t>(random() % 1'001),
                   .price_nano = random() >> (random() % 64 | 24), .one_name = random() % 2 == 0};
    const auto others = x.units_total - mul_div(x.units_total, x.share_permille, 1'000);
    x.honest_units = static_cast<std::uint64_t>(mul_div(others, random() % 1'001, 1'000));
    x.honest_price_nano = random() >> (random() % 64 | 24);
    REQUIRE_FALSE(judge(p, x).gains());
  }
}

TEST_CASE("attack: self-dealing on the ledger itself loses with the cap and gains without it") {
  for (const bool cap : {true, false}) {
    farm f(cap);
    const auto before = f.wealth();
    f.work(100, 10);
    INFO("cap " << cap);
    CHECK((f.wealth() > before) == !cap);
  }
}

TEST_CASE("attack: self-dealing on others' burns: own jobs do not fill the cap of jobs of others") {
  auto x = six_hours(900, 0);  // own jobs at a price of nothing
  x.pool = dg(1);
  x.honest_units = 50'000'000;  // half of what is not its own
  x.honest_price_nano = 1'000'000;
  const auto p = default_preset();
  const auto cap = ledger::reward_cap_of(p, dg(50), x.honest_units, false);
  CHECK(cap > x.pool);  // so there is room to fill
  CHECK(judge(p, x).rewarded == amount{});
}

TEST_CASE("R26 the cap: burned fee and floor cost, no floor under one operator's name") {
  const auto p = default_preset();
  // 2 % of 1 DG, and 10^-6 DG for each of 1,000 units.
  CHECK(ledger::reward_cap_of(p, dg(1), 1'000, false) ==
        amount{units_per_dg / 50 + units_per_dg / 1'000});
  CHECK(ledger::reward_cap_of(p, dg(1), 1'000, true) == amount{units_per_dg / 50});
  // Of the audit part of 10 %, checkers bring back up to 6.5 %: a floor is at most the rest.
  CHECK(check_cost_permille(p) == 65);
  CHECK(ledger::reward_cap_of(p, dg(1), 1'000'000, false) ==
        amount{units_per_dg / 50 + units_per_dg * 35 / 1'000});
  CHECK(ledger::reward_cap_of(p, {}, 1'000'000, false) == amount{});
}
