#pragma once
// Verified once per process: with all roles in one process a signature would otherwise be checked
// by every one of them. Bounded; remembers successes only.

#include "protocol/crypto/hash.hpp"
#include "protocol/crypto/sign.hpp"

#include <array>
#include <mutex>
#include <unordered_set>

namespace datagen {

class signature_cache : public protocol::signature_checker {
public:
  explicit signature_cache(std::size_t entries_max = 1 << 17) : shard_max_(entries_max / shards) {}
  bool check(const protocol::public_key& key, protocol::byte_view message,
             const protocol::signature& sig) const override;

private:
  static constexpr std::size_t shards = 16;
  struct shard {
    std::mutex mutex;
    std::unordered_set<protocol::digest> fresh;  ///< Verified lately.
    std::unordered_set<protocol::digest> older;  ///< The generation before; dropped when full.
  };
  const std::size_t shard_max_;
  mutable std::array<shard, shards> shards_;
};

}  // namespace datagen
