#include "protocol/link/retry.hpp"

#include "protocol/crypto/hash.hpp"

#include <algorithm>

namespace datagen::protocol::link {

std::uint64_t retry_ms(const retry_rules& rules, std::uint64_t seed, const public_key& other,
                       std::uint32_t attempt) {
  auto most = rules.min_ms;
  for (std::uint32_t i = 0; i < attempt && most < rules.max_ms; ++i)
    most = std::min(2 * most, rules.max_ms);
  const auto dice = hash("link-retry", seed, other, attempt);
  const auto roll = *decode<std::uint64_t>(dice.view().first(8));
  const auto half = most / 2;
  return most - roll % (half + 1);
}

}  // namespace datagen::protocol::link
