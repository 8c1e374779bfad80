// Snapshots of either chain's state, as an author that lost its blocks takes them from a peer: what
// is restored is the state that was sent, and what is refused changes nothing.

#include "tests/fuzz/worlds.hpp"

namespace datagen::fuzz {

namespace {

template <class Machine>
void check_restored(Machine machine, byte_view data) {
  const auto root = machine.state_root();
  if (machine.restore(data))
    require(std::ranges::equal(machine.snapshot(), data), "a state has one snapshot");
  else
    require(machine.state_root() == root, "a refused snapshot changes nothing");
}

}  // namespace

void check(byte_view data) {
  const auto [which, rest] = choose(data, 2);
  if (which == 0)
    check_restored(heavy_genesis(), rest);
  else
    check_restored(fast_genesis(), rest);
}

std::vector<bytes> seeds() {
  return {chosen(0, heavy_genesis().snapshot()), chosen(1, fast_genesis().snapshot()),
          chosen(0, heavy_life().chain().machine.snapshot()),
          chosen(1, fast_life().machine.snapshot())};
}

}  // namespace datagen::fuzz
