#include "tests/support/ledger_fixture.hpp"

using namespace ledger_test;

namespace {

ledger::transaction_body random_body(world& w, std::mt19937_64& random,
                                     std::vector<session_id>& sessions, std::uint32_t user) {
  const amount value{random() % 50 * units_per_dg + random() % 1'000};
  const auto session = sessions.empty() ? session_id{} : sessions[random() % sessions.size()];
  switch (random() % 7) {
    case 0: return tx::transfer{user_key(random() % 6).identity, value};
    case 1: return tx::open_session{static_cast<tx::pairing_mode>(random() % 2),
                                    random() % (3 * nano_per_dg), value};
    case 2: return tx::close_session{session};
    case 3: return tx::join{.operator_id = 50 + user, .stake = dg(900 + random() % 300), .ask = 1,
                            .name = "j"};
    case 4: return tx::set_ask{random() % (3 * nano_per_dg)};
    case 5: {
      const auto first = static_cast<std::uint32_t>(random() % 6);
      return w.report(session, {w.answer(session, first, 5), w.answer(session, first + 1, 9)});
    }
    default: return random() % 20 == 0 ? ledger::transaction_body{tx::leave{}}
                                       : ledger::transaction_body{tx::set_ask{nano_per_dg}};
  }
}

}  // namespace

TEST_CASE("R29 2,000 random transactions leave exactly 30,000,000 DG, and replay to one root") {
  std::random_device device;
  const auto seed = std::uint64_t{device()} << 32 | device();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  world w;
  std::vector<session_id> sessions;
  std::size_t applied = 0;
  for (int i = 0; i < 2'000; ++i) {
    const auto user = static_cast<std::uint32_t>(random() % 6);
    const auto who = random() % 4 == 0 ? validator_key(user) : user_key(user);
    auto body = random_body(w, random, sessions, user);
    const bool is_echo = std::holds_alternative<tx::echo_report>(body);
    const auto done = is_echo ? w.say(who, std::move(body)) : w.pay(who, std::move(body));
    applied += done.code == 0;
    sessions.clear();
    for (const auto& [id, session] : w.machine.now().sessions->all)
      sessions.push_back(id);
    REQUIRE(ledger::total(w.machine.where_supply_is()) == dg(30'000'000));
  }
  CHECK(applied > 100);
  ledger::ledger_machine again(w.start, w.checker, w.mock());
  for (const auto& block : w.blocks)
    (void)again.execute(block);
  CHECK(again.state_root() == w.machine.state_root());
}
