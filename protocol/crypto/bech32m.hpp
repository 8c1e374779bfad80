#pragma once
// Bech32m (BIP-350): the form in which people read and type account addresses.

#include "protocol/types.hpp"

namespace datagen::protocol {

struct bech32m_text {
  std::string prefix;                ///< Human-readable part, lower case.
  std::vector<std::uint8_t> values;  ///< 5-bit groups without the checksum.
};

/// Splits and checks a string of at most 90 characters. @returns nothing on mixed case, bad
/// characters, an empty prefix or a wrong checksum.
std::optional<bech32m_text> bech32m_decode(std::string_view text);
std::string bech32m_encode(std::string_view prefix, std::span<const std::uint8_t> values);

/// bech32m("dg", key): 32 bytes as 52 groups of five bits, zero padded.
std::string to_address(const account_id& account);
std::optional<account_id> from_address(std::string_view text);

}  // namespace datagen::protocol
