#pragma once
// When a link that broke is dialled again: exponential back-off with jitter, so that a node that
// comes back is not met by everybody at once. A seed decides the jitter: runs can be replayed.

#include "protocol/types.hpp"

namespace datagen::protocol::link {

struct retry_rules {
  std::uint64_t min_ms = 50;
  std::uint64_t max_ms = 30'000;
};

/// Wait before attempt `attempt` (0 = the first after a link broke): between half of and all of
/// min(max, min · 2^attempt). @param seed of this node; @param other whom it dials
std::uint64_t retry_ms(const retry_rules& rules, std::uint64_t seed, const public_key& other,
                       std::uint32_t attempt);

}  // namespace datagen::protocol::link
