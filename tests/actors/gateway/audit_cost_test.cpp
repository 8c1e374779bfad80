// Extra executions by cause, from both chains' events.

#include "actors/gateway/audit_cost.hpp"

#include "protocol/crypto/hash.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;
namespace happened = ledger::happened;

namespace {

struct story {
  web::audit_cost cost;

  static receipt paper(std::uint32_t number) {
    receipt result;
    result.content.job = {hash("cost-job", number).value};
    return result;
  }
  void leaf(std::uint32_t number, std::uint64_t checkpoint, std::uint32_t index, bool payable = true) {
    cost.take(fast::event{fast::happened::leaf_ordered{.content = paper(number).content,
                                                       .payable = payable,
                                                       .checkpoint = checkpoint,
                                                       .index = index}},
              7);
  }
  void drawn(std::uint64_t checkpoint, std::vector<std::uint32_t> indices) {
    cost.take(ledger::event{
      happened::checkpoint_drawn{.sequence = checkpoint, .drawn = std::move(indices)}});
  }
  /// Checkers of a stage commit.
  void check(std::uint32_t number, std::uint8_t stage, std::uint32_t checkers) {
    cost.take(ledger::event{happened::check_requested{.subject = paper(number), .stage = stage}});
    for (std::uint32_t i = 0; i < checkers; ++i)
      cost.take(ledger::event{
        happened::check_committed{.job = paper(number).content.job, .stage = stage, .checker = {i}}});
  }
  void verdict(std::uint32_t number, std::string outcome, bool final = true) {
    cost.take(ledger::event{happened::audit_settled{
      .job = paper(number).content.job, .outcome = std::move(outcome), .final = final}});
  }
  const web::executions& done() const { return cost.done(); }
};

}  // namespace

TEST_CASE("R16 audit cost: three checks of one job in a hundred are 30 thousandths, and only commitments "
          "count") {
  story s;
  CHECK(s.cost.permille() == 0);
  for (std::uint32_t i = 0; i < 100; ++i)
    s.leaf(i, 1, i);
  s.drawn(1, {40});
  s.check(40, 0, 0);
  CHECK(s.cost.permille() == 0);
  s.check(40, 0, 3);
  s.verdict(40, "pass");
  CHECK(s.cost.permille() == 30);
  CHECK(s.done().useful == 100);
  CHECK(s.done().audit == 3);
}

TEST_CASE("R16 audit cost: substitutes count with the audit, escalation and appeal apart") {
  story s;
  s.leaf(1, 1, 0);
  s.drawn(1, {0});
  s.check(1, 0, 2);
  s.verdict(1, "replace", false);
  s.check(1, 1, 1);
  s.verdict(1, "escalate", false);
  s.check(1, 2, 8);
  CHECK(s.done().audit == 3);
  CHECK(s.done().escalation == 8);
  s.verdict(1, "fault", false);  // convicted, and appeals
  s.check(1, 3, 5);
  s.verdict(1, "pass");
  CHECK(s.done().escalation == 13);
  s.check(1, 4, 0);
}

TEST_CASE("R16 audit cost: leaves that the draw spared and that are checked all the same are probation's") {
  story s;
  s.leaf(1, 1, 0);
  s.leaf(2, 1, 1);
  s.drawn(1, {1});
  s.check(1, 0, 3);
  s.check(2, 0, 3);
  CHECK(s.done().probation == 3);
  CHECK(s.done().audit == 3);
}

TEST_CASE("R16 audit cost: a draw that is heard of before its leaves is the audit's") {
  story s;
  s.drawn(1, {1});
  s.leaf(1, 1, 0);
  s.leaf(2, 1, 1);
  s.check(2, 0, 3);
  CHECK(s.done().audit == 3);
  s.check(1, 0, 3);
  CHECK(s.done().probation == 3);
}

TEST_CASE("R16 audit cost: all checks of an audit that found a canary are the canary's") {
  story s;
  for (std::uint32_t i = 1; i <= 2; ++i)
    s.leaf(i, 1, i);
  s.drawn(1, {1, 2});
  s.check(1, 0, 3);
  s.verdict(1, "escalate", false);
  s.check(1, 1, 9);
  s.check(2, 0, 3);
  s.verdict(1, "canary");
  s.verdict(2, "pass");
  CHECK(s.done().canary == 12);
  CHECK(s.done().audit == 3);
  CHECK(s.done().escalation == 0);
}

TEST_CASE("R16 audit cost: Echo and later attempts at paid jobs are neither useful nor audits") {
  story s;
  s.leaf(1, 1, 0);
  s.leaf(1, 1, 1, false);
  s.cost.take(fast::event{fast::happened::echo_recorded{.session = {1}}}, 7);
  CHECK(s.done().useful == 1);
  CHECK(s.done().repeated == 1);
  CHECK(s.done().echo == 8);
  CHECK(s.cost.permille() == 0);
}

TEST_CASE("R16 audit cost: a restart goes on counting an audit under way where it was") {
  story s;
  s.leaf(1, 1, 0);
  s.leaf(2, 1, 1);
  s.drawn(1, {0, 1});
  s.check(1, 0, 2);
  s.verdict(1, "escalate", false);
  const auto kept = decode<web::audit_cost>(encode(s.cost));
  REQUIRE(kept);
  story again{*kept};
  again.check(1, 1, 4);
  again.check(2, 0, 3);
  CHECK(again.done().audit == 5);
  CHECK(again.done().escalation == 4);
  again.verdict(1, "canary");
  CHECK(again.done().canary == 6);
}
