#pragma once
// The HTTP API as a role: follows both chains into read models, answers every request from them or
// after a word with an author, and is the edge through which jobs, Echoes and transactions of users
// without an actor of their own reach the network. Holds no user key; no handler blocks.

#include "messages/interfaces.hpp"

#include "actors/gateway/chain_health.hpp"
#include "actors/gateway/content_store.hpp"
#include "actors/gateway/exchange.hpp"
#include "actors/gateway/memory.hpp"
#include "actors/gateway/metrics.hpp"
#include "actors/gateway/read_models.hpp"
#include "actors/gateway/request_signature.hpp"
#include "actors/gateway/routes.hpp"
#include "actors/heavy_follower.hpp"
#include "actors/settled_checkpoints.hpp"
#include "actors/http/event_stream.hpp"

#include <functional>

namespace datagen {

struct gateway_config {
  peer self{role::gateway, 0};
  role_context context;
  peer router{role::router, 0};
  archive_actor archive;  ///< Unset: nothing survives a restart.
  std::shared_ptr<const web::gateway_memory> memory;  ///< What an archive held; may be unset.
  std::shared_ptr<http::event_stream> events;         ///< Where news goes; may be unset.
  std::string version;
  std::function<std::vector<web::series>()> host_series;  ///< Of its host, beside its own; may be unset.
  std::function<std::string()> host_trouble;  ///< Why its host is about to end, or empty; may be unset.
  web::read_models::limits models;
  std::uint64_t inputs_bytes_max = 256ULL << 20;   ///< In memory; the oldest go first.
  std::uint64_t outputs_bytes_max = 256ULL << 20;  ///< Likewise.
  std::uint64_t blob_keep_ms = 24 * protocol::hour_ms;  ///< In the archive.
  std::size_t open_jobs_max = 4096;      ///< Further jobs are refused with busy.
  std::size_t open_echoes_max = 256;     ///< Further Echoes are refused with busy.
  std::size_t nonces_max = 100'000;      ///< Remembered signed requests.
  std::size_t early_certificates_max = 256;  ///< The oldest go first.
  std::uint64_t echo_wait_ms = 1'500;    ///< Later answers do not count.
  std::uint64_t job_timeout_ms = 600'000;
  std::uint64_t job_silence_ms = 1'500;  ///< A validator that gives no sign for so long is left.
  std::uint64_t wait_ms_max = 25'000;    ///< Longest `wait_ms`; below the server's deadline.
  std::uint64_t transaction_wait_ms = 10'000;  ///< Without `wait_ms`.
  std::uint64_t query_timeout_ms = 2'000;      ///< For an author or the archive to answer.
  std::uint64_t silence_ms = 5'000;      ///< Then another author is followed.
};

class gateway_state {
public:
  explicit gateway_state(gateway_actor::pointer self) : self_(self) {}
  static inline const char* name = "gateway";

  void start(gateway_config config);
  void serve(const v1::web_request& request);
  void hear(const v1::heavy_news& news);
  void hear(const peer& from, const v1::snapshot_piece& piece);
  void hear(const peer& from, const v1::block_news& news);
  void hear(const v1::block_certified& news);
  void hear(const peer& from, const v1::block_answer& sign_of_life);
  void hear(const v1::echo_reply& reply);
  void hear(const v1::job_reply& reply);
  void hear(const v1::job_refused& refusal);
  void hear(const v1::job_working& sign);
  void hear(const v1::transaction_done& done);
  void hear(const v1::state_reply& reply);
  void hear(const v1::leaf_place& place);
  void hear(const v1::result_sealed& answer);
  void wake(const v1::alarm& alarm);

private:
  enum alarm_kind : std::uint32_t { tick = 0, deadline = 1 };
  using job_key = std::pair<protocol::job_id, std::uint8_t>;
  using arguments = std::vector<std::string>;

