#pragma once
// A validator's results that users say did not come (protocol.md section 2, step 9): brought to the
// Fast committee's store, until f+1 signatures of members that hold them settle it on the Heavy Chain.
// So nobody has a price back by keeping silent about a result that it has.

#include "actors/heavy_duties.hpp"

namespace datagen {

struct result_supply_config {
  peer self;
  role_context context;
  /// The answer, with its output; nothing while it has to come out again.
  std::function<std::optional<v1::job_reply>(const protocol::job_id&, std::uint8_t attempt)> find;
  std::uint64_t retry_ms = 1000;  ///< Then further members are asked.
};

class result_supply {
public:
  result_supply() = default;
  explicit result_supply(result_supply_config config);

  /// Its user asks the Heavy Chain for this leaf's result.
  void ask(const protocol::leaf& x);
  /// A member holds what was offered.
  void kept(const heavy_follower& heavy, heavy_duties& duties, const v1::result_kept& x);
  void settled(const protocol::job_id& job, std::uint8_t attempt) { open_.erase({job, attempt}); }
  void wake(const heavy_follower& heavy);

private:
  using job_key = std::pair<protocol::job_id, std::uint8_t>;
  struct question {
    protocol::leaf content;
    std::uint64_t offer_at_ms = 0;
    std::uint32_t offered = 0;  ///< Members tried so far.
    std::map<std::uint32_t, protocol::signature> signatures;  ///< By author id.
  };
  void offer(const job_key& key, question& x, const protocol::consensus::roster& members);

  result_supply_config config_;
  protocol::chain_id heavy_chain_;
  std::map<job_key, question> open_;
};

/// Which duty an answer to the Heavy Chain's question for a delivery is.
heavy_duties::duty delivery_duty(const protocol::job_id& job, std::uint8_t attempt);

}  // namespace datagen
