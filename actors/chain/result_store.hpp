#pragma once
// The Fast committee's bounded temporary store for results (protocol.md section 2, step 9): those that
// users say did not come, kept until they had time to fetch them.

#include "messages/delivery.hpp"

#include "protocol/job/delivery.hpp"
#include "protocol/ledger/events.hpp"

#include <map>

namespace datagen {

class result_store {
public:
  /// @param keep_ms Heavy live time that a result is held after the last moment to bring it
  explicit result_store(std::uint64_t keep_ms, std::uint64_t bytes_max = 512ULL << 20)
      : keep_ms_(keep_ms), bytes_max_(bytes_max) {}

  /// Every event of the Heavy Chain, in order.
  void hear(const protocol::ledger::event& what);
  void expire(std::uint64_t live_ms);
  /// Keeps a result that Heavy asks for, if it opens the leaf and there is room. @returns the leaf's
  /// commitment when it is held here
  std::optional<protocol::digest> offer(const v1::result_offer& x);
  /// Null when it is not held.
  const protocol::stored_result* find(const protocol::job_id& job, std::uint8_t attempt) const;
  std::uint64_t bytes() const { return bytes_; }

private:
  using job_key = std::pair<protocol::job_id, std::uint8_t>;
  struct entry {
    protocol::stored_result held;  ///< Its receipt alone until `there`.
    bool there = false;
    std::uint64_t until_ms = 0;
  };
  void drop(std::map<job_key, entry>::iterator it);

  std::uint64_t keep_ms_;
  std::uint64_t bytes_max_;
  std::uint64_t bytes_ = 0;
  std::map<job_key, entry> asked_;
};

}  // namespace datagen
