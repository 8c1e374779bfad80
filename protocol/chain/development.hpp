#pragma once
// !!! THE SECRETS OF THESE KEYS ARE PUBLICLY KNOWN: anyone derives them from this file. !!!
// They make a chain that starts with one word, with accounts that exist before anybody made a key.
// Only a genesis with `development` set may name them; value kept under one belongs to everybody.

#include "protocol/crypto/coin/dealer.hpp"
#include "protocol/crypto/sign.hpp"

namespace datagen::protocol {

/// Whose key it is; equal indices of different kinds are different keys.
enum class development_kind : std::uint8_t {
  account,    ///< A user who holds DG at genesis: `datagen submit --dev-account N`.
  validator,  ///< Genesis validator N.
  author,     ///< Author N of the Heavy committee.
};
const char* to_string(development_kind x);

/// The publicly known sharing of the coin of `chain` ("heavy", "fast") among `authors`, any q of
/// whom make a value: whoever reads this can compute every value in advance. The secrets are the
/// same in every group of the curve's order.
coin_dealing development_coin(std::string_view chain, std::size_t authors,
                              const coin_group& group = *openssl_coin_group());

/// The publicly known key number `index` of `kind`: its seed is
/// H("datagen-development-key", name of the kind, index as u32).
key_pair development_key(development_kind kind, std::uint32_t index);

}  // namespace datagen::protocol
