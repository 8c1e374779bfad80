#pragma once
// Answers of settled jobs that no user has confirmed: they were promised and will be paid, so they are
// handed out as long as they may be asked for (protocol.md section 2, steps 5 and 9).

#include "messages/work.hpp"

#include <deque>
#include <map>

namespace datagen {

class answer_shelf {
public:
  using job_key = std::pair<protocol::job_id, std::uint8_t>;
  /// @param bytes_max of outputs; the oldest go first
  explicit answer_shelf(std::uint64_t bytes_max = 256ULL << 20) : bytes_max_(bytes_max) {}

  /// @param until_ms Heavy live time
  void keep(v1::job_reply answer, std::uint64_t until_ms);
  /// Null where it is not kept.
  const v1::job_reply* find(const job_key& key) const;
  void release(const job_key& key);
  void expire(std::uint64_t live_ms);
  std::uint64_t bytes() const { return bytes_; }

private:
  struct entry {
    v1::job_reply answer;
    std::uint64_t until_ms = 0;
  };
  std::uint64_t bytes_max_;
  std::uint64_t bytes_ = 0;
  std::map<job_key, entry> all_;
  std::deque<job_key> order_;  ///< As they came; released ones go when their turn comes.
};

}  // namespace datagen
