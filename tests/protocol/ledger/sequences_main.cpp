// `ledger_sequences [TRANSACTIONS] [SEED]`: random lives of a chain, a thousand blocks each, until
// so many transactions were tried. Exits 1 with the seed where a root differs; a broken invariant
// stops the program by itself.
#define DOCTEST_CONFIG_IMPLEMENT
#include "tests/protocol/ledger/sequences.hpp"

#include <cstdio>
#include <cstdlib>

int main(int count, char** arguments) {
  const std::uint64_t wanted = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 1'000'000;
  std::uint64_t seed = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 1;
  std::uint64_t sent = 0, applied = 0, settled = 0;
  for (; sent < wanted; ++seed) {
    ledger_test::sequences life(seed);
    std::printf("seed %llu: ", static_cast<unsigned long long>(seed));
    std::fflush(stdout);
    for (int i = 0; i < 1'000; ++i)
      life.step();
    if (!life.replays()) {
      std::printf("a root differs\n");
      return 1;
    }
    sent += life.sent();
    applied += life.applied();
    settled += life.chain().machine.now().history->next;
    std::printf("%llu transactions, %llu applied, %llu audits settled so far\n",
                static_cast<unsigned long long>(sent), static_cast<unsigned long long>(applied),
                static_cast<unsigned long long>(settled));
    std::fflush(stdout);
  }
  return 0;
}
