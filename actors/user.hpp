#pragma once
// A user of the network: opens a session, times an Echo at its own edge, signs tickets, checks every
// answer against its receipt, acknowledges, and gives evidence when its job is audited.

#include "messages/interfaces.hpp"

#include "actors/claim_watch.hpp"
#include "actors/content_cache.hpp"
#include "actors/delivery_watch.hpp"
#include "actors/input_supply.hpp"
#include "actors/job_door.hpp"
#include "actors/leaf_watch.hpp"

#include <caf/typed_response_promise.hpp>

#include <deque>

namespace datagen {

struct user_config {
  peer self;
  role_context context;
  protocol::key_pair key;
  peer router;
  kernel_worker_actor worker;             ///< Computes the Echo's truth at this edge.
  std::uint64_t nonce = 0;                ///< Of the last money move already on chain.
  std::uint64_t echo_wait_ms = 1500;      ///< Later answers do not count.
  std::uint64_t session_timeout_ms = 120'000;  ///< To open and pair one.
  std::uint64_t resend_ms = 2000;  ///< Then another author is asked to order what opens or pairs.
  std::uint64_t echo_rest_ms = 10'000;    ///< A session asks for no further Echo before.
  std::uint64_t echo_notice_ms = 500;     ///< From a paid Echo to its packages: validators hear of it.
  std::uint64_t measure_ms = 5000;        ///< How often the paired validator's round trip is taken.
  std::uint32_t late_max = 3;             ///< Slow round trips in a row that count as degraded.
  std::uint64_t job_timeout_ms = 600'000;
  std::uint64_t silence_ms = 3000;        ///< A validator that gives no sign for so long is left.
  std::uint64_t content_bytes_max = 64ULL << 20;  ///< Inputs kept for audits; the oldest go first.
  std::uint32_t evidence_max = 100'000;   ///< Acknowledged jobs kept for audits; oldest go first.
  bool offers_canaries = false;           ///< Its validator may make leaves of its jobs wrong on purpose.
};

class user_state {
public:
  explicit user_state(user_actor::pointer self) : self_(self) {}
  static inline const char* name = "user";

  void start(user_config config);
  caf::typed_response_promise<v1::session_ready> open(const v1::session_wish& wish);
  v1::pool_consent join(const v1::pool_offer& x);
  caf::typed_response_promise<v1::session_ready> delegate(const v1::delegation_wish& x);
  caf::typed_response_promise<v1::session_ready> echo_again();
  caf::typed_response_promise<v1::job_outcome> submit(const v1::job_wish& wish);
  void time_echo(const v1::echo_reply& reply);
  void receive(const v1::job_reply& reply);
  void refused(const v1::job_refused& refusal);
  void working(const v1::job_working& sign);
  void proposed(const v1::canary_proposal& x);
  void kept(const v1::input_kept& x);
  void entry(const v1::entry_reply& x);
  void place(const v1::leaf_place& x);
  void fetched(const v1::result_sealed& x);
  void follow(const v1::heavy_news& news) { learn(heavy_.take(news)); }
  void follow(const peer& from, const v1::snapshot_piece& x) { learn(heavy_.take(from, x)); }
  void told(const v1::transaction_done& done);
  void wake(const v1::alarm& alarm);

private:
  void learn(const std::vector<protocol::ledger::block_events>& news);
  enum alarm_kind : std::uint32_t { tick = 0, echo_over = 1, echo_due = 2, again = 3 };
  using job_key = std::pair<protocol::job_id, std::uint8_t>;

  struct open_session {
    v1::session_wish wish;
    std::optional<caf::typed_response_promise<v1::session_ready>> promise;
    std::uint32_t sequence = 0;
    bool for_another = false;        ///< A pool's: another key uses it.
    std::uint64_t expires_ms = 0;    ///< Of a delegated key, Heavy live time; 0: its own.
    bool paired = false;
    bool left = false;               ///< Its validator is silent: the next Echo cannot come too soon.
    bool asked = false;              ///< An Echo is asked for, and its pairing not there yet.
    std::uint64_t rest_until_ms = 0; ///< No further Echo is asked for before.
    std::uint64_t paired_ms = 0;
    std::uint64_t round_trip_us = 0; ///< Of the pairing, as it was measured; 0: drawn.
    std::size_t sample = 0;          ///< How many validators the Echo asks; 0 = all.
    std::uint64_t measured_ms = 0;   ///< When a round trip was taken last.
    std::uint32_t late = 0;          ///< Slow ones in a row.
    std::uint64_t deadline_ms = 0;   ///< To be open and paired.
    protocol::bytes owed;            ///< The opening, then the report: sent until they take effect.
    std::uint64_t owed_sent_ms = 0;
    std::uint32_t owed_tries = 0;
    std::string hindrance;           ///< Why the last try to pair it failed.
    std::vector<v1::echo_line> echo;
  };
  struct open_echo {
    v1::echo_package package;
    std::uint64_t sent_us = 0;
    std::optional<protocol::digest> truth;
    std::map<protocol::validator_id, std::pair<std::uint64_t, v1::echo_reply>> replies;
    bool over = false;
  };
  /// A job on its way, with every attempt at it: whoever answers first, and rightly, has done it.
  struct open_job {
    caf::typed_response_promise<v1::job_outcome> promise;
    v1::job_request request;  ///< The newest attempt.
    std::vector<protocol::signed_ticket> orders;
    std::uint64_t sent_us = 0;   ///< Of the first attempt.
    std::uint64_t deadline_ms = 0;
    std::uint64_t heard_ms = 0;  ///< Last sign of life of the newest attempt's validator.
    bool repeated = false;       ///< The newest attempt was sent again.
    std::uint32_t too_early = 0; ///< Times that the others had not heard of the pairing yet.
    bool waits = false;          ///< For them to hear of it: then it is sent again.
    std::optional<job_refusal> unserved;  ///< Why nobody has it before the session's next pairing.
    bool done_elsewhere = false; ///< An earlier attempt is paid: its answer is asked for.
    std::uint64_t ping_us = 0;   ///< When its round trip began to be taken; 0 when it is not.
    std::map<std::uint8_t, protocol::result_header> agreed;  ///< Canaries: the truth, by attempt.
  };

