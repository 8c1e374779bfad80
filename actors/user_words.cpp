#include "actors/user_words.hpp"

namespace datagen {

using namespace protocol;

void user_words::keep(const acknowledgement& said, std::uint64_t until_ms) {
  all_.add({said.job, said.attempt}, {said, until_ms});
}

const acknowledgement* user_words::find(const job_key& key) const {
  const auto* known = all_.find(key);
  return known ? &known->said : nullptr;
}

/// Deadlines follow in about the order in which the words came.
void user_words::expire(std::uint64_t live_ms) {
  while (all_.size() > 0 && all_.begin()->second.until_ms < live_ms)
    all_.erase(job_key{all_.begin()->first});
}

}  // namespace datagen
