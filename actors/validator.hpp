#pragma once
// The paired validator: answers Echo, runs jobs through its kernel worker, returns result and
// receipt at once, brings leaves to the Fast Chain and claims to the Heavy Chain.

#include "messages/interfaces.hpp"

#include "actors/answer_shelf.hpp"
#include "actors/canary_keeper.hpp"
#include "actors/claim_book.hpp"
#include "actors/echo_door.hpp"
#include "actors/input_supply.hpp"
#include "actors/job_content.hpp"
#include "actors/job_door.hpp"
#include "actors/result_supply.hpp"
#include "actors/user_words.hpp"

#include "protocol/fast/paid_set.hpp"
#include "protocol/ledger/dispute_record.hpp"

#include <deque>

namespace datagen {

/// A receipt that this validator has given out, as its archive keeps it.
struct stored_promise {
  protocol::receipt receipt;
  protocol::result_header result;
  bool settled = false;
  std::optional<blob> input;       ///< Of one that is not settled, or whose result may be asked for.
  std::optional<blob> parameters;
};
inline constexpr std::uint8_t receipt_promised = 0;  ///< Storage state: may still be audited.
inline constexpr std::uint8_t receipt_settled = 1;   ///< Not drawn, or its audit is final.

struct validator_config {
  peer self;
  role_context context;
  protocol::key_pair key;
  kernel_worker_actor worker;
  archive_actor archive;
  std::vector<stored_promise> stored;     ///< Promises of the last run, settled ones too.
  std::vector<stored_canary> canaries;    ///< Likewise, those whose truth Heavy may not have heard.
  std::uint32_t open_jobs_max = 4096;     ///< Further jobs are refused with busy.
  std::uint64_t answers_bytes_max = 256ULL << 20;  ///< Settled ones that no user has confirmed.
  /// Inputs of open jobs in all; further ones: busy. As much again of settled ones on disk.
  std::uint64_t content_bytes_max = 2ULL << 30;
  std::uint32_t askers_max = 8;           ///< Of one job; further ones get no answer.
  std::uint64_t job_timeout_ms = 600'000; ///< A kernel that takes longer is given up.
  std::uint64_t resubmit_ms = 3000;       ///< An unordered leaf is sent again after this.
  std::uint64_t claim_ms = 2000;          ///< How often unpaid claims are looked for.
};

class validator_state {
public:
  explicit validator_state(validator_actor::pointer self) : self_(self) {}
  static inline const char* name = "validator";

  void start(validator_config config);
  void answer_echo(const peer& from, const v1::echo_package& package);
  void accept(const peer& from, const v1::job_request& job);
  void probe(const peer& from, const v1::job_probe& x);
  void serve(const peer& from, const v1::content_query& query);
  void kept(const v1::input_kept& x);
  void kept(const v1::result_kept& x) { results_.kept(heavy_, duties_, x); }
  void show(const v1::leaf_place& place);
  void follow(const v1::heavy_news& news) { learn(heavy_.take(news)); }
  void follow(const peer& from, const v1::snapshot_piece& x);
  void leaf_news(const v1::block_news& news);
  void claim(const v1::claims_reply& reply);
  void show_job(const v1::entry_reply& reply);
  void acknowledged(const v1::job_acknowledged& x);
  void offered(const v1::canary_offer& x);
  void agreed(const v1::canary_consent& x);
  void wake();

private:
  void learn(const std::vector<protocol::ledger::block_events>& news);
  using job_key = std::pair<protocol::job_id, std::uint8_t>;

  /// What this validator found when a checker had found something else.
  enum class second_run : std::uint8_t { none, under_way, same, differs };

  /// One attempt at a job, from acceptance until nothing can come of it any more.
  struct open_job {
    protocol::digest ticket;
    std::set<peer> asked_by;  ///< A repeat from elsewhere takes nobody's answer away.
    protocol::session_id session;
    std::uint64_t price_max = 0;   ///< Reserved of the lane until the fee is known, 10^-9 DG.
    std::uint64_t value = 0;       ///< Larger of price and declared value: counts against the cap.
    protocol::account_id user;     ///< Whose share of the cap it fills; nobody's after a restart.
    protocol::digest parameters;
    protocol::digest input;
    std::optional<v1::job_reply> reply;      ///< Kept for repeats until settled.
    std::uint64_t submitted_ms = 0;          ///< When the leaf was last sent to the Fast Chain.
    std::optional<std::uint64_t> checkpoint; ///< Sequence that holds the leaf, once ordered.
    std::uint32_t index = 0;                 ///< Of the leaf in that checkpoint.
    second_run again = second_run::none;
    bool acknowledged = false;               ///< Its user has the answer.
    bool convicted = false;                  ///< Of a wrong result; open to an appeal.
    bool settled = false;                    ///< Open again only to bring its result.
  };

