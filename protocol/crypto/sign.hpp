#pragma once
// Ed25519 (RFC 8032), verified strictly: S < L, canonical point encodings, no small-order keys.

#include "protocol/types.hpp"

#include <memory>

namespace datagen::protocol {

/// The public key of the seed `secret` (RFC 8032 section 5.1.5).
public_key public_key_of(const secret_key& secret);

struct key_pair;

/// Who signs in place of Ed25519, for the key pairs that were marked so: a simulation's harness.
/// What it makes is no signature to anybody but its own checker.
class signer {
public:
  virtual ~signer() = default;
  virtual signature sign(const key_pair& key, byte_view message) const = 0;
};

/// A secret key with its public key at hand: signing needs both.
struct key_pair {
  secret_key secret;
  public_key identity;
  std::shared_ptr<const signer> in_place = nullptr;  ///< Of Ed25519; null outside simulations.
  static key_pair from_secret(const secret_key& secret) { return {secret, public_key_of(secret)}; }
};

/// Deterministic signature of `message` (RFC 8032 section 5.1.6), or what stands in its place.
signature sign(const key_pair& key, byte_view message);

/// Strict verification: false for a non-canonical S, R or key, and for a key of small order, even
/// where the cofactored equation would hold.
bool verify(const public_key& key, byte_view message, const signature& sig);

/// Who checks signatures: plain `verify`, or one that remembers what it has verified in this
/// process. Rules take it as an argument, since they may hold no state of their own.
class signature_checker {
public:
  virtual ~signature_checker() = default;
  virtual bool check(const public_key& key, byte_view message, const signature& sig) const {
    return verify(key, message, sig);
  }
};

}  // namespace datagen::protocol
