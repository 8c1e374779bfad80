#pragma once
// A sealed message from one key pair to another: X25519 (RFC 7748), HKDF-SHA-256 (RFC 5869),
// ChaCha20-Poly1305 (RFC 8439). Only the two can open it, and each knows that the other made it.

#include "protocol/types.hpp"

namespace datagen::protocol {

using box_secret = fixed_bytes<struct box_secret_tag, 32>;  ///< X25519 scalar, before clamping.
using box_public = fixed_bytes<struct box_public_tag, 32>;  ///< u coordinate, RFC 7748 encoding.
using box_shared = fixed_bytes<struct box_shared_tag, 32>;

/// Whoever draws the secret owns its randomness and lifetime; it serves one ceremony.
struct box_key_pair {
  box_secret secret;
  box_public published;
  static box_key_pair from_secret(const box_secret& secret);
};

/// RFC 7748 section 6.1. @returns nothing where the shared secret is zero: `other` is of small
/// order, and everybody knows the result.
std::optional<box_shared> x25519(const box_secret& own, const box_public& other);

/// RFC 5869: extract with `salt`, which may be empty, then expand. @pre size <= 255 * 32
bytes hkdf_sha256(byte_view secret, byte_view salt, byte_view info, std::size_t size);

/// Ciphertext with its tag behind it (`seal_tag_bytes`), made from nothing but the arguments: key
/// and nonce come from the shared secret, both public keys, who sends to whom, and `context`. So
/// one (sender, receiver, context) must seal one message only; another message under the same
/// three would reveal the sum of both and let anyone forge. The same message gives the same bytes.
/// @returns nothing for a receiver whose key is of small order.
std::optional<bytes> seal(const box_key_pair& sender, const box_public& receiver, byte_view context,
                          byte_view message);

/// The message, or nothing where keys, direction, context or any byte of `sealed` differ.
std::optional<bytes> open(const box_key_pair& receiver, const box_public& sender, byte_view context,
                          byte_view sealed);

}  // namespace datagen::protocol
