#include "protocol/fast/state.hpp"

namespace datagen::protocol::fast {

setting::setting(const genesis& x)
    : heavy(heavy_chain_id(x)),
      fast(fast_chain_id(x)),
      genesis_time_ms(x.time_ms),
      params(x.params) {}

state initial_state(const genesis& x) {
  state result;
  result.timestamp_ms = x.time_ms;
  result.heavy.authors = heavy_roster(x);
  result.params.in_force = x.params;
  for (std::uint32_t i = 0; i < x.validators.size(); ++i)
    result.validators[{i}] = {.key = x.validators[i].key,
                              .stake = x.validators[i].stake,
                              .stake_highest = x.validators[i].stake};
  return result;
}

std::vector<digest> sections_of(const state& x, std::uint32_t snapshot_blocks) {
  const auto whole = x.height % snapshot_blocks == 0 ? sha256(encode(x)) : digest{};
  return {merkle_leaf(x.checkpoint_digest.view()),
          merkle_leaf(encode("fast-clock", x.height, x.timestamp_ms, x.claim_epoch, x.last_sequence,
                             x.epoch, x.successor)),
          merkle_leaf(encode("fast-heavy", x.heavy)),
          merkle_leaf(encode("fast-logs", x.leaf_chain, x.echo_chain, x.fault_chain)),
          merkle_leaf(encode("fast-state", whole))};
}

}  // namespace datagen::protocol::fast
