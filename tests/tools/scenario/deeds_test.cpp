// What parties of a scenario do with their money and their disks, and what can be claimed of it.
#include "tools/scenario/script.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::scenario;
namespace tx = protocol::ledger::tx;

namespace {

std::variant<script, script_error> with_steps(const std::string& steps) {
  return read_script(
    "[run]\nstop = '1m'\n[cluster]\nvalidators = 5\nusers = 3\n[[workload]]\nuser = 'u0'\n"
    "[story]\nsteps = '''\n" + steps + "\nalways supply is conserved\n'''\n");
}
script good(const std::string& steps) {
  auto result = with_steps(steps);
  const auto* error = std::get_if<script_error>(&result);
  REQUIRE_MESSAGE(error == nullptr, (error ? error->what : ""));
  return std::get<script>(std::move(result));
}
/// "column: what".
std::string bad(const std::string& steps) {
  const auto result = with_steps(steps);
  const auto* error = std::get_if<script_error>(&result);
  REQUIRE(error != nullptr);
  return std::to_string(error->at.column) + ": " + error->what;
}
template <class Move>
Move move_of(const script& x) {
  return std::get<Move>(std::get<act::move_money>(x.steps.at(0).what).what);
}

}  // namespace

TEST_CASE("scenario deeds: holders propose, support and vote with what they lock") {
  const auto burn = move_of<proposal>(good("at 5s u1 proposes to burn 40 in 20s locking 2000"));
  CHECK(std::get<tx::emission_split>(burn.content) == tx::emission_split{60, 40});
  CHECK(burn.in_ms == 20'000);
  CHECK(burn.lock == protocol::dg(2'000));
  const auto change = move_of<proposal>(
    good("at 5s u1 proposes revision = 2 audit_rate_ppm = 100000 after 40 blocks in 8s locking 20"));
  const auto& rows = std::get<tx::parameter_change>(change.content);
  CHECK(rows.rows == decltype(rows.rows){{"revision", "2"}, {"audit_rate_ppm", "100000"}});
  CHECK(rows.delay_blocks == 40);
  CHECK(move_of<tx::support>(good("at 5s u2 supports 3 locking 50")).proposal == 3);
  const auto vote = move_of<tx::vote>(good("at 5s u2 votes no on 3 locking 50"));
  CHECK(vote.proposal == 3);
  CHECK_FALSE(vote.yes);
  CHECK(move_of<tx::set_ask>(good("at 5s v2 asks 2500")).ask == 2'500);
}

TEST_CASE("scenario deeds: a deed that is half said, or not for its party, is told with its column") {
  CHECK(bad("at 5s u1 dances") ==
        "10: 'dances' found where proposes, supports, votes or floods is expected");
  CHECK(bad("at 5s v1 votes yes on 1 locking 5") ==
        "10: 'votes' found where joins or asks is expected");
  CHECK(bad("at 5s u0 votes yes on 1 locking 5").starts_with("7: u0 has a workload"));
  CHECK(bad("at 5s u7 votes yes on 1 locking 5").starts_with("7: 'u7' is not in this cluster"));
  CHECK(bad("at 5s u1 votes maybe on 1 locking 5") == "16: 'maybe' found where yes or no is expected");
  CHECK(bad("at 5s u1 votes yes on 1") == "24: the line ends where 'locking' is expected");
  CHECK(bad("at 5s u1 proposes to burn 101 in 5s locking 5") ==
        "27: '101' found where a percentage from 0 to 100 is expected");
  CHECK(bad("at 5s u1 supports 1 locking 30000001")
          .starts_with("29: '30000001' found where an amount of at most"));
  CHECK(bad("at 5s u1 floods v* with 10001 echoes a second for 5s")
          .starts_with("25: '10001' found where 1 to 10000"));
}

TEST_CASE("scenario deeds: disks fail, power is cut, floods and newcomers come") {
  const auto x = good("at 5s disk of v3 fails\nat 9s restart h1 losing unsynced writes\n"
                      "at 12s restart v1 after 2s losing unsynced writes\nat 20s v4 joins asking 1500\n"
                      "at 30s u1 floods {v0 v1} with 40 echoes a second for 5s");
  REQUIRE(x.steps.size() == 5);
  CHECK(std::get<act::disk_fails>(x.steps[0].what).who == party{'v', 3});
  CHECK(std::get<act::restart>(x.steps[1].what).loses_unsynced);
  CHECK(x.steps[2].at_ms == 14'000);
  CHECK(std::get<act::join>(x.steps[3].what).ask == 1'500);
  const auto& flood = std::get<act::flood>(x.steps[4].what);
  CHECK(flood.to == parties{{'v', 0}, {'v', 1}});
  CHECK(flood.per_s == 40);
  CHECK(flood.until_ms == 35'000);
  CHECK(bad("at 5s disk of u1 fails").starts_with("15: 'u1' found where a validator"));
  CHECK_FALSE(std::get<act::restart>(good("at 5s restart v1").steps[0].what).loses_unsynced);
}

TEST_CASE("scenario deeds: votes, rows, disks, committees and rules can be claimed") {
  const auto x = good("finally proposal 2 is passed\nfinally proposal 1 is not lapsed\n"
                      "finally row audit_rate_ppm is 100000\nalways row revision is not 3\n"
                      "within 20s v1 is down\nfinally at least 2 Fast committees are seated\n"
                      "finally at least 3 verdicts are n3p fifth\nfinally at most 9 floods are answered\n"
                      "always emission is what the closed form says\nfinally every lock is returned");
  REQUIRE(x.expected.size() == 11);
  CHECK(x.expected[0].what == claim::proposal_ended);
  CHECK(x.expected[0].count == 2);
  CHECK(x.expected[0].word == "passed");
  CHECK(x.expected[1].negated);
  CHECK(x.expected[2].what == claim::row);
  CHECK(x.expected[2].value == "100000");
  CHECK(x.expected[3].negated);
  CHECK(x.expected[4].what == claim::down);
  CHECK(x.expected[5].what == claim::fast_committees);
  CHECK(x.expected[6].word == "n3p fifth");
  CHECK(x.expected[7].what == claim::floods_answered);
  CHECK(x.expected[8].what == claim::emission);
  CHECK(x.expected[9].what == claim::locks_returned);
  CHECK(bad("finally at least 1 verdicts are n9").starts_with("33: 'n9' found where an outcome"));
  CHECK(bad("finally at least 1 verdicts are pass n1") ==
        "38: 'n1' found where the end of the line is expected");
  CHECK(bad("finally row audit_rat is 5") ==
        "13: 'audit_rat' found where the name of a parameter is expected");
  CHECK(bad("finally proposal 1 is won") ==
        "23: 'won' found where passed, rejected, no_quorum or lapsed is expected");
}
