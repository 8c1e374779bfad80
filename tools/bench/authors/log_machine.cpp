#include "tools/bench/authors/log_machine.hpp"

namespace datagen::bench {

using namespace protocol;

chain::state_machine::admission log_machine::check(byte_view transaction) const {
  if (transaction.size() == leaf_bytes)
    return {};
  return {.code = 1, .reason = "a leaf has 128 bytes"};
}

chain::block_result log_machine::execute(const chain::block_input& block) {
  chain::block_result result;
  encoder applied;
  applied(head_);
  for (const auto& v : block.vertices)
    for (const auto& leaf : v->body.transactions) {
      const auto ruled = check(leaf);
      result.outcomes.push_back({sha256(leaf), ruled.code, ruled.reason});
      if (ruled.code == 0)
        applied(result.outcomes.back().transaction);
    }
  head_ = sha256(applied.take());
  height_ = block.height;
  result.state_root = head_;
  return result;
}

bytes log_machine::snapshot() const { return encode(height_, head_); }

bool log_machine::restore(byte_view data) {
  const auto stored = decode<std::pair<std::uint64_t, digest>>(data);
  if (stored)
    std::tie(height_, head_) = *stored;
  return stored.has_value();
}

}  // namespace datagen::bench
