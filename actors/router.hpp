#pragma once
// The off-chain edge near the user: Echo fan-out, job forwarding, and the store of inputs that an
// audit may ask for. Holds no user key and trusts nobody.

#include "messages/interfaces.hpp"

#include "actors/heavy_follower.hpp"
#include "actors/job_door.hpp"

#include <deque>
#include <unordered_map>

namespace datagen {

struct router_config {
  peer self;
  role_context context;
  std::uint64_t content_bytes_max = 512ULL << 20;  ///< Kept inputs; the oldest go first.
  std::uint64_t input_bytes_max = job_input_bytes_max;  ///< A larger job is refused with too_large.
  std::uint32_t open_jobs_max = 65536;             ///< Further jobs are refused with busy.
  std::uint32_t askers_max = 8;                    ///< Of one job; further ones get no answer.
  std::uint64_t job_timeout_ms = 600'000;          ///< A job without an answer is forgotten.
};

class router_state {
public:
  explicit router_state(router_actor::pointer self) : self_(self) {}
  static inline const char* name = "router";

  void start(router_config config);
  void fan_out(const peer& from, const v1::echo_package& package);
  void return_echo(const v1::echo_reply& reply);
  void forward(const peer& from, const v1::job_request& job);
  void return_result(const v1::job_reply& reply);
  void return_refusal(const v1::job_refused& refusal);
  void acknowledge(const v1::job_acknowledged& said);
  void serve(const peer& from, const v1::content_query& query);
  void follow(const v1::heavy_news& news);
  void wake();

private:
  void keep(const protocol::digest& id, const blob& data);
  job_refusal check(const v1::job_request& job) const;

  /// A job on its way to its validator.
  struct open_job {
    std::set<peer> asked_by;  ///< A repeat from elsewhere takes nobody's answer away.
    std::uint64_t until_ms = 0;
  };

  router_actor::pointer self_;
  router_config config_;
  heavy_follower heavy_;
  protocol::chain_id heavy_chain_;
  std::map<std::pair<protocol::job_id, std::uint8_t>, open_job> jobs_;
  std::map<protocol::session_id, peer> echoes_;                       ///< Whose Echo is open.
  std::unordered_map<protocol::digest, blob> content_;
  std::deque<protocol::digest> content_order_;
  std::uint64_t content_bytes_ = 0;
};

router_actor::behavior_type router(router_actor::stateful_pointer<router_state> self,
                                   router_config config);

}  // namespace datagen
