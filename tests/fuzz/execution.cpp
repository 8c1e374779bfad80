// Transactions under the rules of either chain, every signature taken for good: no rule may stop
// the machine, and whatever is applied conserves the supply.

#include "tests/fuzz/filler.hpp"
#include "tests/fuzz/worlds.hpp"

namespace datagen::fuzz {

namespace {

/// A block with `transaction` alone, behind the last one.
protocol::chain::block_input block_of(const protocol::chain::state_machine& machine,
                                      std::uint32_t epoch, std::uint64_t now_ms,
                                      byte_view transaction) {
  protocol::consensus::signed_vertex v;
  v.body.transactions = {bytes{transaction.begin(), transaction.end()}};
  protocol::chain::block_input result{
    .epoch = epoch, .height = machine.height() + 1, .timestamp_ms = now_ms};
  result.vertices.push_back(protocol::consensus::seal(std::move(v)));
  return result;
}

/// As a mempool and then a block meet it.
template <class Machine>
protocol::chain::block_result run(Machine& machine, std::uint32_t epoch, std::uint64_t now_ms,
                                  byte_view transaction) {
  (void)machine.check(transaction);
  return machine.execute(block_of(machine, epoch, now_ms, transaction));
}

}  // namespace

void check(byte_view data) {
  const auto [which, rest] = choose(data, 2);
  if (which == 0) {
    static const auto start = [] {
      auto x = heavy_genesis();
      require(x.restore(heavy_life().chain().machine.snapshot()), "the seed chain restores");
      return x;
    }();
    auto machine = start;
    const auto done = run(machine, machine.now().committees->heavy.now.epoch,
                          heavy_life().chain().clock_ms + 100, rest);
    require(total(machine.where_supply_is()) == protocol::ledger::supply_total,
            "the supply is conserved");
    require(done.outcomes.size() == 1, "a transaction has one outcome");
  } else {
    static const auto start = [] {
      auto x = fast_genesis();
      require(x.restore(fast_life().machine.snapshot()), "the seed chain restores");
      return x;
    }();
    auto machine = start;
    (void)run(machine, fast_life().epoch, fast_life().clock_ms + 100, rest);
  }
}

std::vector<bytes> seeds() {
  std::vector<bytes> result;
  std::size_t left = 400;
  const auto& blocks = heavy_life().chain().blocks;
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block)
    for (const auto& vertex : block->vertices)
      for (const auto& x : vertex->body.transactions)
        if (left > 0 && x.size() < 8'000) {
          result.push_back(chosen(0, x));
          --left;
        }
  for (std::uint64_t i = 0; i < 40; ++i)
    result.push_back(chosen(0, protocol::encode(filled<protocol::ledger::transaction>(i))));
  const auto& fast = fast_life();
  for (std::uint32_t i = 0; i < 8; ++i)
    result.push_back(
      chosen(1, fast.leaf_tx(i % 4, 10 + i, i % 3, static_cast<std::uint8_t>(i / 4))));
  for (std::uint64_t i = 0; i < 48; ++i) {
    auto heavy = fast.heavy;
    result.push_back(
      chosen(1, fast_test::world::heavy_tx(heavy.say({filled<protocol::ledger::event>(i)}))));
  }
  return result;
}

}  // namespace datagen::fuzz
