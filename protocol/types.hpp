#pragma once
// The vocabulary of the rules: bytes, digests, ids, amounts. Plain values, totally ordered.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace datagen::protocol {

using bytes = std::vector<std::uint8_t>;
using byte_view = std::span<const std::uint8_t>;

/// A fixed-size byte string; `Tag` keeps digests, keys and signatures apart.
template <class Tag, std::size_t Size>
struct fixed_bytes {
  static constexpr std::size_t size = Size;
  std::array<std::uint8_t, Size> value{};
  friend auto operator<=>(const fixed_bytes&, const fixed_bytes&) = default;
  byte_view view() const { return value; }
};

using digest = fixed_bytes<struct digest_tag, 32>;          ///< SHA-256 output.
using public_key = fixed_bytes<struct public_key_tag, 32>;  ///< Ed25519, RFC 8032 encoding.
using secret_key = fixed_bytes<struct secret_key_tag, 32>;  ///< Ed25519 seed.
using signature = fixed_bytes<struct signature_tag, 64>;    ///< Ed25519; never used as an id.

/// An integer that does not mix with others of the same width.
template <class Tag, class Rep>
struct strong {
  using rep = Rep;
  Rep value{};
  friend auto operator<=>(const strong&, const strong&) = default;
};

using validator_id = strong<struct validator_tag, std::uint32_t>;  ///< Index in the Heavy registry.
using author_id = strong<struct author_tag, std::uint32_t>;  ///< Index among Heavy's candidates.
using session_id = strong<struct session_tag, std::uint64_t>;
using job_id = digest;      ///< H("job", chain, session, sequence).
using chain_id = digest;    ///< H("chain", genesis digest, chain name).
using account_id = public_key;  ///< Shown to people as bech32m("dg", key).

__extension__ typedef unsigned __int128 uint128;

/// Money: unsigned 128-bit count of 10^-18 DG. Overflow is a broken promise between our own
/// functions (checks come first), so it asserts, in release builds too.
struct amount {
  uint128 units = 0;
  friend auto operator<=>(const amount&, const amount&) = default;
};
amount operator+(amount a, amount b);
amount operator-(amount a, amount b);
amount& operator+=(amount& a, amount b);
amount& operator-=(amount& a, amount b);
amount min(amount a, amount b);

inline constexpr uint128 units_per_dg = static_cast<uint128>(1'000'000'000'000'000'000ULL);
inline constexpr uint128 units_per_nano_dg = static_cast<uint128>(1'000'000'000ULL);

/// @returns `dg` whole DG as an amount.
constexpr amount dg(std::uint64_t whole) { return {whole * units_per_dg}; }

/// floor(a * b / c) with a 256-bit product. @pre c > 0 and the quotient fits 128 bits.
uint128 mul_div(uint128 a, uint128 b, uint128 c);
/// a * b, or nothing when it does not fit 128 bits.
std::optional<uint128> checked_mul(uint128 a, uint128 b);

/// Decimal digits of `x`; the form in which amounts appear in JSON.
std::string to_decimal(uint128 x);
std::optional<uint128> from_decimal(std::string_view text);
/// "12.5 DG": whole and fraction, trailing zeros cut.
std::string to_text(amount a);
/// Parses "12.5" as DG. @returns nothing on syntax errors or more than 18 decimals.
std::optional<amount> amount_from_text(std::string_view text);

std::string to_hex(byte_view data);
std::optional<bytes> from_hex(std::string_view text);

template <class Tag, std::size_t Size>
std::string to_hex(const fixed_bytes<Tag, Size>& x) {
  return to_hex(x.view());
}

/// Parses exactly `Fixed::size` bytes of hexadecimal.
template <class Fixed>
std::optional<Fixed> fixed_from_hex(std::string_view text) {
  auto raw = from_hex(text);
  if (!raw || raw->size() != Fixed::size)
    return std::nullopt;
  Fixed result;
  for (std::size_t i = 0; i < Fixed::size; ++i)
    result.value[i] = (*raw)[i];
  return result;
}

[[noreturn]] void stop_on_broken_invariant(const char* what);
/// Stops the program when `condition` is false, in release builds too: for broken invariants,
/// never for bad input.
inline void invariant(bool condition, const char* what) {
  if (!condition) [[unlikely]]
    stop_on_broken_invariant(what);
}

}  // namespace datagen::protocol

/// Hashing for unordered containers of digests and keys: their bytes are already uniform.
template <class Tag, std::size_t Size>
struct std::hash<datagen::protocol::fixed_bytes<Tag, Size>> {
  std::size_t operator()(const datagen::protocol::fixed_bytes<Tag, Size>& x) const noexcept {
    std::size_t result = 0;
    for (std::size_t i = 0; i < sizeof(result); ++i)
      result = (result << 8) | x.value[i];
    return result;
  }
};
