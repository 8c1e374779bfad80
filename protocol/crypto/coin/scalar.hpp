#pragma once
// Arithmetic modulo N, the order of P-256. Not constant time: sums and products of secrets happen
// once per share or dealing, on fresh random values.

#include "protocol/crypto/coin/group.hpp"

namespace datagen::protocol {

coin_scalar scalar_of(std::uint64_t x);
/// Is it below N?
bool reduced(const coin_scalar& x);
/// Any big-endian bytes modulo N.
coin_scalar reduce(byte_view x);
coin_scalar add(const coin_scalar& a, const coin_scalar& b);
coin_scalar multiply(const coin_scalar& a, const coin_scalar& b);
coin_scalar negate(const coin_scalar& a);
/// 1/a. @pre a != 0 mod N
coin_scalar invert(const coin_scalar& a);
/// c[0] + c[1] x + c[2] x^2 + …
coin_scalar evaluate(std::span<const coin_scalar> polynomial, std::uint64_t x);
/// Weights that interpolate a polynomial at 0 from its values at `xs`. @pre all distinct, not 0
std::vector<coin_scalar> lagrange_at_zero(std::span<const std::uint64_t> xs);

}  // namespace datagen::protocol
