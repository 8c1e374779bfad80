#include "tests/support/committee_fixture.hpp"

using namespace ledger_test;

namespace {

/// One step of somebody: candidates come and go, members deal or do not, committees close or die,
/// and twins are signed now and then.
bytes random_step(committee_world& w, std::mt19937_64& random) {
  const auto who = user_key(static_cast<std::uint32_t>(random() % 6));
  const auto& of = random() % 2 == 0 ? w.heavy() : w.fast();
  switch (random() % 8) {
    case 0:
      return w.money(who, tx::stand{dg(random() % 9'000)});
    case 1:
      return w.money(who, tx::stand_down{});
    case 2:
      if (random() % 8 == 0)
        return ledger::make_unsigned(
          w.chain(), w.twins(of.now, static_cast<std::uint16_t>(random() % of.now.size())));
      return w.money(who, tx::transfer{user_key(7).identity, dg(1)});
    case 3:
      return ledger::make_unsigned(w.chain(), w.make_checkpoint(w.empty_content()));
    case 4:
      if (random() % 8 == 0)
        return ledger::make_unsigned(w.chain(), w.make_checkpoint(w.empty_content(true)));
      [[fallthrough]];
    default:
      if (!of.next || random() % 2 == 0)
        return w.money(validator_key(static_cast<std::uint32_t>(random() % 12)),
                       tx::set_ask{1 + random() % 9});
      const auto& next = of.next->next;
      return w.dealing_transaction(next, static_cast<std::uint16_t>(random() % next.size()));
  }
}

/// Who serves has keys of its own, came by election, and stakes of answerable members are here.
void check_committees(const committee_world& w) {
  for (const auto* chain : {&w.heavy(), &w.fast()}) {
    const std::set<public_key> keys(chain->now.authors.begin(), chain->now.authors.end());
    REQUIRE(keys.size() == chain->now.size());
    REQUIRE(std::is_sorted(chain->now.ids.begin(), chain->now.ids.end()));
    REQUIRE(chain->now.coin.shares.size() == chain->now.size());
    REQUIRE(chain->past.size() < answerable_committees_max);
    if (chain->next)
      REQUIRE(chain->next->next.epoch == chain->now.epoch + 1);
  }
}

}  // namespace

TEST_CASE("random elections, coins, hand-overs and twins: supply, snapshots and replay hold") {
  std::random_device device;
  const auto seed = std::uint64_t{device()} << 32 | device();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  committee_world w(election_genesis(with_committees(5, 5, 40), 8));
  std::set<std::pair<bool, bool>> phases;
  std::size_t epochs = 0;
  for (int i = 0; i < 500; ++i) {
    const auto epoch = w.heavy().now.epoch;
    const auto done = w.block({random_step(w, random), random_step(w, random)}, 500);
    REQUIRE(done.next.has_value() == (w.heavy().now.epoch != epoch));
    epochs += done.next.has_value();
    check_committees(w);
    phases.insert({w.heavy().next.has_value(), w.fast().next.has_value()});
    REQUIRE(ledger::total(w.machine.where_supply_is()) == dg(30'000'000));
    if (i % 10 != 0)
      continue;
    ledger::ledger_machine other(w.start, w.checker, w.mock());
    const auto saved = w.machine.snapshot();
    REQUIRE(other.restore(saved));
    REQUIRE(other.snapshot() == saved);
    const auto known = w.blocks.size();
    (void)w.block({random_step(w, random)}, 500);
    (void)other.execute(w.blocks[known]);
    REQUIRE(other.state_root() == w.machine.state_root());
  }
  CHECK(epochs > 0);
  CHECK(phases.size() > 1);
  ledger::ledger_machine again(w.start, w.checker, w.mock());
  for (const auto& block : w.blocks)
    (void)again.execute(block);
  CHECK(again.state_root() == w.machine.state_root());
}