  void delegated(protocol::session_id id);
  job_refusal why_no_jobs() const;
  /// @returns why no Echo is asked for; empty when one is
  std::string ask_echo(protocol::session_id id);
  void find_another(protocol::session_id id);
  void measure(open_job& x);
  void measured(open_job& x);
  void start_echo(protocol::session_id id);
  void report_echo(protocol::session_id id);
  void ready(protocol::session_id id);
  void fail_session(protocol::session_id id, ec code, std::string reason);
  void owe(protocol::session_id id, protocol::bytes transaction);
  void send_owed(open_session& x);
  void watch_sessions(std::uint64_t now_ms);
  std::vector<protocol::validator_id> payees(protocol::session_id id) const;
  bool begin(open_job& x);
  static bool is_newest(const open_job& x, std::uint8_t attempt);
  bool is_served(protocol::session_id id) const;
  std::string why_above_bid(protocol::session_id id) const;
  void seek(protocol::session_id id);
  void wait_for_pairing(open_job& x, job_refusal why);
  void serve_again(protocol::session_id id);
  void watch_unserved();
  std::string why_late(const open_job& x) const;
  void attempt(open_job& x, protocol::validator_id validator, std::uint8_t number);
  bool fail_over(open_job& x);
  void repeat(open_job& x);
  void leave(open_job& x);
  void find_instead(protocol::session_id id);
  bool knows_less(ec code, const open_job& x) const;
  void send_again();
  void watch_jobs();
  void watch_claims(std::uint64_t now_ms);
  void watch_leaves(std::uint64_t now_ms);
  void watch_deliveries(std::uint64_t now_ms);
  void came_late(const v1::job_reply& reply);
  peer next_fast_author();
  void ask_counts(std::vector<protocol::ledger::tx::ask_for_count> questions);
  void show_fraud();
  void acknowledge(const protocol::receipt& receipt, const protocol::digest& result);
  const protocol::result_header* canary_of(const open_job& x, const v1::job_reply& reply) const;
  void on(const protocol::ledger::happened::session_opened& x);
  void on(const protocol::ledger::happened::echo_opened& x);
  void on(const protocol::ledger::happened::paired& x);
  void on(const protocol::ledger::happened::unpaired& x);
  void on(const protocol::ledger::happened::session_closed& x);
  void on(const protocol::ledger::happened::reveal_requested& x);
  void on(const protocol::ledger::happened::digest_revealed& x);
  void on(const protocol::ledger::happened::audit_settled& x);
  void on(const protocol::ledger::happened::count_asked& x);
  void on(const protocol::ledger::happened::claim_disproved& x);
  template <class Other>
  void on(const Other&) {}

  user_actor::pointer self_;
  user_config config_;
  protocol::chain_id heavy_chain_;
  heavy_follower heavy_;
  std::map<protocol::session_id, open_session> sessions_;
  std::map<protocol::session_id, open_echo> echoes_;
  std::optional<protocol::session_id> current_;  ///< Where jobs go.
  std::map<protocol::job_id, open_job> jobs_;
  std::set<protocol::validator_id> silent_;  ///< Left for their silence, since the last pairing.
  content_cache content_;
  claim_watch claims_;
  settled_checkpoints settled_;
  leaf_watch leaves_;
  delivery_watch deliveries_;
  std::uint32_t complaints_ = 0;   ///< Sent so far: each goes to the next Heavy author.
  std::uint32_t fast_author_ = 0;  ///< Which member is asked for entries and leaves next.
  input_supply supply_;
  heavy_duties duties_;
  oldest_first<job_key, protocol::acknowledgement> evidence_{0};
  std::map<protocol::digest, protocol::session_id> owed_;  ///< Session by what it sent last.
};

user_actor::behavior_type user(user_actor::stateful_pointer<user_state> self, user_config config);

}  // namespace datagen