  struct followed_chain {
    std::uint32_t author = 0;  ///< Index, modulo the committee's size.
    std::uint64_t heard_ms = 0;
    std::optional<std::uint64_t> gap_asked;  ///< Height above which a gap was asked for.
    std::uint64_t gap_asked_ms = 0;
    std::uint64_t gap_seen = 0;  ///< Highest block that came since.
  };
  struct open_job {
    protocol::signed_ticket order;
    std::uint64_t sent_us = 0;
    std::uint64_t deadline = 0;
    std::uint64_t heard_ms = 0;  ///< Last sign of life of its validator.
    bool silent = false;         ///< Its user was told so; a late answer still counts.
  };
  struct open_echo {
    web::shared_exchange ask;
    protocol::digest package;
    std::uint64_t sent_us = 0;
    std::uint64_t deadline = 0;
    std::map<protocol::validator_id, std::pair<std::uint64_t, v1::echo_reply>> replies;
  };
  struct open_transaction {
    web::shared_exchange ask;
    std::uint64_t deadline = 0;
  };
  /// Clients that wait for a Fast author's word about a leaf, each with its deadline.
  template <class Reply>
  using askers =
    std::multimap<job_key, std::pair<std::uint64_t, std::function<void(const Reply*)>>>;
  struct job_wait {
    web::shared_exchange ask;
    protocol::job_id job;
    std::string seen;  ///< The state that the client knows already.
  };

  // Following (gateway.cpp).
  followed_chain& follow_of(web::chain_kind x) { return x == web::chain_kind::heavy ? heavy_follow_ : fast_follow_; }
  web::chain_kind chain_certified_by(const protocol::consensus::certificate& proof) const;
  peer author(web::chain_kind x) const;
  void ask_for_blocks(web::chain_kind x);
  bool is_rest(web::chain_kind x, const peer& from, std::uint64_t height);
  void check_silence(web::chain_kind x);
  void restore(const web::gateway_memory& memory);
  void announce(web::chain_kind x, const web::read_models::change& what);
  void publish(const char* topic, const char* type, web::json::object fields);
  void refresh_records();
  // Committees and epochs (gateway/epochs.cpp).
  void take(protocol::consensus::hand_over x);
  void take_committees(const protocol::ledger::block_events& block,
                       const std::function<protocol::heavy_proof()>& proof);
  void committee_is_known(web::chain_kind x);
  void cut(web::chain_kind x, std::uint64_t height);
  // Are the committees at work? (gateway/health.cpp)
  web::chain_health& health_of(web::chain_kind x) { return x == web::chain_kind::heavy ? heavy_health_ : fast_health_; }
  const web::chain_health& health_of(web::chain_kind x) const { return x == web::chain_kind::heavy ? heavy_health_ : fast_health_; }
  web::chain_health::report health_report(web::chain_kind x) const;
  void ask_the_silent(web::chain_kind x);
  std::vector<web::series> committee_series() const;
  std::uint64_t after(std::uint64_t ms, std::function<void()> what);
  void query(v1::state_kind kind, protocol::bytes key,
             std::function<void(const v1::state_reply*)> then);
  void flush();

  // Answers (gateway/reads.cpp, gateway/writes.cpp).
  void dispatch(const web::shared_exchange& ask, const web::route& what, const arguments& args);
  void answer_read(const web::shared_exchange& ask, web::action what, const arguments& args);
  http::response ready_answer() const;
  void answer_blocks(const web::shared_exchange& ask, const std::string& chain_name);
  void answer_block(const web::shared_exchange& ask, const arguments& args);
  void answer_account(const web::shared_exchange& ask, const std::string& address);
  void answer_session(const web::shared_exchange& ask, const std::string& id);
  void answer_proposals(const web::shared_exchange& ask);
  http::response economics_answer() const;
  http::response sessions_answer(const http::request& ask) const;
  http::response pairings_answer(const http::request& ask) const;
  http::response jobs_answer(const http::request& ask) const;
  http::response audits_answer(const http::request& ask) const;
  http::response validators_answer() const;
  http::response validator_answer(const std::string& id) const;
  void answer_job(const web::shared_exchange& ask, const std::string& id);
  void answer_result(const web::shared_exchange& ask, const std::string& id);
  http::response receipt_answer(const std::string& id) const;
  http::response metrics_answer() const;
  http::response committees_answer() const;
  web::json::object line_json(web::chain_kind x) const;
  http::response checkpoint_answer(const http::request& ask) const;
  std::optional<protocol::trusted_checkpoint> checkpoint_of(std::uint32_t epoch) const;

