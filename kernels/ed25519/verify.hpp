#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace datagen::kernels::ed25519 {

/// True when `signature` (64 bytes) of `message` is valid for `key` (32 bytes) under ZIP-215:
/// A and R decode (non-canonical y and -0 accepted, see decoded()), S < L, and
/// [8][S]B = [8]R + [8][k]A with k = SHA-512(R || A || message) mod L.
bool is_valid(const std::uint8_t* key, const std::uint8_t* signature,
              std::span<const std::uint8_t> message);

/// A little-endian number of 512 bits modulo L = 2^252 + 27742317777372353535851937790883648493.
std::array<std::uint64_t, 4> modulo_order(const std::array<std::uint8_t, 64>& number);

}  // namespace datagen::kernels::ed25519
