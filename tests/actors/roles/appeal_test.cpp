// A convicted validator defends a right result (protocol.md section 3, appeal, and section 7.5).

#include "tests/support/hired.hpp"

#include "tests/support/client.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// A small escalation committee, which seven validators can fill, and whose verdict can be appealed.
parameters small_committee() {
  auto p = all_drawn();
  p.escalation_committee = p.escalation_quorum = 3;
  return p;
}

amount stake_of(const heavy_log& log, std::uint32_t validator) {
  amount result = dg(2'000);
  log.each<happened::validator_changed>([&](const auto& x) {
    if (x.validator == validator_id{validator})
      result = x.stake;
  });
  return result;
}

std::vector<std::uint32_t> lost_checks(const heavy_log& log) {
  std::vector<std::uint32_t> result;
  log.each<happened::slashed>([&](const auto& x) {
    if (x.reason == "wrong_check")
      result.push_back(x.validator.value);
  });
  return result;
}

bool convicted(const heavy_log& log) {
  bool result = false;
  log.each<happened::slashed>([&](const auto& x) { result = result || x.pending; });
  return result;
}

std::size_t stages(const heavy_log& log) { return log.count<happened::check_requested>(); }

}  // namespace

TEST_CASE("R19 appeal: a validator convicted by two stages of lying checkers asks for the last one, its "
          "stake and its price come back, and the liars pay") {
  virtual_cluster net{{.params = small_committee()}};
  heavy_log log{net};
  hired crew{net};
  const auto lie = std::make_shared<bool>(true);
  for (std::uint32_t i = 0; i < 7; ++i)
    crew.check(i, lie);
  client alice{net};
  const auto done = alice.run();
  REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
  REQUIRE(net.sim.run_until([&] { return convicted(log); }, 60'000));
  *lie = false;
  const auto convict = done.receipt.content.validator().value;
  CHECK(stake_of(log, convict) == dg(1'320));
  CHECK(stages(log) == 2);
  REQUIRE(net.sim.run_until([&] { return !verdicts(log).empty(); }, 60'000));
  CHECK(stages(log) == 3);
  CHECK(verdicts(log) == std::vector<std::string>{"pass"});
  CHECK(stake_of(log, convict) == dg(2'000));
  auto liars = lost_checks(log);
  std::sort(liars.begin(), liars.end());
  CHECK(liars.size() == 6);
  CHECK(std::count(liars.begin(), liars.end(), convict) == 0);
  net.sim.run_for(60'000);
  CHECK(price_paid(log) == done.receipt.content.fee);
  crew.dismiss();
}

TEST_CASE("R19 appeal: one that is lost on the way is sent again within its window") {
  auto p = small_committee();
  p.appeal_window_ms = 15'000;
  p.unbonding_ms = 60'000;
  virtual_cluster net{{.params = p}};
  heavy_log log{net};
  hired crew{net};
  const auto lie = std::make_shared<bool>(true);
  for (std::uint32_t i = 0; i < 7; ++i)
    crew.check(i, lie);
  client alice{net};
  const auto done = alice.run();
  REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
  const auto convict = done.receipt.content.validator().value;
  bool cut = false;
  REQUIRE(net.sim.run_until(
    [&] {
      // The moment the verdict is announced, before its convict has heard of it.
      if (!cut && convicted(log)) {
        net.net->cut({role::validator, convict});
        cut = true;
      }
      return cut;
    },
    60'000));
  *lie = false;
  net.sim.run_for(5'000);
  CHECK(stages(log) == 2);
  net.net->mend({role::validator, convict});
  REQUIRE(net.sim.run_until([&] { return !verdicts(log).empty(); }, 60'000));
  CHECK(verdicts(log) == std::vector<std::string>{"pass"});
  CHECK(stake_of(log, convict) == dg(2'000));
  crew.dismiss();
}

TEST_CASE("R27 appeal: a guilty validator that appeals loses slash and bond") {
  virtual_cluster net{{.liars = {0}, .params = small_committee()}};
  heavy_log log{net};
  client alice{net};
  const auto done = alice.run();
  REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
  REQUIRE(done.receipt.content.validator() == validator_id{0});
  REQUIRE(net.sim.run_until([&] { return !verdicts(log).empty(); }, 60'000));
  CHECK(verdicts(log) == std::vector<std::string>{"fault"});
  CHECK(stages(log) == 3);
  CHECK(stake_of(log, 0) == dg(1'270) + genesis_purse);  // the bond takes the purse first
  CHECK(lost_checks(log).empty());
}

TEST_CASE("R27 appeal: a validator whose second run finds another result than its first does not appeal") {
  virtual_cluster net{{.params = small_committee()}};
  heavy_log log{net};
  hired crew{net};
  const auto faulty = std::make_shared<bool>(true);
  crew.validate(0, faulty);
  client alice{net};
  const auto done = alice.run();
  REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
  REQUIRE(done.receipt.content.validator() == validator_id{0});
  *faulty = false;
  REQUIRE(net.sim.run_until([&] { return !verdicts(log).empty(); }, 60'000));
  CHECK(verdicts(log) == std::vector<std::string>{"fault"});
  CHECK(stages(log) == 2);
  CHECK(stake_of(log, 0) == dg(1'320));
  crew.dismiss();
}
