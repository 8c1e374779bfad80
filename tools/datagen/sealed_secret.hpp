#pragma once
// A secret of 32 bytes in a JSON file, under a passphrase (protocol.md section 6):
//
//   "kdf":"argon2id","memory_kib":65536,"passes":3,"salt":"<16 bytes>",
//   "cipher":"chacha20-poly1305","nonce":"<12 bytes>","sealed":"<48 bytes>"

#include "protocol/crypto/seal.hpp"

#include <boost/json.hpp>

#include <variant>

namespace datagen::tools {

inline constexpr std::size_t sealed_secret_bytes = 32;

/// The secret under a passphrase, with all that opening it needs.
struct sealed_secret {
  protocol::passphrase_cost cost;
  protocol::seal_salt salt;
  protocol::seal_nonce nonce;
  protocol::bytes sealed;
};

/// Seals `secret` with a fresh salt and nonce. `context` says whose it is and is authenticated.
/// @pre secret has `sealed_secret_bytes`
sealed_secret seal_secret(protocol::byte_view secret, const protocol::bytes& context,
                          const std::string& passphrase);
/// The secret, or nothing where passphrase or context are others.
std::optional<protocol::bytes> open_secret(const sealed_secret& x, const protocol::bytes& context,
                                           const std::string& passphrase);

/// Adds the members above to `file`.
void write_sealed(boost::json::object& file, const sealed_secret& x);
/// @returns the secret, or a sentence that says what is wrong with `file`
std::variant<std::string, sealed_secret> read_sealed(const boost::json::object& file);

/// A string member of `x`, or empty.
std::string text_of(const boost::json::object& x, const char* name);
/// A member that is a count below 2^32.
std::optional<std::uint32_t> count_of(const boost::json::object& x, const char* name);

}  // namespace datagen::tools
