#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace datagen::kernels::ed25519 {

/// SHA-512 (FIPS 180-4) of the parts, one after the other.
std::array<std::uint8_t, 64> sha512(std::initializer_list<std::span<const std::uint8_t>> parts);

}  // namespace datagen::kernels::ed25519
