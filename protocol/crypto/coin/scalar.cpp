#include "protocol/crypto/coin/scalar.hpp"

#include <cryptopp/integer.h>

namespace datagen::protocol {

namespace {

using CryptoPP::Integer;

const Integer& order() {
  static const Integer n{"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551h"};
  return n;
}

Integer number(byte_view x) { return Integer{x.data(), x.size()}; }
Integer number(const coin_scalar& x) { return number(x.view()); }

coin_scalar scalar(const Integer& x) {
  coin_scalar result;
  x.Encode(result.value.data(), result.value.size());
  return result;
}

}  // namespace

coin_scalar scalar_of(std::uint64_t x) {
  coin_scalar result;
  for (std::size_t i = 0; i < 8; ++i)
    result.value[31 - i] = static_cast<std::uint8_t>(x >> (8 * i));
  return result;
}

bool reduced(const coin_scalar& x) { return number(x) < order(); }

coin_scalar reduce(byte_view x) { return scalar(number(x) % order()); }

coin_scalar add(const coin_scalar& a, const coin_scalar& b) {
  return scalar((number(a) + number(b)) % order());
}

coin_scalar multiply(const coin_scalar& a, const coin_scalar& b) {
  return scalar(number(a) * number(b) % order());
}

coin_scalar negate(const coin_scalar& a) {
  return scalar((order() - number(a) % order()) % order());
}

coin_scalar invert(const coin_scalar& a) {
  const auto x = number(a) % order();
  invariant(!x.IsZero(), "0 has no inverse");
  return scalar(x.InverseMod(order()));
}

coin_scalar evaluate(std::span<const coin_scalar> polynomial, std::uint64_t x) {
  Integer result = Integer::Zero();
  const auto at = number(scalar_of(x));
  for (auto it = polynomial.rbegin(); it != polynomial.rend(); ++it)
    result = (result * at + number(*it)) % order();
  return scalar(result);
}

std::vector<coin_scalar> lagrange_at_zero(std::span<const std::uint64_t> xs) {
  std::vector<coin_scalar> result;
  for (const auto i : xs) {
    Integer above = Integer::One(), below = Integer::One();
    const auto x = number(scalar_of(i));
    for (const auto j : xs) {
      if (j == i)
        continue;
      const auto other = number(scalar_of(j));
      above = above * other % order();
      below = below * ((other + order() - x) % order()) % order();
    }
    result.push_back(scalar(above * below.InverseMod(order()) % order()));
  }
  return result;
}

}  // namespace datagen::protocol
