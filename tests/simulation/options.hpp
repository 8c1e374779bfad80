#pragma once
// What one run is made of: the committee's size, the engine's numbers, and which faults there are.

#include "protocol/consensus/committee.hpp"

#include <map>
#include <set>

namespace datagen::simulation {

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

/// One running process. The first n are the authors; duplicates of an author (Twins) follow.
using member_id = std::uint32_t;

/// How a Byzantine author behaves; see `forger.hpp`.
struct forger_habits {
  std::uint32_t twins_max = 1;          ///< It signs 1 to so many vertices per round.
  std::uint32_t reach_permille = 1000;  ///< Chance that a member is sent a given vertex.
  std::uint32_t reach_members = 0;      ///< If not 0: every vertex goes to exactly so many.
  std::uint32_t hide_permille = 0;  ///< Own vertices shown to nobody, on which the next one stands.
  bool serves = true;               ///< Answers questions for its vertices.
  enum class shares { good, bad, missing } coin_shares = shares::good;
  round_number silent_from = ~round_number{0};  ///< Makes no vertex from this round on.
};

struct simulation_options {
  std::uint64_t seed = 1;
  std::size_t n = 4;
  engine_params params = quick_params();
  std::uint64_t delay_min_ms = 1;
  std::uint64_t delay_max_ms = 30;
  std::uint32_t loss_permille = 0;
  std::uint32_t repeat_permille = 0;  ///< Messages that arrive twice.
  std::uint64_t write_max_ms = 3;     ///< A record is durable after 0 to this.
  std::uint64_t execute_max_ms = 4;   ///< A block is executed in 0 to this.

  std::set<author_index> dead;                         ///< Never start.
  std::map<author_index, forger_habits> forgers;       ///< Byzantine; no engine runs for them.
  std::vector<author_index> doubled;                   ///< Two processes with one key (Twins).
  std::map<author_index, std::int64_t> clock_skew_ms;  ///< Wrong clocks of otherwise correct ones.
  std::set<author_index> beacon_withheld;              ///< Never give a beacon share.

  bool real_signatures = false;
  bool real_coin = false;
  std::uint64_t submit_every_ms =
    40;                            ///< Each correct author gets a transaction so often; 0: none.
  std::uint64_t quiet_ms = 800;    ///< After this nothing is submitted any more.
  std::uint64_t beacon_every = 0;  ///< Every so many blocks one asks for a beacon (3.4).
  commit_index last_commit_of_epoch = 0;  ///< Executing it ends the epoch (2.13); 0: never.
  bool watch_slots = false;               ///< Record every slot decision; costs a second committer.

  static engine_params quick_params() {
    auto result = fast_params(4);
    result.gc_depth = 40;
    result.resync_ms = 400;
    result.idle_ms = 100;
    result.wait_all_ms = 20;
    return result;
  }
};

}  // namespace datagen::simulation
