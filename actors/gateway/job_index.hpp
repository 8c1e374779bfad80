#pragma once
// Every job's story in steps, built from the events of both chains and from what passed this edge
// (protocol.md section 2).

#include "messages/work.hpp"

#include "actors/gateway/chain_index.hpp"

#include "protocol/fast/events.hpp"

#include <deque>
#include <unordered_map>

namespace datagen::web {

enum class job_state : std::uint8_t {
  running, returned, refused, ordered, settled, drawn, audited, faulted,
};
const char* to_string(job_state x);

/// One step; fields that do not apply are absent.
struct job_step {
  std::string step;
  std::uint64_t at_ms = 0;
  std::optional<std::uint64_t> live_ms;
  std::optional<std::uint64_t> height;
  std::optional<chain_kind> where;
  std::string who;
  std::optional<protocol::digest> digest;
  std::string text;  ///< A sentence for people.
};

struct job_verdict {
  std::string outcome;
  std::string rule;
  std::vector<std::string> pays;
};

/// Which block of which epoch said so.
struct job_place {
  std::uint32_t epoch = 0;
  std::uint64_t height = 0;
};

struct job_entry {
  std::uint64_t number = 0;  ///< In the order in which this gateway heard of them.
  protocol::job_id id;
  protocol::session_id session;
  std::uint32_t sequence = 0;
  std::uint8_t attempt = 0;
  protocol::validator_id validator;
  std::optional<protocol::kernel_ref> kernel;  ///< Known for own jobs and drawn ones.
  std::uint64_t units = 0;
  std::uint64_t fee = 0;  ///< 10^-9 DG.
  job_state state = job_state::running;
  std::optional<std::uint64_t> latency_us;
  ec code = ec::ok;
  std::string reason;
  std::vector<job_step> timeline;
  std::optional<protocol::digest> user_digest;
  std::optional<protocol::digest> validator_digest;
  std::map<protocol::validator_id, protocol::digest> checkers;
  std::optional<job_verdict> verdict;
  std::optional<job_place> ordered;  ///< In this Fast block,
  bool fast_final = false;           ///< which a quorum of its committee has certified,
  std::optional<job_place> settled;  ///< and whose checkpoint this Heavy block has ordered.
  std::uint64_t checkpoint = 0;
  std::uint32_t leaf_index = 0;
  std::uint64_t claim_epoch = 0;
};

/// Where an event happened.
struct block_place {
  chain_kind where = chain_kind::heavy;
  std::uint64_t height = 0;
  std::uint64_t timestamp_ms = 0;
  std::uint64_t live_ms = 0;  ///< Heavy only.
  std::uint32_t epoch = 0;
};

class job_index {
public:
  struct limits {
    std::size_t jobs_max = 20'000;   ///< The oldest go first.
    std::size_t steps_max = 128;     ///< Of one job; further ones are not kept.
    std::size_t early_max = 4'096;   ///< What Heavy said of checkpoints that Fast has not told yet.
  };
  job_index() = default;
  explicit job_index(limits bounds) : limits_(bounds) {}

  // What passes this edge.
  void submitted(const protocol::ticket& order, std::uint64_t now_ms);
  void returned(const v1::job_reply& reply, std::uint64_t output_bytes, std::uint64_t now_ms,
                std::uint64_t latency_us);
  /// @returns false where it changes nothing: another attempt is on its way or has its answer
  bool refused(const v1::job_refused& refusal, std::uint64_t now_ms);
  void acknowledged(const protocol::acknowledgement& said, std::uint64_t now_ms);

  // What the chains say. @returns the jobs that changed.
  std::vector<protocol::job_id> take(const block_place& at, const protocol::fast::event& what);
  std::vector<protocol::job_id> take(const block_place& at, const protocol::ledger::event& what);

  /// A quorum of the Fast committee stands behind everything up to `height`. @returns the jobs that
  /// are fast-final now.
  std::vector<protocol::job_id> certify(std::uint64_t height, std::uint64_t at_ms);
  /// Fast blocks from `height` on are void: their committee was closed before they were settled.
  /// @returns the jobs that wait for their place again.
  std::vector<protocol::job_id> cut(std::uint64_t height);

  const job_entry* find(const protocol::job_id& id) const;
  /// Newest first: at most `limit` jobs with a number below `below`.
  std::vector<const job_entry*> page(std::uint64_t below, std::size_t limit) const;
  std::size_t size() const { return jobs_.size(); }
  std::size_t running() const { return running_; }

private:
  using payee = std::tuple<std::uint64_t, protocol::validator_id, protocol::session_id>;
  using ids = std::vector<protocol::job_id>;

  struct checkpoint_jobs {
    ids jobs;
    std::optional<std::uint64_t> made_at;  ///< Height of the Fast block that closed it.
  };

  job_entry& entry(const protocol::job_id& id);
  job_entry* known(const protocol::job_id& id);
  void step(job_entry& job, job_step what);
  job_step at_block(const block_place& at, const char* name, std::string text) const;
  /// @returns the jobs of checkpoint `sequence` as far as Fast has told of them. Until it has told of
  /// all, `what` Heavy says is kept, to be said again then.
  checkpoint_jobs* told_of(std::uint64_t sequence, const block_place& at,
                           const protocol::ledger::event& what);
  void say_again(std::uint64_t sequence);
  void enter(job_entry& job, job_state state);
  void forget_oldest();

  ids on(const block_place& at, const protocol::fast::happened::leaf_ordered& x);
  ids on(const block_place& at, const protocol::fast::happened::checkpoint_made& x);
  ids on(const block_place& at, const protocol::ledger::happened::checkpoint_settled& x);
  ids on(const block_place& at, const protocol::ledger::happened::checkpoint_drawn& x);
  ids on(const block_place& at, const protocol::ledger::happened::check_requested& x);
  ids on(const block_place& at, const protocol::ledger::happened::check_committed& x);
  ids on(const block_place& at, const protocol::ledger::happened::digest_revealed& x);
  ids on(const block_place& at, const protocol::ledger::happened::audit_settled& x);
  ids on(const block_place& at, const protocol::ledger::happened::slashed& x);
  ids on(const block_place& at, const protocol::ledger::happened::claim_paid& x);
  ids on(const block_place& at, const protocol::ledger::happened::delivery_asked& x);
  ids on(const block_place& at, const protocol::ledger::happened::delivery_settled& x);
  template <class Other>
  ids on(const block_place&, const Other&) {
    return {};
  }

  limits limits_;
  std::unordered_map<protocol::job_id, job_entry> jobs_;
  std::map<std::uint64_t, protocol::job_id> order_;
  std::uint64_t next_number_ = 1;
  std::size_t running_ = 0;
  std::map<std::uint64_t, checkpoint_jobs> by_checkpoint_;
  std::map<std::uint64_t, ids> not_final_;  ///< By Fast height.
  std::map<payee, ids> unpaid_;
  /// By checkpoint. After a restart, or behind a slow author, Heavy's block can arrive before the
  /// Fast block whose checkpoint it settles; its words wait here until that block is told.
  std::map<std::uint64_t, std::vector<std::pair<block_place, protocol::ledger::event>>> early_;
  /// Of the block at hand: a slash is told just before the verdict that it follows from.
  std::map<protocol::validator_id, job_step> slashes_;
};

}  // namespace datagen::web
