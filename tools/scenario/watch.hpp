#pragma once
// Looks on: every block of every author, and every event that Heavy certified, as any follower may.

#include "tools/scenario/script.hpp"

#include "actors/heavy_follower.hpp"
#include "actors/node/cluster.hpp"
#include "actors/node/deterministic_system.hpp"

#include "protocol/fast/events.hpp"

namespace datagen::scenario {

/// What was seen so far.
struct sightings {
  std::uint64_t heavy_blocks = 0;
  std::uint64_t fast_blocks = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t audits_passed = 0;
  std::uint64_t audits_failed = 0;
  /// By outcome, of audits; by rule, and by rule and outcome, of their steps.
  std::map<std::string, std::uint64_t> verdicts;
  std::uint64_t heavy_committees = 0;  ///< That followed those of genesis.
  std::uint64_t fast_committees = 0;
  std::uint64_t emission_day = 0;  ///< Of the last release.
  std::uint64_t days_emitted = 0;  ///< Releases of one day, and not of several at once.
  protocol::amount emitted;
  protocol::amount burned;         ///< Of it, by votes.
  std::map<std::uint64_t, std::string> proposals;  ///< How they ended.
  std::map<std::uint32_t, std::set<std::string>> slashed;  ///< Validator -> reasons.
  std::set<std::uint32_t> authors_slashed;
  std::map<protocol::job_id, protocol::session_id> audited;
  std::set<protocol::session_id> fined;  ///< Whose bond was forfeited.
  std::set<std::uint32_t> expelled;
  std::map<protocol::session_id, std::uint32_t> paired;
  struct payment {
    protocol::amount whole;         ///< Out of escrow.
    protocol::amount to_validator;  ///< Its part.
  };
  std::map<std::pair<std::uint32_t, protocol::session_id>, payment> paid;  ///< By validator, session.
  std::map<std::uint32_t, protocol::amount> rewards;                       ///< By validator.
  std::string fork;        ///< Two blocks at one height of one epoch; empty where there are none.
  std::string paid_twice;  ///< One claim that was paid again.
  protocol::digest trace;  ///< Of everything seen, with its virtual time: equal for equal runs.
};

/// Why `session`'s user, of the operator of the validators `own`, has more back than it spent; empty where
/// it has not. Rewards for work of others count too, to its favour.
std::string gain_of(const sightings& seen, const protocol::session_id& session,
                    const std::set<std::uint32_t>& own);

/// Told of every Heavy event: virtual time, height, event.
using event_listener =
  std::function<void(std::uint64_t, std::uint64_t, const protocol::ledger::event&)>;
/// Told of every leaf that the Fast Chain orders.
using leaf_listener = std::function<void(const protocol::fast::happened::leaf_ordered&)>;
struct listeners {
  event_listener events;
  leaf_listener leaves;
};

class watch {
public:
  /// @param told each may be empty
  watch(deterministic_system& sim, const std::shared_ptr<local_transport>& net, const cluster& of,
        const script& what, const listeners& told);
  ~watch();
  watch(const watch&) = delete;
  watch& operator=(const watch&) = delete;

  const sightings& seen() const { return *seen_; }

private:
  void follow_events(deterministic_system& sim, local_transport& net, const cluster& of,
                     event_listener listener);
  void follow_blocks(deterministic_system& sim, local_transport& net, const peer& author,
                     std::uint32_t index, leaf_listener listener);

  std::shared_ptr<sightings> seen_;
  std::shared_ptr<std::map<role, std::map<std::pair<std::uint32_t, std::uint64_t>, protocol::digest>>>
    blocks_;  ///< By epoch and height, of each chain's authors; the newest ones.
  std::shared_ptr<std::set<std::tuple<protocol::validator_id, protocol::session_id, std::uint64_t>>>
    claims_;
  std::shared_ptr<heavy_follower> follower_;
  std::vector<caf::actor> actors_;
};

}  // namespace datagen::scenario
