// R31 case by case, after the public contract, except where protocol.md section 4 decides otherwise:
// the opening lock is pooled, only the reward pool and the fire receive, and a quorum is asked for.

#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/emission.hpp"
#include "protocol/ledger/governance.hpp"

using namespace ledger_test;
using ledger::vote_check;
using happened::vote_outcome;

namespace {

std::uint16_t drafting(vote_check x) { return code<tx::propose>(x); }
std::uint16_t supporting(vote_check x) { return code<tx::support>(x); }
std::uint16_t voting(vote_check x) { return code<tx::vote>(x); }

constexpr tx::emission_split half{50, 50};

/// The vote's real amounts and times; a block may pass 3,000 s, so that a month is a thousand.
parameters slow_chain() {
  auto p = default_preset();
  p.heavy.idle_ms = 1'000'000;
  p.committee_term_ms = 400 * day_ms;
  p.emission_start_unix = 0;
  p.transaction_fee = {};
  return p;
}

genesis holders() {
  auto result = test_genesis(slow_chain());
  for (std::uint32_t i = 0; i < 6; ++i)
    result.accounts[user_key(i).identity] = dg(200'000);
  return result;
}

struct assembly {
  world w{holders()};
  const parameters& p() const { return w.start.params; }
  std::uint64_t live() const { return w.machine.now().clock->live_ms; }
  void pass(std::uint64_t ms) {
    for (const auto until = live() + ms; live() < until;)
      w.block({}, std::min<std::uint64_t>(until - live(), 3'000'000));
  }
  std::uint16_t draft(std::uint32_t user, amount lock, std::uint64_t ahead_ms,
                      tx::proposal_content content = half) {
    return w.pay(user_key(user), tx::propose{content, live() + 100 + ahead_ms, lock}).code;
  }
  std::uint16_t support(std::uint32_t user, std::uint64_t number, amount lock) {
    return w.pay(user_key(user), tx::support{number, lock}).code;
  }
  std::uint16_t vote(std::uint32_t user, std::uint64_t number, bool yes, amount lock) {
    return w.pay(user_key(user), tx::vote{number, yes, lock}).code;
  }
  /// Proposal 1, open and in its voting time.
  void open_first() {
    REQUIRE(draft(0, dg(100'000), p().vote_start_min_ms) == 0);
    pass(p().vote_start_min_ms);
  }
  happened::proposal_ended end() {
    pass(p().vote_length_ms);
    return w.heard<happened::proposal_ended>().back();
  }
};

}  // namespace

TEST_CASE("R31 a burn vote starts 3 to 60 days ahead, no earlier and no later") {
  assembly a;
  CHECK(a.draft(0, dg(100'000), a.p().vote_start_min_ms - 1) ==
        drafting(vote_check::starts_too_early));
  CHECK(a.draft(0, dg(100'000), a.p().vote_start_max_ms + 1) ==
        drafting(vote_check::starts_too_late));
  CHECK(a.draft(0, dg(20), a.p().vote_start_min_ms) == 0);
  CHECK(a.draft(0, dg(20), a.p().vote_start_max_ms) == 0);
}

TEST_CASE("R31 the percentages of a burn vote sum to 100, and go to the pool and the fire only") {
  assembly a;
  for (const auto& [reward, burn] : {std::pair{50, 49}, {50, 51}, {0, 0}, {100, 100}, {200, 156}})
    CHECK(a.draft(0, dg(100'000), a.p().vote_start_min_ms,
                  tx::emission_split{static_cast<std::uint8_t>(reward),
                                     static_cast<std::uint8_t>(burn)}) ==
          drafting(vote_check::percentages));
  CHECK(a.draft(0, dg(20), a.p().vote_start_min_ms, tx::emission_split{0, 100}) == 0);
  CHECK(a.draft(0, dg(20), a.p().vote_start_min_ms, tx::emission_split{100, 0}) == 0);
}

TEST_CASE("R31 holders together lock 100,000 DG to open, nobody less than 20, nobody what it lacks") {
  assembly a;
  CHECK(a.draft(0, dg(20) - amount{1}, day_ms * 5) == drafting(vote_check::lock_too_small));
  CHECK(a.draft(0, dg(200'001), day_ms * 5) == drafting(vote_check::insufficient_funds));
  REQUIRE(a.draft(0, dg(60'000), day_ms * 5) == 0);
  CHECK(a.support(1, 1, dg(20) - amount{1}) == supporting(vote_check::lock_too_small));
  CHECK(a.support(1, 9, dg(20)) == supporting(vote_check::unknown_proposal));
  REQUIRE(a.support(1, 1, dg(40'000) - amount{1}) == 0);
  CHECK(a.w.heard<happened::proposal_opened>().empty());
  REQUIRE(a.support(2, 1, dg(20)) == 0);
  CHECK(a.w.heard<happened::proposal_opened>().size() == 1);
  CHECK(a.w.machine.where_supply_is().vote_locks == dg(100'020) - amount{1});
  CHECK(a.support(3, 1, dg(20)) == supporting(vote_check::unknown_proposal));  // it is open now
}

TEST_CASE("R31 nobody votes before the start, after the end, twice, or with less than 20 DG") {
  assembly a;
  REQUIRE(a.draft(0, dg(100'000), a.p().vote_start_min_ms) == 0);
  CHECK(a.vote(1, 1, true, dg(20)) == voting(vote_check::not_started));
  a.pass(a.p().vote_start_min_ms);
  CHECK(a.vote(1, 1, true, dg(20) - amount{1}) == voting(vote_check::lock_too_small));
  CHECK(a.vote(1, 1, true, dg(200'001)) == voting(vote_check::insufficient_funds));
  CHECK(a.vote(1, 2, true, dg(20)) == voting(vote_check::unknown_proposal));
  CHECK(a.vote(1, 1, true, dg(20)) == 0);
  CHECK(a.vote(1, 1, false, dg(20)) == voting(vote_check::already_voted));
  CHECK(a.vote(0, 1, false, dg(20)) == 0);  // whoever pooled may vote either way
  (void)a.end();
  CHECK(a.vote(2, 1, true, dg(20)) == voting(vote_check::unknown_proposal));  // it is counted
}

TEST_CASE("R31 a vote in the block of the end is too late, in the one before it counts") {
  assembly a;
  a.open_first();
  const auto opened = a.w.heard<happened::proposal_opened>().back();
  CHECK(opened.end_ms - opened.start_ms == 30 * day_ms);
  a.pass(opened.end_ms - a.live() - 200);
  CHECK(a.vote(1, 1, true, dg(20)) == 0);  // executed 100 ms before the end
  CHECK(a.vote(2, 1, true, dg(20)) == voting(vote_check::unknown_proposal));
  CHECK(a.w.heard<happened::proposal_ended>().size() == 1);
}

TEST_CASE("R31 a passed vote burns its percentage of later releases, emission itself stays the same") {
  assembly a;
  a.open_first();
  REQUIRE(a.vote(1, 1, true, dg(150'000)) == 0);
  REQUIRE(a.vote(2, 1, false, dg(149'999)) == 0);
  const auto ended = a.end();
  CHECK(ended.outcome == vote_outcome::passed);
  CHECK(ended.yes == dg(150'000));
  CHECK(ended.no == dg(149'999));
  const auto before = a.w.machine.where_supply_is();
  const auto burns = a.w.heard<happened::emission_burned>().size();
  const auto day = a.w.machine.now().treasury->emission_day;
  a.pass(3 * day_ms);
  const auto after = a.w.machine.where_supply_is();
  const auto released = emission_released(day + 3) - emission_released(day);
  CHECK(before.unreleased - after.unreleased == released);
  CHECK((after.burned - before.burned).units * 2 == released.units);
  CHECK((after.reward_pool - before.reward_pool).units * 2 == released.units);
  CHECK(a.w.heard<happened::emission_burned>().size() == burns + 3);
}

TEST_CASE("R31 every lock returns after the count, whether the vote passed or failed") {
  for (const bool yes : {true, false}) {
    assembly a;
    const auto balance = [&a](std::uint32_t user) { return a.w.balance(user_key(user)); };
    REQUIRE(a.draft(0, dg(90'000), a.p().vote_start_min_ms + day_ms) == 0);
    REQUIRE(a.support(3, 1, dg(10'000)) == 0);
    CHECK(balance(0) == dg(110'000));
    a.pass(a.p().vote_start_min_ms + day_ms);
    REQUIRE(a.vote(1, 1, yes, dg(130'000)) == 0);
    CHECK(balance(1) == dg(70'000));
    (void)a.end();
    for (std::uint32_t user = 0; user < 4; ++user)
      CHECK(balance(user) == dg(200'000));
    CHECK(a.w.machine.where_supply_is().vote_locks == amount{});
    CHECK(a.w.machine.now().governance->split == (yes ? half : tx::emission_split{}));
  }
}

TEST_CASE("R31 ties, minorities and votes below the quorum keep the status quo") {
  CHECK(ledger::outcome_of({10}, {10}, {20}) == vote_outcome::rejected);
  CHECK(ledger::outcome_of({10}, {11}, {20}) == vote_outcome::rejected);
  CHECK(ledger::outcome_of({11}, {10}, {21}) == vote_outcome::passed);
  CHECK(ledger::outcome_of({11}, {10}, {22}) == vote_outcome::no_quorum);
  CHECK(ledger::outcome_of({}, {}, {}) == vote_outcome::rejected);
  assembly a;
  a.open_first();
  // 10 % of what seven validators, four authors and six users hold: 124,770 DG.
  REQUIRE(a.vote(1, 1, true, dg(124'769)) == 0);
  const auto ended = a.end();
  CHECK(ended.outcome == vote_outcome::no_quorum);
  CHECK(ended.quorum == dg(124'770));
  CHECK(a.w.machine.now().governance->split == tx::emission_split{});
}

TEST_CASE("R31 one proposal at a time, and a further one opens after the first is counted") {
  assembly a;
  a.open_first();
  const auto until_end = a.w.heard<happened::proposal_opened>().back().end_ms - a.live();
  // Its notice of three days would end before the first is counted: it lapses, locks and all.
  REQUIRE(a.draft(1, dg(100'000), a.p().vote_start_min_ms) == 0);
  REQUIRE(a.draft(2, dg(100'000), until_end + a.p().vote_start_min_ms + day_ms) == 0);
  CHECK(a.w.heard<happened::proposal_opened>().size() == 1);
  a.pass(day_ms);
  CHECK(a.w.heard<happened::proposal_ended>().back().proposal == 2);
  CHECK(a.w.heard<happened::proposal_ended>().back().outcome == vote_outcome::lapsed);
  CHECK(a.w.balance(user_key(1)) == dg(200'000));
  a.pass(until_end - day_ms);
  CHECK(a.w.heard<happened::proposal_ended>().back().proposal == 1);
  REQUIRE(a.w.heard<happened::proposal_opened>().size() == 2);
  CHECK(a.w.heard<happened::proposal_opened>().back().proposal == 3);
  a.pass(a.p().vote_start_min_ms + day_ms);
  CHECK(a.vote(3, 3, true, dg(20)) == 0);
}

TEST_CASE("R31 a draft whose pool stays short lapses three days before its start") {
  assembly a;
  REQUIRE(a.draft(0, dg(99'999), a.p().vote_start_min_ms + day_ms) == 0);
  a.pass(day_ms);
  CHECK(a.w.machine.now().governance->drafts.size() == 1);
  a.pass(1'000);
  CHECK(a.w.machine.now().governance->drafts.empty());
  CHECK(a.w.balance(user_key(0)) == dg(200'000));
}

TEST_CASE("R31 drafts are few, and a larger lock takes the place of the smallest") {
  assembly a;
  for (std::size_t i = 0; i < ledger::drafts_max; ++i)
    REQUIRE(a.draft(0, dg(30 + i), 50 * day_ms) == 0);
  CHECK(a.draft(1, dg(30), 50 * day_ms) == drafting(vote_check::drafts_full));
  CHECK(a.draft(1, dg(31), 50 * day_ms) == 0);
  CHECK(a.w.heard<happened::proposal_ended>().back().proposal == 1);
  CHECK(a.w.machine.now().governance->drafts.size() == ledger::drafts_max);
}

TEST_CASE("attack: capture of the burn vote by 100,000 returnable DG gains nothing and moves nothing") {
  assembly a;
  a.open_first();
  REQUIRE(a.vote(0, 1, true, dg(100'000)) == 0);  // all else that the captor holds
  CHECK(a.end().outcome == vote_outcome::no_quorum);
  const auto pool = a.w.machine.where_supply_is().reward_pool;
  const auto day = a.w.machine.now().treasury->emission_day;
  a.pass(day_ms);
  CHECK(a.w.machine.where_supply_is().reward_pool - pool ==
        emission_released(day + 1) - emission_released(day));
  CHECK(a.w.balance(user_key(0)) == dg(200'000));
}
