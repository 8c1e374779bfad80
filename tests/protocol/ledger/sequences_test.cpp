// Longer: `ledger_sequences`, with its record beside it.
#include "tests/protocol/ledger/sequences.hpp"

using namespace ledger_test;

TEST_CASE("R29 random lives of a chain conserve the supply, and replay from genesis and snapshots") {
  std::random_device device;
  const auto seed = std::uint64_t{device()} << 32 | device();
  INFO("seed " << seed);
  sequences life(seed);
  for (int i = 0; i < 150; ++i) {
    life.step();
    REQUIRE(ledger::total(life.chain().machine.where_supply_is()) == dg(30'000'000));
  }
  CHECK(life.applied() > 200);
  CHECK(life.applied() < life.sent());
  CHECK(life.replays());
}
