#pragma once
// Job bytes by digest, as long as somebody may ask for them and within a bound: the oldest go first.

#include "messages/blob.hpp"

#include "protocol/crypto/hash.hpp"
#include "protocol/params.hpp"

#include <deque>
#include <unordered_map>

namespace datagen {

/// Live time after a ticket in which its input may be asked for: until its leaf is there, its epoch
/// over, its result asked for and answered, and the longest audit of it final (protocol.md section 2).
std::uint64_t input_life_ms(const protocol::parameters& rules);

class content_cache {
public:
  explicit content_cache(std::uint64_t bytes_max = 0) : bytes_max_(bytes_max) {}

  /// @param until_ms of the same clock as every `expire`. @pre `id` is the SHA-256 of `data`
  void keep(const protocol::digest& id, const blob& data, std::uint64_t until_ms);
  void expire(std::uint64_t now_ms);
  /// Null when it was never here, or is gone.
  const blob* find(const protocol::digest& id) const;
  std::uint64_t bytes() const { return bytes_; }

private:
  struct entry {
    blob data;
    std::uint64_t until_ms = 0;
  };
  void drop_oldest();

  std::uint64_t bytes_max_;
  std::unordered_map<protocol::digest, entry> content_;
  struct place {
    protocol::digest id;
    std::uint64_t until_ms = 0;  ///< When it came to its place; its entry may say more by now.
  };
  std::deque<place> order_;
  std::uint64_t bytes_ = 0;
};

}  // namespace datagen
