#include "protocol/crypto/coin/dealer.hpp"

#include "protocol/crypto/coin/scalar.hpp"
#include "protocol/crypto/hash.hpp"

namespace datagen::protocol {

namespace {

/// A scalar without noticeable bias: 512 bits modulo N.
coin_scalar draw(std::string_view domain, const digest& seed, std::uint64_t index) {
  bytes wide;
  for (const std::uint8_t half : {0, 1}) {
    const auto x = hash(domain, seed, index, half);
    wide.insert(wide.end(), x.value.begin(), x.value.end());
  }
  return reduce(wide);
}

}  // namespace

coin_dealing deal(const coin_group& group, std::uint16_t authors, std::uint16_t threshold,
                  const digest& seed) {
  invariant(threshold >= 1 && threshold <= authors, "a threshold is between 1 and all authors");
  std::vector<coin_scalar> polynomial;
  for (std::uint64_t i = 0; i < threshold; ++i)
    polynomial.push_back(draw("coin-dealer", seed, i));
  return deal(group, authors, polynomial);
}

coin_dealing deal(const coin_group& group, std::uint16_t authors,
                  std::span<const coin_scalar> polynomial) {
  coin_dealing result;
  const auto key_of = [&](const coin_scalar& secret) {
    const auto key = group.secret_base(secret, 0);
    invariant(key.has_value(), "a dealt secret is 0: chance 2^-256");
    return *key;
  };
  result.keys.threshold = static_cast<std::uint16_t>(polynomial.size());
  result.keys.group = key_of(polynomial[0]);
  for (std::uint64_t i = 1; i <= authors; ++i) {
    result.secrets.push_back(evaluate(polynomial, i));
    result.keys.shares.push_back(key_of(result.secrets.back()));
  }
  return result;
}

bool consistent(const coin_group& group, const coin_keys& keys) {
  const auto n = keys.shares.size();
  if (keys.threshold < 1 || keys.threshold > n || !group.valid(keys.group))
    return false;
  // A word of the dual code over the places 0..n: v_i f(i) with deg f <= n - t, f random.
  const auto seed = hash("coin-consistency", keys.group, keys.shares, keys.threshold);
  std::vector<coin_scalar> f;
  for (std::uint64_t i = 0; i <= n - keys.threshold; ++i)
    f.push_back(draw("coin-dual-word", seed, i));
  std::vector<coin_point> points{keys.group};
  points.insert(points.end(), keys.shares.begin(), keys.shares.end());
  std::vector<coin_scalar> weights;
  for (std::uint64_t i = 0; i <= n; ++i) {
    auto v = scalar_of(1);
    for (std::uint64_t j = 0; j <= n; ++j)
      if (j != i)
        v = multiply(v, i > j ? scalar_of(i - j) : negate(scalar_of(j - i)));
    weights.push_back(multiply(invert(v), evaluate(f, i)));
  }
  // All but the last sum up to the opposite of the last; infinity itself has no encoding.
  const auto last = group.sum(std::span{points}.last(1), std::span{weights}.last(1));
  const auto rest = group.sum(std::span{points}.first(n), std::span{weights}.first(n));
  if (!last || !rest)
    return false;
  auto opposite = *last;
  opposite.value[0] ^= 1;
  return *rest == opposite;
}

}  // namespace datagen::protocol
