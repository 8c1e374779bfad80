// What a role remembers of the Heavy Chain from its events alone.

#include "tests/support/ledger_fixture.hpp"

#include "protocol/ledger/view.hpp"

using namespace ledger_test;

TEST_CASE("R28 whoever follows the events has the table in force at every height of a vote's life, "
          "whether it hears every block or only some") {
  world w;
  auto every = ledger::view_of(w.start);
  auto seldom = every;
  std::vector<ledger::block_events> unheard;
  const auto hear = [&] {
    const auto& told = w.machine.announced();
    every.params.reach(told.height);
    for (const auto& x : told.events)
      ledger::apply(every, x);
    unheard.push_back(told);
    CHECK(every.rules() == w.machine.params());
    if (told.height % 7 != 0)
      return;
    for (const auto& block : unheard) {
      seldom.params.reach(block.height);
      for (const auto& x : block.events)
        ledger::apply(seldom, x);
    }
    unheard.clear();
    CHECK(seldom.rules() == w.machine.params());
  };
  const auto run = [&](bytes transaction) {
    REQUIRE(w.run(std::move(transaction)).code == 0);
    hear();
  };
  const auto wait_until = [&](auto done) {
    while (!done()) {
      w.block({}, 500);
      hear();
    }
  };
  for (const auto* value : {"7 DG", "9 DG"}) {
    const auto start = w.machine.now().clock->live_ms + 100 + w.start.params.vote_start_min_ms;
    run(w.money(user_key(0), tx::propose{tx::parameter_change{{{"user_bond", value}}, 9}, start,
                                         dg(1'000)}));
    const auto number = w.machine.now().governance->open->first;
    wait_until([&] { return w.machine.now().clock->live_ms >= start; });
    for (std::uint32_t user = 0; user < 2; ++user)
      run(w.money(user_key(user), tx::vote{number, true, dg(8'000)}));
    wait_until([&] { return !w.machine.now().governance->open; });
    wait_until([&] { return w.machine.now().governance->scheduled.empty(); });
  }
  CHECK(every.rules().user_bond == dg(9));
  CHECK(every.params.scheduled.empty());
}