  void release(protocol::session_id session, std::uint64_t price);
  void mark_paid(protocol::session_id session, std::uint32_t sequence);
  void repeat(open_job& x, const peer& from, const protocol::ticket& order);
  void answer(const peer& to, open_job& x);
  job_refusal check(const v1::job_request& request) const;
  job_refusal check_sequence(const protocol::ticket& order) const;
  job_refusal check_money(const protocol::ticket& order, std::uint64_t price,
                          std::uint64_t value) const;
  void refuse(const peer& to, const protocol::ticket& order, const job_refusal& why);
  void finish(const job_key& key, const protocol::signed_ticket& order, const v1::kernel_done& done);
  void give(const job_key& key, const held_answer& answer, const protocol::result_header& result);
  void restore_canaries();
  void propose(const job_key& key, held_answer answer);
  void watch_canaries();
  void drop_canary(const job_key& key);
  void restore(stored_promise x);
  void revive(const job_key& key);
  void forget(const job_key& key, storage::write_batch& batch, std::uint64_t keep_until_ms = 0);
  void write(std::shared_ptr<storage::write_batch> batch);
  void resolve_draw(const job_key& key);
  void promise(const job_key& key, v1::job_reply reply);
  void submit(open_job& x);
  void settle(const job_key& key);
  void answer_asked(std::uint64_t now_ms);
  std::optional<v1::job_reply> find_result(const job_key& key);
  std::uint64_t asked_until(const protocol::receipt& x) const;
  void run_again(const job_key& key, open_job& x);
  void ran_again(const job_key& key, const v1::kernel_done& done);
  void appeal(const job_key& key, const open_job& x);
  void on(const protocol::ledger::happened::check_requested& x);
  void on(const protocol::ledger::happened::checkpoint_drawn& x);
  void on(const protocol::ledger::happened::checkpoint_settled& x);
  void on(const protocol::ledger::happened::count_asked& x);
  void on(const protocol::ledger::happened::count_shown& x);
  void on(const protocol::ledger::happened::entry_voided& x);
  void ask_entries();
  void on(const protocol::ledger::happened::committee_seated& x);
  void on(const protocol::ledger::happened::reveal_requested& x);
  void on(const protocol::ledger::happened::digest_revealed& x);
  void on(const protocol::ledger::happened::leaf_asked& x);
  void on(const protocol::ledger::happened::leaf_shown& x);
  void on(const protocol::ledger::happened::audit_settled& x);
  void on(const protocol::ledger::happened::session_closed& x);
  void on(const protocol::ledger::happened::delivery_asked& x);
  void on(const protocol::ledger::happened::delivery_settled& x);
  void on(const protocol::ledger::happened::canary_registered& x);
  void on(const protocol::ledger::happened::canary_revealed& x);
  template <class Other>
  void on(const Other&) {}
  void send_heavy(protocol::ledger::transaction_body body);

  validator_actor::pointer self_;
  validator_config config_;
  protocol::validator_id id_;
  protocol::chain_id heavy_chain_;
  heavy_follower heavy_;
  std::map<job_key, open_job> jobs_;
  std::map<protocol::session_id, std::uint64_t> promised_;  ///< Of open ones: lane used or reserved, 10^-9 DG.
  /// Jobs that were paid, here or at a stand-in: none of them is worked on again.
  std::map<protocol::session_id, protocol::fast::paid_set> paid_;
  std::uint64_t kernel_runs_ = 0;                           ///< Names runs at the kernel worker.
  protocol::ledger::exposure at_risk_;                      ///< Of `jobs_`.
  job_content content_;
  std::map<std::uint64_t, std::set<std::uint32_t>> draws_;  ///< Lately drawn indices by checkpoint.
  std::optional<std::uint64_t> first_checkpoint_;  ///< Settled, that this validator has heard of.
  std::map<std::uint32_t, std::uint64_t> ends_;  ///< Fast epochs' last checkpoints that count.
  struct asked_leaf {
    protocol::receipt held;
    std::uint64_t since_ms = 0;  ///< When it was asked for.
  };
  std::map<job_key, asked_leaf> asked_;  ///< Ours that Heavy asks for, and that are not shown yet.
  answer_shelf shelf_;
  /// Settled promises of the last run that no user has confirmed, with what it takes to compute them
  /// again; the archive forgets them in time.
  std::map<job_key, stored_promise> dormant_;
  user_words words_;
  result_supply results_;
  claim_book book_;
  std::set<protocol::ledger::count_key> counts_;  ///< Jobs of totals that Heavy asks for.
  echo_door echo_;
  input_supply supply_;
  heavy_duties duties_;
  canary_keeper canaries_;
  std::uint64_t claims_asked_ms_ = 0;
  bool dead_ = false;                                       ///< The archive failed: no more promises.
};

validator_actor::behavior_type validator(validator_actor::stateful_pointer<validator_state> self,
                                         validator_config config);

}  // namespace datagen
