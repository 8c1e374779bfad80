#pragma once
// Signatures of a scenario in place of Ed25519, a hundred times cheaper: a tag under a key that only
// the harness holds, for key pairs that it was given. Nothing below tools/ can name this file, so no
// node can be told to take such a signature for one.

#include "tools/scenario/siphash.hpp"

#include "protocol/crypto/sign.hpp"

#include <memory>
#include <unordered_map>

namespace datagen::scenario {

/// For one run in one thread. Whoever lacks a key pair's secret cannot sign as it, and whoever lacks
/// the run's own key cannot make a signature at all.
class simulated_signatures final : public protocol::signature_checker,
                                   public protocol::signer,
                                   public std::enable_shared_from_this<simulated_signatures> {
public:
  explicit simulated_signatures(std::uint64_t seed) : key_(siphash_key_of(seed, "signatures")) {}

  /// The same pair, which signs here from now on.
  protocol::key_pair keep(protocol::key_pair pair);
  /// A pair whose secret is not that of its public key makes 64 zeros, which nobody takes.
  protocol::signature sign(const protocol::key_pair& pair,
                           protocol::byte_view message) const override;
  bool check(const protocol::public_key& key, protocol::byte_view message,
             const protocol::signature& sig) const override;

private:
  protocol::signature made(const protocol::public_key& key, protocol::byte_view message) const;

  const siphash_key key_;
  std::unordered_map<protocol::public_key, protocol::secret_key> secrets_;
};

}  // namespace datagen::scenario
