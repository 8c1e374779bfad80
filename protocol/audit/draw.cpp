#include "protocol/audit/draw.hpp"

#include <algorithm>

namespace datagen::protocol {

namespace {

struct word256 {
  uint128 high = 0;
  uint128 low = 0;
};

word256 read(const digest& x) {
  word256 result;
  for (std::size_t i = 0; i < 16; ++i) {
    result.high = result.high << 8 | x.value[i];
    result.low = result.low << 8 | x.value[16 + i];
  }
  return result;
}

uint128 remainder(const word256& x, uint128 bound) {
  uint128 result = 0;
  for (int bit = 255; bit >= 0; --bit) {
    const bool carry = (result >> 127) != 0;
    const uint128 next = bit >= 128 ? x.high >> (bit - 128) : x.low >> bit;
    result = result << 1 | (next & 1);
    if (carry || result >= bound)
      result -= bound;
  }
  return result;
}

/// The candidate in whose part of the cumulative stakes `point` falls.
/// @pre point < sum of stakes
std::size_t locate(const std::vector<candidate>& eligible, uint128 point) {
  std::size_t at = 0;
  while (point >= eligible[at].stake.units) {
    point -= eligible[at].stake.units;
    ++at;
  }
  return at;
}

/// One draw by stake; `word` gives the randomness of each retry.
template <class Word>
std::optional<std::size_t> draw_one(const std::vector<candidate>& eligible, Word word) {
  amount total;
  for (const auto& x : eligible)
    total += x.stake;
  if (total == amount{})
    return std::nullopt;
  // A word is rejected with a chance below total / 2^256, so the loop ends.
  for (std::uint32_t retry = 0;; ++retry)
    if (const auto point = uniform_below(word(retry), total.units))
      return locate(eligible, *point);
}

void sort_by_id(std::vector<candidate>& eligible) {
  std::sort(eligible.begin(), eligible.end());
  const auto twin = std::adjacent_find(eligible.begin(), eligible.end(),
                                       [](const auto& x, const auto& y) { return x.id == y.id; });
  invariant(twin == eligible.end(), "a validator is a candidate once");
}

/// Up to `count` draws by stake, each drawn once; `word` gives the randomness of draw and retry.
template <class Word>
std::vector<validator_id> draw_many(std::vector<candidate> eligible, std::uint32_t count,
                                    Word word) {
  sort_by_id(eligible);
  std::vector<validator_id> result;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto at =
      draw_one(eligible, [&](std::uint32_t retry) { return word(i, retry); });
    if (!at)
      break;
    result.push_back(eligible[*at].id);
    eligible.erase(eligible.begin() + static_cast<std::ptrdiff_t>(*at));
  }
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace

bool is_drawn(const digest& beacon, const digest& checkpoint, std::uint32_t index,
              std::uint32_t rate_ppm) {
  // word * 10^6 < rate * 2^256 holds iff the part of the product above bit 256 is below the rate.
  const auto word = read(hash("audit", beacon, checkpoint, index));
  constexpr std::uint64_t million = 1'000'000;
  const uint128 limbs[] = {word.low & ~0ULL, word.low >> 64, word.high & ~0ULL, word.high >> 64};
  uint128 carry = 0;
  for (const auto limb : limbs)
    carry = (limb * million + carry) >> 64;
  return carry < rate_ppm;
}

std::optional<uint128> uniform_below(const digest& word, uint128 bound) {
  invariant(bound > 0, "a draw among nothing");
  const auto x = read(word);
  const auto rest = remainder(x, bound);
  // x - rest is a multiple of bound; it is used iff the next multiple is at most 2^256.
  const uint128 base_low = x.low - rest;
  const uint128 base_high = x.high - (x.low < rest ? 1 : 0);
  const uint128 next_low = base_low + bound;
  const bool overflows = next_low < base_low && base_high == ~static_cast<uint128>(0);
  if (overflows && next_low != 0)
    return std::nullopt;
  return rest;
}

std::vector<validator_id> draw_checkers(const draw_name& name, std::vector<candidate> eligible,
                                        std::span<const account_id> excluded, std::uint32_t count) {
  sort_by_id(eligible);
  for (const auto& x : excluded)
    std::erase_if(eligible, [&x](const candidate& y) { return y.operator_account == x; });
  std::vector<validator_id> result;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto at = draw_one(eligible, [&](std::uint32_t retry) {
      return hash("chk", name.beacon, name.job, name.attempt, i, retry);
    });
    if (!at)
      break;
    result.push_back(eligible[*at].id);
    const auto drawn = eligible[*at].operator_account;
    std::erase_if(eligible, [&drawn](const candidate& y) { return y.operator_account == drawn; });
  }
  return result;
}

std::vector<validator_id> draw_committee(const digest& beacon, std::uint32_t epoch,
                                         std::vector<candidate> eligible, std::uint32_t count) {
  return draw_many(std::move(eligible), count, [&](std::uint32_t i, std::uint32_t retry) {
    return hash("committee", beacon, epoch, i, retry);
  });
}

std::vector<validator_id> draw_sample(const digest& beacon, session_id session,
                                      std::vector<candidate> eligible, std::uint32_t count) {
  return draw_many(std::move(eligible), count, [&](std::uint32_t i, std::uint32_t retry) {
    return hash("echo sample", beacon, session, i, retry);
  });
}

std::optional<validator_id> draw_pairing(const digest& beacon, const account_id& user,
                                         std::vector<candidate> eligible) {
  sort_by_id(eligible);
  const auto at =
    draw_one(eligible, [&](std::uint32_t retry) { return hash("pairing", beacon, user, retry); });
  if (!at)
    return std::nullopt;
  return eligible[*at].id;
}

}  // namespace datagen::protocol
