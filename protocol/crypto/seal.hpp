#pragma once
// Sealing secrets under a key or a passphrase: ChaCha20-Poly1305 (RFC 8439) with a key derived by
// Argon2id (RFC 9106). Salts and nonces are arguments; whoever calls owns the randomness.

#include "protocol/types.hpp"

namespace datagen::protocol {

using seal_key = fixed_bytes<struct seal_key_tag, 32>;
using seal_nonce = fixed_bytes<struct seal_nonce_tag, 12>;  ///< Never twice under one key.
using seal_salt = fixed_bytes<struct seal_salt_tag, 16>;

inline constexpr std::size_t seal_tag_bytes = 16;

/// Ciphertext with its tag behind it; `context` is authenticated, not encrypted.
bytes seal(const seal_key& key, const seal_nonce& nonce, byte_view context, byte_view message);

/// The message, or nothing where key, nonce, context or any byte of `sealed` differ.
std::optional<bytes> open(const seal_key& key, const seal_nonce& nonce, byte_view context,
                          byte_view sealed);

/// What one guess of a passphrase costs. The defaults are RFC 9106's second recommendation with one
/// lane, since rules start no thread.
struct passphrase_cost {
  std::uint32_t memory_kib = 65'536;
  std::uint32_t passes = 3;
  friend bool operator==(const passphrase_cost&, const passphrase_cost&) = default;
};
inline constexpr passphrase_cost passphrase_cost_max = {.memory_kib = 1'048'576, .passes = 16};

/// Argon2id, version 1.3, one lane. @returns nothing where `cost` is out of range (8 KiB and one
/// pass up to `passphrase_cost_max`: a file must not make its reader run out of memory) or memory
/// lacks.
std::optional<seal_key> key_from_passphrase(std::string_view passphrase, const seal_salt& salt,
                                            const passphrase_cost& cost);

}  // namespace datagen::protocol
