#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/governance.hpp"
#include "protocol/ledger/sessions.hpp"

using namespace ledger_test;
using ledger::vote_check;

namespace {

using rows = std::vector<std::pair<std::string, std::string>>;

struct assembly {
  world w;
  chain::transaction_outcome draft(rows changes, std::uint32_t delay_blocks = 5) {
    const auto start = w.machine.now().clock->live_ms + 100 + w.start.params.vote_start_min_ms;
    return w.pay(user_key(0), tx::propose{tx::parameter_change{std::move(changes), delay_blocks},
                                          start, dg(1'000)});
  }
  /// Drafts, votes for and counts a change. @returns the height from which it holds
  std::uint64_t pass(rows changes, std::uint32_t delay_blocks = 5) {
    const auto done = draft(std::move(changes), delay_blocks);
    REQUIRE_MESSAGE(done.code == 0, done.reason);
    const auto number = w.machine.now().governance->open->first;
    w.wait(w.start.params.vote_start_min_ms);
    for (std::uint32_t user = 0; user < 2; ++user)
      REQUIRE(w.pay(user_key(user), tx::vote{number, true, dg(8'000)}).code == 0);
    while (w.machine.now().governance->open)
      w.block({}, 500);
    REQUIRE_FALSE(w.machine.now().governance->scheduled.empty());
    return w.heard<happened::change_scheduled>().back().height;
  }
  amount bond_of_new_session(std::uint32_t user) {
    return w.machine.find_session(w.open_session(user_key(user), dg(1)))->bond;
  }
};

}  // namespace

TEST_CASE("R28 a voted table holds from its activation height on, and not a block earlier") {
  assembly a;
  const auto height = a.pass({{"user_bond", "7 DG"}, {"revision", "2"}});
  CHECK(height == a.w.machine.height() + 5);
  while (a.w.machine.height() + 2 < height)
    a.w.block();
  CHECK(a.bond_of_new_session(2) == dg(5));  // in block height - 1
  CHECK(a.w.machine.params().revision == 1);
  CHECK(a.bond_of_new_session(3) == dg(7));  // in block height
  CHECK(a.w.machine.params().revision == 2);
}

TEST_CASE("R28 old blocks replay under old rows, from genesis and from a snapshot before the vote") {
  assembly a;
  CHECK(a.bond_of_new_session(2) == dg(5));
  ledger::ledger_machine restored(a.w.start, a.w.checker, world::mock());
  REQUIRE(restored.restore(a.w.machine.snapshot()));
  const auto height = a.pass({{"user_bond", "7 DG"}});
  while (a.w.machine.height() < height)
    a.w.block();
  CHECK(a.bond_of_new_session(3) == dg(7));
  ledger::ledger_machine again(a.w.start, a.w.checker, world::mock());
  for (const auto& block : a.w.blocks) {
    (void)again.execute(block);
    if (block.height > restored.height())
      (void)restored.execute(block);
  }
  CHECK(again.state_root() == a.w.machine.state_root());
  CHECK(restored.state_root() == a.w.machine.state_root());
  CHECK(again.params() == a.w.machine.params());
}

TEST_CASE("R28 a change that breaks a gate is refused with formula and numbers") {
  assembly a;
  const auto refuses = [&a](rows changes, vote_check why, const char* sentence,
                            std::uint32_t delay_blocks = 5) {
    const auto done = a.draft(std::move(changes), delay_blocks);
    CHECK(done.code == code<tx::propose>(why));
    CHECK_MESSAGE(done.reason.find(sentence) != std::string::npos, done.reason);
  };
  refuses({{"bounty", "300 DG"}}, vote_check::breaks_gate, "deterrence gate: V = margin");
  refuses({{"fee_audit_permille", "100"}, {"fee_validator_permille", "880"}},
          vote_check::breaks_gate, "audit-fund gate: fee_audit_permille must reach");
  refuses({{"fee_burn_permille", "21"}}, vote_check::breaks_gate, "must be 1000, are 1001");
  refuses({{"user_bond", "much"}}, vote_check::bad_row, "'much' is no value");
  refuses({{"user_bonds", "1"}}, vote_check::bad_row, "a row 'user_bonds'");
  refuses({}, vote_check::bad_row, "0 rows");
  refuses({{"epoch_ms", "1000"}}, vote_check::fixed_row, "epoch_ms is fixed by genesis");
  refuses({{"heavy.idle_ms", "1000"}}, vote_check::fixed_row, "fixed by genesis");
  refuses({{"user_bond", "1"}}, vote_check::bad_delay, "not 0", 0);
  CHECK(a.w.machine.now().governance->drafts.empty());
}

TEST_CASE("R28 a second change builds on the first, also while that one waits for its height") {
  assembly a;
  const auto first = a.pass({{"user_bond", "7 DG"}}, 400);
  const auto second = a.pass({{"appeal_bond", "60 DG"}}, 1);
  CHECK(second >= first);  // never before the table it builds on
  while (a.w.machine.height() < std::max(first, second))
    a.w.block();
  CHECK(a.w.machine.params().user_bond == dg(7));
  CHECK(a.w.machine.params().appeal_bond == dg(60));
}

TEST_CASE("params: the rows that no vote may change are rows") {
  std::size_t fixed = 0;
  for (const auto& row : parameter_rows(default_preset()))
    fixed += fixed_by_genesis(row.name);
  CHECK(fixed == 12 + 14);
  CHECK_FALSE(fixed_by_genesis("audit_rate_ppm"));
}
