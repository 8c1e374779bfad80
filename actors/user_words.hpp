#pragma once
// What users have signed to have received (protocol.md section 2, step 9): a validator's answer to one
// who says afterwards that its result did not come.

#include "messages/work.hpp"

#include "actors/oldest_first.hpp"

namespace datagen {

class user_words {
public:
  using job_key = std::pair<protocol::job_id, std::uint8_t>;
  explicit user_words(std::size_t words_max = 100'000) : all_(words_max) {}

  /// @pre the signature is the session user's
  /// @param until_ms Heavy live time after which nobody asks any more
  void keep(const protocol::acknowledgement& said, std::uint64_t until_ms);
  /// Null where none is kept.
  const protocol::acknowledgement* find(const job_key& key) const;
  void expire(std::uint64_t live_ms);
  std::size_t size() const { return all_.size(); }

private:
  struct word {
    protocol::acknowledgement said;
    std::uint64_t until_ms = 0;
  };
  oldest_first<job_key, word> all_;
};

}  // namespace datagen
