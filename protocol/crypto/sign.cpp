#include "protocol/crypto/sign.hpp"

#include <cryptopp/donna.h>

#include <algorithm>
#include <cstring>

namespace datagen::protocol {

namespace {

/// Group order L = 2^252 + 27742317777372353535851937790883648493, little-endian (RFC 8032, 5.1).
constexpr std::array<std::uint8_t, 32> group_order = {
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
  0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

/// Field prime p = 2^255 - 19, little-endian.
constexpr std::array<std::uint8_t, 32> field_prime = {
  0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};

/// y coordinates of the points whose order divides 8, with the sign bit cleared. Canonical ones
/// only: the others fall to the canonicity check.
constexpr std::array<std::array<std::uint8_t, 32>, 5> small_order = {{
  {0},
  {1},
  {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
  {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
   0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
  {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
   0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
}};

bool below(const std::uint8_t* little_endian, const std::array<std::uint8_t, 32>& limit) {
  for (int i = 31; i >= 0; --i)
    if (little_endian[i] != limit[static_cast<std::size_t>(i)])
      return little_endian[i] < limit[static_cast<std::size_t>(i)];
  return false;
}

/// Canonical (y < p) and not of small order.
bool acceptable_point(const std::uint8_t* encoded) {
  std::array<std::uint8_t, 32> y;
  std::copy_n(encoded, 32, y.begin());
  y[31] &= 0x7f;
  return below(y.data(), field_prime) &&
         std::find(small_order.begin(), small_order.end(), y) == small_order.end();
}

}  // namespace

public_key public_key_of(const secret_key& secret) {
  public_key result;
  CryptoPP::Donna::ed25519_publickey(result.value.data(), secret.value.data());
  return result;
}

signature sign(const key_pair& key, byte_view message) {
  if (key.in_place)
    return key.in_place->sign(key, message);
  signature result;
  CryptoPP::Donna::ed25519_sign(message.data(), message.size(), key.secret.value.data(),
                                key.identity.value.data(), result.value.data());
  return result;
}

bool verify(const public_key& key, byte_view message, const signature& sig) {
  // Crypto++ 8.7 accepts S >= L and small-order keys; it recomputes R and compares bytes, so a
  // non-canonical R never matches.
  return below(sig.value.data() + 32, group_order) && acceptable_point(key.value.data()) &&
         acceptable_point(sig.value.data()) &&
         CryptoPP::Donna::ed25519_sign_open(message.data(), message.size(), key.value.data(),
                                            sig.value.data()) == 0;
}

}  // namespace datagen::protocol
