#pragma once
// The validators' second role: fetch a drawn job's bytes by digest, recompute it, commit, and reveal
// when every commitment is in. Who cannot get the bytes says so, and asks the committee's store.

#include "messages/interfaces.hpp"

#include "actors/heavy_duties.hpp"

#include "protocol/audit/check_commitment.hpp"

namespace datagen {

struct cross_checker_config {
  peer self;  ///< Index = validator id.
  role_context context;
  protocol::key_pair key;
  kernel_worker_actor worker;
  std::vector<peer> routers;               ///< Asked for inputs before the paired validator.
  std::uint64_t retry_ms = 500;            ///< Then the next holder is asked.
  std::uint64_t job_timeout_ms = 600'000;
};

class cross_checker_state {
public:
  explicit cross_checker_state(cross_checker_actor::pointer self) : self_(self) {}
  static inline const char* name = "cross_checker";

  void start(cross_checker_config config);
  void follow(const v1::heavy_news& news) { learn(heavy_.take(news)); }
  void follow(const peer& from, const v1::snapshot_piece& x) { learn(heavy_.take(from, x)); }
  void receive(const v1::content_reply& reply);
  void wake();

private:
  void learn(const std::vector<protocol::ledger::block_events>& news);
  using job_key = std::pair<protocol::job_id, std::uint8_t>;

  /// One check that was asked of this validator.
  struct check {
    protocol::ledger::happened::check_requested request;
    std::optional<blob> parameters;
    std::optional<blob> input;
    std::uint32_t asked = 0;  ///< Holders tried so far.
    std::uint64_t unavailable_at_ms = 0;  ///< From then on the bytes count as not to be had.
    bool stored = false;      ///< The Fast committee hands them out.
    bool running = false;
    std::uint64_t number = 0;  ///< Of its run at the kernel worker.
    std::optional<protocol::check_reveal> answer;
    bool reveal_due = false;
  };

  void on(const protocol::ledger::happened::check_requested& x);
  void on(const protocol::ledger::happened::reveal_requested& x);
  void on(const protocol::ledger::happened::check_committed& x);
  void on(const protocol::ledger::happened::digest_revealed& x);
  void on(const protocol::ledger::happened::input_asked& x);
  void on(const protocol::ledger::happened::input_stored& x);
  void on(const protocol::ledger::happened::audit_settled& x);
  template <class Other>
  void on(const Other&) {}
  peer holder(check& x) const;
  void ask(const job_key& key, check& x);
  void run(const job_key& key, check& x);
  void commit(const job_key& key, const v1::kernel_done& done);
  void reveal(const job_key& key, const check& x);
  void owe(const job_key& key, const check& x, duty_kind kind,
           protocol::ledger::transaction_body body);

  cross_checker_actor::pointer self_;
  cross_checker_config config_;
  protocol::validator_id id_;
  protocol::chain_id heavy_chain_;
  heavy_follower heavy_;
  std::map<job_key, check> checks_;
  std::uint64_t kernel_runs_ = 0;  ///< Names runs at the kernel worker.
  heavy_duties duties_;
};

cross_checker_actor::behavior_type cross_checker(
  cross_checker_actor::stateful_pointer<cross_checker_state> self, cross_checker_config config);

}  // namespace datagen
