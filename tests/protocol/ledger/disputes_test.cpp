#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/disputes.hpp"
#include "protocol/ledger/staking.hpp"

using namespace ledger_test;
using ledger::dispute_check;
using happened::standing;

namespace {

template <class Body>
std::uint16_t number(dispute_check x) {
  return code<Body>(x);
}

/// A session of user 0 that validator 0 serves.
struct court {
  world w;
  session_id session = w.paired_session(user_key(0), dg(1'000));
  job work = w.make_job(user_key(0), session);

  /// Validator 0's second receipt for the same job, over another result.
  receipt twin(const job& x, const digest& result = hash("other")) const {
    auto paper = x.paper;
    paper.content.commitment = commitment_of(x.salt, x.id(), 0, {0}, result);
    paper.validator = sign(validator_key(0), receipt_statement(paper.order.content, paper.content,
                                                               paper.deadline_ms));
    return paper;
  }
  /// `work` with a deadline that has passed.
  job overdue() {
    auto x = w.make_job(user_key(0), session);
    x.paper.deadline_ms = 0;
    x.paper.validator = sign(validator_key(0), receipt_statement(x.paper.order.content,
                                                                 x.paper.content, 0));
    return x;
  }
};

}  // namespace

TEST_CASE("two receipts over one job convict as equivocated without a draw, once") {
  court c;
  const tx::twin_receipts both{c.work.paper, c.twin(c.work)};
  CHECK(c.w.prove(tx::twin_receipts{c.work.paper, c.work.paper}).code ==
        number<tx::twin_receipts>(dispute_check::not_twins));
  auto forged = both;
  forged.second.validator = {};
  CHECK(c.w.prove(forged).code == number<tx::twin_receipts>(dispute_check::bad_receipt));
  const auto user = c.w.balance(user_key(0));
  REQUIRE(c.w.prove(both).code == 0);
  CHECK(c.w.validator(0).stake == dg(660));
  CHECK(c.w.validator(0).standing() == standing::expelled);
  CHECK(c.w.balance(user_key(0)) - user == dg(1));  // the price, and no more
  CHECK(c.w.machine.where_supply_is().burned == dg(339));
  CHECK(c.w.heard<happened::slashed>().back().reason == "equivocated");
  CHECK(c.w.prove(both).code == number<tx::twin_receipts>(dispute_check::already_convicted));
}

TEST_CASE("one equivocation is one offence: rule c and twin receipts do not both slash for it") {
  for (const bool twins_first : {true, false}) {
    court c;
    const auto other = c.twin(c.work);
    const tx::twin_receipts both{c.work.paper, other};
    c.w.settle(c.work, 1);
    c.w.open(c.work);
    c.w.check_all(c.work, {c.work.result});
    REQUIRE(c.w.open_commitment(c.work).code == 0);
    auto shown = c.w.evidence(user_key(0), c.work, hash("other"));
    shown.held = other;
    shown.salt = c.work.salt;
    if (twins_first)
      REQUIRE(c.w.prove(both).code == 0);
    REQUIRE(c.w.say(user_key(0), shown).code == 0);
    c.w.block();
    CHECK(c.w.audit(c.work).ruling.rule == audit_rule::c);
    if (!twins_first)
      CHECK(c.w.prove(both).code == number<tx::twin_receipts>(dispute_check::already_convicted));
    c.w.wait(c.w.start.params.appeal_window_ms + 500);
    CHECK(c.w.audit(c.work).settled);
    CHECK(c.w.validator(0).stake == dg(660));
    CHECK(c.w.validator(0).slashed == dg(340));
  }
}

TEST_CASE("attack: a leaf forged in another's name convicts nobody") {
  court c;
  auto forged = c.twin(c.work);
  forged.validator = sign(validator_key(1), receipt_statement(forged.order.content, forged.content,
                                                              forged.deadline_ms));
  CHECK(c.w.prove(tx::twin_receipts{c.work.paper, forged}).code ==
        number<tx::twin_receipts>(dispute_check::bad_receipt));
  const auto other = c.w.make_job(user_key(1), c.session);  // no ticket of the session's user
  CHECK(c.w.say(user_key(1), tx::ask_for_leaf{other.paper}).code ==
        number<tx::ask_for_leaf>(dispute_check::bad_receipt));
  CHECK(c.w.validator(0).stake == dg(1'000));
}

TEST_CASE("two tickets for one job and attempt forfeit the user's bond to the audit fund") {
  court c;
  auto second = c.work.paper.order;
  second.content.units_max = 7;
  second.user = sign(user_key(0), ticket_statement(second.content));
  CHECK(c.w.prove(tx::twin_tickets{c.work.paper.order, c.work.paper.order}).code ==
        number<tx::twin_tickets>(dispute_check::not_twins));
  auto forged = second;
  forged.user = sign(user_key(1), ticket_statement(second.content));
  CHECK(c.w.prove(tx::twin_tickets{c.work.paper.order, forged}).code ==
        number<tx::twin_tickets>(dispute_check::bad_receipt));
  REQUIRE(c.w.prove(tx::twin_tickets{c.work.paper.order, second}).code == 0);
  CHECK(c.w.machine.find_session(c.session)->bond == amount{});
  CHECK(c.w.machine.where_supply_is().audit_fund == dg(5));
  CHECK(c.w.prove(tx::twin_tickets{c.work.paper.order, second}).code ==
        number<tx::twin_tickets>(dispute_check::already_convicted));
}

TEST_CASE("a receipt whose leaf nobody shows within the grace period is withheld") {
  court c;
  CHECK(c.w.say(user_key(2), tx::ask_for_leaf{c.work.paper}).code ==
        number<tx::ask_for_leaf>(dispute_check::too_early));
  const auto x = c.overdue();
  const auto asker = c.w.balance(user_key(2));
  REQUIRE(c.w.say(user_key(2), tx::ask_for_leaf{x.paper}).code == 0);
  CHECK(c.w.machine.where_supply_is().deposits ==
        c.w.start.params.opening_fee + c.w.start.params.echo_deposit);
  CHECK(c.w.say(user_key(2), tx::ask_for_leaf{x.paper}).code ==
        number<tx::ask_for_leaf>(dispute_check::already_asked));
  c.w.wait(c.w.start.params.audit_grace_ms - 1'000);
  CHECK(c.w.validator(0).stake == dg(1'000));
  c.w.wait(1'000);
  CHECK(c.w.validator(0).stake == dg(660));
  CHECK(c.w.heard<happened::slashed>().back().reason == "withheld");
  CHECK(c.w.balance(user_key(2)) == asker);  // the deposit is back
  CHECK(c.w.say(user_key(2), tx::ask_for_leaf{x.paper}).code ==
        number<tx::ask_for_leaf>(dispute_check::already_convicted));
}

TEST_CASE("a leaf that the Fast Chain ordered answers the question, and its asker pays for it") {
  court c;
  const auto x = c.overdue();
  c.w.settle(x, 1);
  REQUIRE(c.w.say(user_key(2), tx::ask_for_leaf{x.paper}).code == 0);
  const tx::show_leaf answer{x.paper, c.w.checkpoints, 0, {}};
  auto wrong = answer;
  wrong.checkpoint = 9;
  CHECK(c.w.prove(wrong).code == number<tx::show_leaf>(dispute_check::bad_path));
  wrong = answer;
  wrong.content = c.twin(x);
  CHECK(c.w.prove(wrong).code == number<tx::show_leaf>(dispute_check::not_twins));
  const auto before = c.w.balance(validator_key(0));
  REQUIRE(c.w.prove(answer).code == 0);
  CHECK(c.w.balance(validator_key(0)) - before == c.w.start.params.opening_fee);
  CHECK(c.w.prove(answer).code == number<tx::show_leaf>(dispute_check::not_asked));
  c.w.wait(c.w.start.params.audit_grace_ms + 500);
  for (const auto& slash : c.w.heard<happened::slashed>())
    CHECK(slash.reason == "unopened");  // its committee left the drawn leaf closed
}

TEST_CASE("attack: withheld leaves by a committee hurt nobody: the validator posts its leaf on Heavy, "
          "for Fast to order") {
  court c;
  const auto x = c.overdue();
  REQUIRE(c.w.say(user_key(2), tx::ask_for_leaf{x.paper}).code == 0);
  REQUIRE(c.w.prove(tx::show_leaf{x.paper, 0, 0, {}}).code == 0);
  CHECK(c.w.heard<happened::leaf_shown>().back().posted);
  c.w.wait(c.w.start.params.audit_grace_ms + 500);
  CHECK(c.w.validator(0).stake == dg(1'000));
}

TEST_CASE("attack: asking for leaves of long ago puts no honest validator at risk: posting one again "
          "answers, and Heavy draws nothing by itself") {
  court c;
  const auto x = c.overdue();
  REQUIRE(c.w.say(user_key(2), tx::ask_for_leaf{x.paper}).code == 0);
  REQUIRE(c.w.prove(tx::show_leaf{x.paper, 0, 0, {}}).code == 0);
  for (int i = 0; i < 5; ++i)
    CHECK(c.w.block().beacon_requests.empty());
  CHECK(c.w.machine.now().audits->empty());
}

TEST_CASE("attack: honest leaves only: a wrong result kept off the chain is a leaf to be asked for") {
  court c;
  const auto bad = c.overdue();
  c.w.settle(c.work, 1);  // only the honest job's leaf goes to the Fast Chain
  REQUIRE(c.w.say(user_key(0), tx::ask_for_leaf{bad.paper}).code == 0);
  CHECK(c.w.prove(tx::show_leaf{bad.paper, c.w.checkpoints, 0, {}}).code ==
        number<tx::show_leaf>(dispute_check::bad_path));
  c.w.wait(c.w.start.params.audit_grace_ms + 500);
  CHECK(c.w.heard<happened::slashed>().back().reason == "withheld");
  CHECK(c.w.validator(0).standing() == standing::expelled);
}

TEST_CASE("who leaves keeps its stake there while a leaf of it is asked for") {
  court c;
  const auto x = c.overdue();
  REQUIRE(c.w.pay(validator_key(0), tx::leave{}).code == 0);
  c.w.wait(c.w.start.params.unbonding_ms - c.w.start.params.audit_grace_ms - 2'000);
  REQUIRE(c.w.say(user_key(2), tx::ask_for_leaf{x.paper}).code == 0);
  c.w.wait(3'000);
  CHECK(c.w.say(user_key(2), tx::ask_for_leaf{c.overdue().paper}).code ==
        number<tx::ask_for_leaf>(dispute_check::too_late));
  c.w.wait(c.w.start.params.audit_grace_ms);
  CHECK(c.w.heard<happened::slashed>().back().reason == "withheld");
}

TEST_CASE("R27 stake may be added, and counts for the next slash") {
  world w;
  const auto number_of = [](ledger::staking_check x) { return code<tx::add_stake>(x); };
  CHECK(w.pay(user_key(0), tx::add_stake{dg(1)}).code ==
        number_of(ledger::staking_check::not_a_validator));
  CHECK(w.pay(validator_key(0), tx::add_stake{}).code ==
        number_of(ledger::staking_check::no_value));
  CHECK(w.pay(validator_key(0), tx::add_stake{dg(101)}).code ==
        number_of(ledger::staking_check::insufficient_funds));
  REQUIRE(w.pay(validator_key(0), tx::add_stake{dg(100)}).code == 0);
  CHECK(w.validator(0).stake == dg(1'100));
  REQUIRE(w.pay(validator_key(0), tx::leave{}).code == 0);
  CHECK(w.pay(validator_key(0), tx::add_stake{dg(1)}).code ==
        number_of(ledger::staking_check::not_active));
}

TEST_CASE("attack: three offences with top-ups between cost as much as the whole stake") {
  auto start = test_genesis(all_drawn(), dg(3'500));
  start.accounts[validator_key(0).identity] = dg(5'000);
  world w(start);
  const auto id = w.paired_session(user_key(0), dg(1'000));
  for (int i = 0; i < 3; ++i) {
    const auto x = w.make_job(user_key(0), id);
    auto second = x.paper;
    second.content.commitment = hash("other", i);
    second.validator = sign(validator_key(0), receipt_statement(second.order.content, second.content,
                                                                second.deadline_ms));
    REQUIRE(w.prove(tx::twin_receipts{x.paper, second}).code == 0);
    if (i < 2)
      REQUIRE(w.pay(validator_key(0), tx::add_stake{dg(1'190)}).code == 0);
  }
  CHECK(w.validator(0).slashed == dg(3 * 1'190));
  CHECK(w.validator(0).slashed > dg(3'500));
}
