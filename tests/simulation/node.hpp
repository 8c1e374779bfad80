#pragma once
// One process: the real core with a store, a mempool and an executor around it, carried out as a
// shell would, and able to crash where it hurts.

#include "tests/simulation/executor.hpp"

namespace datagen::simulation {

/// Where a crash hits an own vertex's way out (scenario 10).
enum class crash_point { before_write, after_write, after_send };

/// A slot as one member decided it, with how far its DAG reached at that moment.
struct slot_trace {
  round_number round = 0;
  std::uint32_t offset = 0;
  slot_decision decision = slot_decision::undecided;
  round_number highest_round = 0;
};

class node_process {
public:
  node_process(stage& s, member_id id);
  node_process(const node_process&) = delete;
  node_process& operator=(const node_process&) = delete;

  void boot();
  void crash();
  void deliver(const any_event& e);
  void submit(const bytes& transaction);
  /// Crashes while its next vertex passes `point`; it returns after `pause_ms`.
  void crash_at(crash_point point, std::uint64_t pause_ms) { plan_ = {point, pause_ms}; }
  /// The disk is gone: it comes back as an observer (2.12).
  void lose_store();
  /// Starts again from what `peer` holds: blocks, their vertices, the state behind them.
  void rebuild(const node_process& peer);

  bool running() const { return engine_ != nullptr; }
  author_index author() const { return dossier_.author; }
  bool observes() const { return dossier_.observer; }
  core_status status() const { return engine_->status(); }
  const core& engine() const { return *engine_; }
  executor& machine() { return machine_; }
  const executor& machine() const { return machine_; }
  const std::vector<slot_trace>& slots() const { return slots_; }
  const std::vector<bytes>& mempool() const { return mempool_; }
  std::size_t payloads() const { return payloads_; }  ///< Own vertices with transactions.

private:
  struct crash_plan {
    crash_point point;
    std::uint64_t pause_ms;
  };

  instant now() const;
  event::start what_is_stored();
  void start_with(const event::start& memory);
  void maybe_crash(crash_point point);
  void watch();
  void later(std::uint64_t delay_ms, any_event e);
  void wake_mempool();
  void on_executed(const event::commit_executed& e);
  void write(const effect::persist& e);

  void on(effect::persist& e);
  void on(effect::broadcast& e);
  void on(effect::send_vertices& e);
  void on(effect::fetch& e);
  void on(effect::fetch_since& e);
  void on(effect::output& e);
  void on(effect::want_payload& e);
  void on(effect::requeue& e);
  void on(effect::wake_at& e);
  void on(effect::evidence& e) { stage_.rules.evidence(e); }
  void on(effect::alarm& e) { stage_.rules.alarmed(dossier_, e); }

  stage& stage_;
  member_id id_;
  judge::dossier dossier_;
  executor machine_;
  std::unique_ptr<core> engine_;
  std::uint64_t life_ = 0;           ///< Counts starts; what an earlier life began is void.
  std::vector<vertex_ptr> stored_;   ///< The store, written with own vertices.
  std::vector<effect::output> log_;  ///< Blocks and their vertices.
  std::vector<bytes> mempool_;
  bool waiting_told_ = false;
  std::uint64_t wake_ms_ = 0;
  std::optional<crash_plan> plan_;
  committer shadow_;  ///< Decides as the core does, for `slots()`.
  std::vector<slot_trace> slots_;
  std::size_t payloads_ = 0;
};

}  // namespace datagen::simulation
