#include "protocol/chain/take_over.hpp"

namespace datagen::protocol::chain {

bool take_over(state_machine& machine, byte_view snapshot,
               const consensus::finality_statement& said) {
  const auto before = machine.snapshot();
  if (!machine.restore(snapshot))
    return false;
  if (machine.height() == said.height && machine.state_root() == said.state_root)
    return true;
  const bool back = machine.restore(before);
  invariant(back, "a state that was just saved is no snapshot");
  return false;
}

}  // namespace datagen::protocol::chain
