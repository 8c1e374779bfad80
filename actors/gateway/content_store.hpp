#pragma once
// Bytes by digest in memory, within a bound: uploaded inputs before their job, outputs after it.

#include "messages/blob.hpp"

#include <deque>
#include <unordered_map>

namespace datagen::web {

class content_store {
public:
  explicit content_store(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}
  /// Keeps `data` under `id`; the oldest content goes when the bound is reached.
  /// @returns false when `data` alone is larger than the bound.
  bool put(const protocol::digest& id, blob data);
  std::optional<blob> find(const protocol::digest& id) const;
  std::uint64_t bytes() const { return bytes_; }

private:
  const std::uint64_t bytes_max_;
  std::uint64_t bytes_ = 0;
  std::unordered_map<protocol::digest, blob> content_;
  std::deque<protocol::digest> order_;
};

}  // namespace datagen::web
