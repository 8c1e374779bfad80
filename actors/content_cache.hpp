#pragma once
// Job bytes by digest within a bound: the oldest go first.

#include "messages/blob.hpp"

#include "protocol/crypto/hash.hpp"

#include <deque>
#include <unordered_map>

namespace datagen {

class content_cache {
public:
  explicit content_cache(std::uint64_t bytes_max = 0) : bytes_max_(bytes_max) {}

  /// @pre `id` is the SHA-256 of `data`
  void keep(const protocol::digest& id, const blob& data);
  /// Null when it was never here, or is gone.
  const blob* find(const protocol::digest& id) const;
  std::uint64_t bytes() const { return bytes_; }

private:
  std::uint64_t bytes_max_;
  std::unordered_map<protocol::digest, blob> content_;
  std::deque<protocol::digest> order_;
  std::uint64_t bytes_ = 0;
};

}  // namespace datagen
