#pragma once

#include <array>
#include <cstring>

#include "kernels/ed25519/curve.hpp"
#include "kernels/ed25519/sha512.hpp"
#include "kernels/ed25519/verify.hpp"
#include "random_job.hpp"
#include "random_source.hpp"

namespace datagen::kernels::testing {

/// One entry of an `ed25519.verify` job.
struct signature_case {
  std::array<std::uint8_t, 32> key{};
  std::array<std::uint8_t, 64> signature{};
  std::vector<std::uint8_t> message;
};

inline std::vector<std::uint8_t> ed25519_input(const std::vector<signature_case>& cases) {
  std::vector<std::uint8_t> out = {'D', 'E', 'D', '1'};
  const auto put = [&](std::size_t value) {
    for (int i = 0; i < 4; ++i)
      out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  put(cases.size());
  for (const auto& x : cases) {
    out.insert(out.end(), x.key.begin(), x.key.end());
    out.insert(out.end(), x.signature.begin(), x.signature.end());
    put(x.message.size());
  }
  for (const auto& x : cases)
    out.insert(out.end(), x.message.begin(), x.message.end());
  return out;
}

/// A point's 32 bytes.
inline std::array<std::uint8_t, 32> encoded(const ed25519::point& p) {
  using namespace ed25519;
  const field z = inverse(p.z);
  std::uint8_t y[32];
  store(p.y * z, y);
  std::array<std::uint8_t, 32> out;
  std::memcpy(out.data(), y, 32);
  if (is_odd(p.x * z))
    out[31] |= 0x80;
  return out;
}

/// A signature by a random secret, made with the kernel's own curve: RFC 8032 without its hashing
/// of the secret, which a verifier cannot see.
inline signature_case some_signature(random_source& random) {
  using number = std::array<std::uint64_t, 4>;
  const auto some_number = [&] {
    std::array<std::uint8_t, 64> bytes;
    for (auto& byte : bytes)
      byte = static_cast<std::uint8_t>(random.next());
    return ed25519::modulo_order(bytes);
  };
  const ed25519::field one = ed25519::small_number(1), zero = ed25519::small_number(0);
  const ed25519::point nothing{zero, one, one, zero};
  const number secret = some_number(), nonce = some_number();
  signature_case out;
  out.message = random.some_bytes(random.below(300));
  out.key = encoded(ed25519::combined({}, nothing, secret));
  const auto r = encoded(ed25519::combined({}, nothing, nonce));
  const number k = ed25519::modulo_order(ed25519::sha512({r, out.key, out.message}));
  // s = nonce + k * secret mod L, by adding halves: numbers below 2^253 doubled fit 256 bits.
  std::array<std::uint8_t, 64> wide{};
  std::uint64_t limbs[8] = {nonce[0], nonce[1], nonce[2], nonce[3], 0, 0, 0, 0};
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const ed25519::wide_word t =
        static_cast<ed25519::wide_word>(k[i]) * secret[j] + limbs[i + j] + carry;
      limbs[i + j] = static_cast<std::uint64_t>(t);
      carry = static_cast<std::uint64_t>(t >> 64);
    }
    for (std::size_t at = i + 4; carry != 0; ++at) {
      limbs[at] += carry;
      carry = limbs[at] < carry ? 1 : 0;
    }
  }
  std::memcpy(wide.data(), limbs, 64);
  const number s = ed25519::modulo_order(wide);
  std::memcpy(out.signature.data(), r.data(), 32);
  std::memcpy(out.signature.data() + 32, s.data(), 32);
  return out;
}

/// Up to 8 signatures, one in three damaged in one bit.
inline random_job random_ed25519_verify_job(std::uint64_t seed) {
  random_source random(seed);
  std::vector<signature_case> cases(random.below(9));
  for (auto& x : cases) {
    x = some_signature(random);
    const auto bit = static_cast<std::uint8_t>(1u << random.below(8));
    if (random.below(3) == 0)
      (random.below(2) == 0 ? x.key[random.below(32)] : x.signature[random.below(64)]) ^= bit;
  }
  return {"", ed25519_input(cases)};
}

}  // namespace datagen::kernels::testing