  http::response put_input(web::exchange& ask, const std::string& digest);
  void post_job(const web::shared_exchange& ask);
  void send_job(const web::shared_exchange& ask, const protocol::signed_ticket& order,
                blob parameters, blob input);
  void acknowledge(const web::shared_exchange& ask, const std::string& id);
  void watch_jobs();
  void say_refused(const v1::job_refused& refusal);
  void start_echo(const web::shared_exchange& ask);
  void finish_echo(protocol::session_id id);
  void post_transaction(const web::shared_exchange& ask, web::chain_kind to);
  void find_content(const protocol::digest& id, std::function<void(std::optional<blob>)> then);
  void keep_blob(const protocol::digest& id, const blob& data);
  void save(const web::saved_job& job);
  void forget_saved();
  // Results that did not come (gateway/deliveries.cpp).
  void answer_delivery_claim(const web::shared_exchange& ask, const std::string& id);
  void post_stored_result(const web::shared_exchange& ask, const std::string& id);
  http::response claim_answer(const job_key& leaf, const v1::leaf_place& place) const;
  template <class Question, class Reply>
  void ask_committee(Question question, askers<Reply>& open,
                     std::function<void(const Reply*)> then);
  template <class Reply>
  void tell(askers<Reply>& open, const Reply& answer);
  // Proofs (gateway/receipt.cpp).
  void place_leaves(const protocol::consensus::certificate& proof);
  void collect(const protocol::digest& feed_before, protocol::ledger::certified_events said);
  void save(const web::checkpoint_proof& proof);
  void let_go(const web::saved_job& job);
  void job_changed(const protocol::job_id& id);
  std::optional<std::uint64_t> wait_of(const web::shared_exchange& ask, std::uint64_t otherwise);

  gateway_actor::pointer self_;
  gateway_config config_;
  protocol::chain_id heavy_chain_;
  web::committee_book committees_;
  web::chain_health heavy_health_;
  web::chain_health fast_health_;
  std::deque<protocol::consensus::certificate> early_;  ///< Of committees that are not known yet.
  heavy_follower heavy_;
  followed_chain heavy_follow_;
  followed_chain fast_follow_;
  web::read_models models_;
  std::map<protocol::account_id, std::set<protocol::session_id>> sessions_of_;
  std::optional<web::nonce_memory> nonces_;
  std::optional<web::content_store> inputs_;
  std::optional<web::content_store> outputs_;
  std::map<job_key, open_job> jobs_;
  std::map<protocol::job_id, web::saved_job> saved_;  ///< Jobs that passed this edge.
  std::deque<std::pair<std::uint64_t, protocol::job_id>> saved_order_;
  web::checkpoint_proofs proofs_;
  std::map<protocol::validator_id, protocol::heavy_proof> admissions_;  ///< After genesis.
  std::map<protocol::session_id, open_echo> echoes_;
  std::multimap<protocol::digest, open_transaction> transactions_;
  settled_checkpoints settled_;
  askers<v1::leaf_place> places_;
  askers<v1::result_sealed> sealed_;
  std::uint32_t committee_turn_ = 0;  ///< Who of the Fast committee is asked next.
  std::map<std::uint64_t, job_wait> waits_;
  std::map<std::uint64_t, std::function<void()>> deadlines_;
  std::map<std::uint64_t, std::function<void(const v1::state_reply*)>> queries_;
  std::uint64_t next_number_ = 1;    ///< Of deadlines and queries.
  std::uint64_t next_sequence_ = 0;  ///< Of events; begins at the start's Unix time.
  std::uint64_t records_height_ = 0; ///< Heavy height at which the records were asked for.
  std::uint64_t ticks_ = 0;
  std::shared_ptr<storage::write_batch> gathered_ =
    std::make_shared<storage::write_batch>();  ///< Written once a second.
  std::uint64_t diverged_ = 0;       ///< Certificates against a block that is kept here.
  std::uint64_t archive_failures_ = 0;
  std::map<std::string, std::uint64_t> requests_;  ///< By route.
};

gateway_actor::behavior_type gateway(gateway_actor::stateful_pointer<gateway_state> self,
                                     gateway_config config);

}  // namespace datagen
