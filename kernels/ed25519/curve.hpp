#pragma once

#include <array>
#include <cstdint>

#include "field.hpp"

/// The curve -x^2 + y^2 = 1 + d x^2 y^2 of RFC 8032 in extended coordinates: x = X/Z, y = Y/Z,
/// T = XY/Z (Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited", 2008).
namespace datagen::kernels::ed25519 {

struct point {
  field x, y, z, t;
};

/// A point made ready to be added: y + x, y - x, 2z, 2d * t.
struct addend {
  field sum, difference, twice_z, t2d;
};

addend ready(const point& p);
point negated(const point& p);
point doubled(const point& p);
point added(const point& p, const addend& q);
point subtracted(const point& p, const addend& q);
bool is_identity(const point& p);

/// The point that 32 bytes encode under ZIP-215: any 255-bit y, p and above reduced; x from the
/// sign bit, where x = 0 may have either. False when there is no such x.
bool decoded(const std::uint8_t* bytes, point& out);

/// a * p + b * B for numbers below 2^253, little-endian; time depends on them, as nothing is
/// secret.
point combined(const std::array<std::uint64_t, 4>& a, const point& p,
               const std::array<std::uint64_t, 4>& b);

}  // namespace datagen::kernels::ed25519
