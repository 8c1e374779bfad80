#pragma once
// The off-chain edge near the user: Echo fan-out, job forwarding within the value cap, and the store
// of inputs that an audit may ask for. Holds no user key and trusts nobody.

#include "messages/interfaces.hpp"

#include "actors/content_cache.hpp"
#include "actors/input_supply.hpp"
#include "actors/job_door.hpp"
#include "actors/value_watch.hpp"

namespace datagen {

struct router_config {
  peer self;
  role_context context;
  std::uint64_t content_bytes_max = 512ULL << 20;  ///< Kept inputs; the oldest go first.
  std::uint64_t input_bytes_max = job_input_bytes_max;  ///< A larger job is refused with too_large.
  std::uint32_t open_jobs_max = 65536;             ///< Further jobs are refused with busy.
  std::uint32_t open_echoes_max = 65536;           ///< Of sessions; a further one replaces another.
  std::uint32_t askers_max = 8;                    ///< Of one job; further ones get no answer.
  std::uint64_t job_timeout_ms = 600'000;          ///< A job without an answer is forgotten.
  std::uint64_t doubt_ms = 5000;                   ///< How often a full validator is asked all the same.
  std::uint64_t fast_silence_ms = 3000;            ///< Then another Fast author tells the leaves.
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
  void probe(const peer& from, const v1::job_probe& x);
  void return_sign(const v1::job_working& x);
  void acknowledge(const v1::job_acknowledged& said);
  void return_proposal(const v1::canary_proposal& x);
  /// To the validator that it names.
  template <class Message>
  void pass_on(const Message& x) {
    config_.context.net->send(config_.self, {role::validator, x.validator.value}, x);
  }
  void leaf_news(const peer& from, const v1::block_news& news);
  void kept(const v1::input_kept& x);
  void serve(const peer& from, const v1::content_query& query);
  void follow(const v1::heavy_news& news) { learn(heavy_.take(news)); }
  void follow(const peer& from, const v1::snapshot_piece& x) { learn(heavy_.take(from, x)); }
  void wake();

private:
  void learn(const std::vector<protocol::ledger::block_events>& news);
  job_refusal check(const v1::job_request& job) const;
  job_refusal check_value(const v1::job_request& job) const;
  void follow_leaves();
  bool doubts(const v1::job_request& job);

  /// A job on its way to its validator.
  struct open_job {
    std::set<peer> asked_by;  ///< A repeat from elsewhere takes nobody's answer away.
    std::uint64_t until_ms = 0;
    protocol::validator_id validator;
    bool counted = false;  ///< Its value counts from here on, and for nothing if it is refused.
    bool doubted = false;  ///< By what the Fast author says, there was no room for it.
  };
  void taken(open_job& x);

  router_actor::pointer self_;
  router_config config_;
  heavy_follower heavy_;
  protocol::chain_id heavy_chain_;
  std::map<std::pair<protocol::job_id, std::uint8_t>, open_job> jobs_;
  std::map<protocol::session_id, peer> echoes_;                       ///< Whose Echo is open.
  std::map<protocol::session_id, std::vector<protocol::validator_id>> samples_;  ///< Ascending.
  std::map<protocol::validator_id, std::uint64_t> doubt_ms_;  ///< Not to be doubted before.
  content_cache content_;
  value_watch value_;
  input_supply supply_;
  heavy_duties duties_;
  std::uint32_t fast_author_ = 0;  ///< Which member tells the leaves.
  std::uint64_t fast_heard_ms_ = 0;
};

router_actor::behavior_type router(router_actor::stateful_pointer<router_state> self,
                                   router_config config);

}  // namespace datagen
