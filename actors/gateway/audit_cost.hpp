#pragma once
// What audits cost in work: executions of jobs beyond the useful ones, by cause (protocol.md section
// 4: 3 checkers at rate p make 3 p of them). Counted since genesis from both chains' events.

#include "protocol/fast/events.hpp"

namespace datagen::web {

/// Executions by what they were for. A check counts when its commitment is on Heavy.
struct executions {
  std::uint64_t useful = 0;      ///< Payable leaves.
  std::uint64_t repeated = 0;    ///< Leaves of later attempts at paid jobs.
  std::uint64_t audit = 0;       ///< Checks of drawn leaves: the three, substitutes, the fifth.
  std::uint64_t probation = 0;   ///< Likewise of leaves that the draw spared, shown by newcomers.
  std::uint64_t escalation = 0;  ///< Checks of escalations and last stages.
  std::uint64_t canary = 0;      ///< All checks of audits that found a canary.
  std::uint64_t echo = 0;        ///< Packages: each active validator's, and the user's own truth.
};
template <class Archive>
void describe(Archive& ar, executions& x) {
  ar(x.useful, x.repeated, x.audit, x.probation, x.escalation, x.canary, x.echo);
}

class audit_cost {
public:
  /// @param validators_active who answers an Echo at present
  void take(const protocol::fast::event& what, std::size_t validators_active);
  void take(const protocol::ledger::event& what);
  const executions& done() const { return done_; }
  /// Extra executions for audits per thousand useful ones.
  std::uint64_t permille() const;

  template <class Archive>
  friend void describe(Archive& ar, audit_cost& x) {
    ar(x.done_, x.drawn_, x.open_);
  }

private:
  using job_key = std::pair<protocol::job_id, std::uint8_t>;
  enum class cause : std::uint8_t { audit, probation, escalation };
  friend constexpr cause max_value(cause) { return cause::escalation; }

  /// An audit under way: what the stage in hand is for, and what was done for it so far.
  struct open_audit {
    cause now = cause::audit;
    std::uint64_t audit = 0;
    std::uint64_t probation = 0;
    std::uint64_t escalation = 0;
    bool escalates = false;  ///< The next stage is one.
  };
  template <class Archive>
  friend void describe(Archive& ar, open_audit& x) {
    ar(x.now, x.audit, x.probation, x.escalation, x.escalates);
  }

  void on(const protocol::ledger::happened::checkpoint_drawn& x);
  void on(const protocol::ledger::happened::check_requested& x);
  void on(const protocol::ledger::happened::check_committed& x);
  void on(const protocol::ledger::happened::audit_settled& x);
  template <class Other>
  void on(const Other&) {}

  executions done_;
  std::set<job_key> drawn_;  ///< Leaves that the draw took, not yet under check.
  std::map<job_key, open_audit> open_;
  std::map<std::uint64_t, std::map<std::uint32_t, job_key>> places_;  ///< Of undrawn checkpoints.
  std::map<std::uint64_t, std::set<std::uint32_t>> ahead_;  ///< Draws of leaves not heard of yet.
};

}  // namespace datagen::web
