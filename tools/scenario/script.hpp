#pragma once
// A scenario as its author wrote it (interfaces.md, "Scenarios"): a TOML file with a cluster,
// places, a workload, and one sentence a line for what happens and what must hold. README.md has
// the grammar.

#include "messages/peer.hpp"

#include "actors/adversary/behaviour.hpp"
#include "actors/node/file_position.hpp"

#include "protocol/ledger/transactions.hpp"
#include "protocol/params.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace datagen::scenario {

using position = file_position;

struct script_error {
  position at;
  std::string what;  ///< What was found, what was expected.
};

/// One party: `v3` a validator with all its roles, `h0` a Heavy author, `r0` a router, `u1` a user.
struct party {
  char kind = 'v';
  std::uint32_t index = 0;
  friend auto operator<=>(const party&, const party&) = default;
};
std::string to_string(const party& x);
/// The party that a role belongs to; nothing for gateways.
std::optional<party> party_of(const peer& x);

using parties = std::set<party>;

/// A vote begins this much live time after its proposal.
struct proposal {
  protocol::ledger::tx::proposal_content content;
  std::uint64_t in_ms = 0;
  protocol::amount lock;
};
using money_move =
  std::variant<proposal, protocol::ledger::tx::support, protocol::ledger::tx::vote,
               protocol::ledger::tx::set_ask>;

namespace act {
struct kill {
  party who;
};
struct restart {
  party who;
  bool loses_unsynced = false;  ///< Its power was cut: what its disk had not synchronised is gone.
};
/// From its next write on, its disk fails; a restart finds a sound one with the same content.
struct disk_fails {
  party who;
};
/// Somebody signs a money move of the Heavy Chain: a holder with the user's account, a validator.
struct move_money {
  party who;
  money_move what;
};
/// A user sends Echo packages to validators, so many a second to each of them.
struct flood {
  party who;
  parties to;
  std::uint64_t per_s = 0;
  std::uint64_t until_ms = 0;
};
/// A validator that genesis does not know bonds its stake, and its host starts.
struct join {
  party who;
  std::uint64_t ask = 0;  ///< 0: what genesis' validators ask.
};
/// Messages from `from` to `to` are lost; with `both`, the other way as well.
struct cut {
  parties from;
  parties to;
  bool both = true;
};
struct mend {
  parties from;
  parties to;
  bool both = true;
};
struct slow {
  parties who;
  std::int64_t by_ms = 0;
};  ///< Added to each message from or to them.
}  // namespace act
using action = std::variant<act::kill, act::restart, act::cut, act::mend, act::slow,
                            act::disk_fails, act::move_money, act::join, act::flood>;

struct step {
  std::uint64_t at_ms = 0;
  action what;
  std::string text;
  position at;
};

enum class judged : std::uint8_t { always, within, finally };

enum class claim : std::uint8_t {
  supply_conserved,     ///< supply is conserved
  no_fork,              ///< no two blocks at one height
  honest_unharmed,      ///< no honest validator is slashed
  nothing_paid_twice,   ///< no job is paid twice
  emission,             ///< emission is what the closed form says
  all_answered,         ///< every job is answered
  served,               ///< honest users are served to the end
  answered,             ///< at least N jobs are answered
  checkpoints_settled,  ///< at least N checkpoints are settled
  audits_passed,        ///< at least N audits pass
  audits_failed,        ///< at least N audits fail
  days_emitted,         ///< at least N days are emitted
  heavy_committees,     ///< at least N Heavy committees are seated
  fast_committees,      ///< at least N Fast committees are seated
  burned,               ///< at least N DG are burned by votes
  floods_answered,      ///< at most N floods are answered
  verdicts,             ///< at least N verdicts are RULE [OUTCOME]
  slashed,              ///< PARTY is slashed [for REASON]
  expelled,             ///< PARTY is expelled
  fined,                ///< PARTY is fined: a user loses its bond
  paired,               ///< PARTY is paired with PARTY
  down,                 ///< PARTY is down
  proposal_ended,       ///< proposal N is OUTCOME
  locks_returned,       ///< every lock is returned
  row,                  ///< row NAME is VALUE
  self_dealing_loses,   ///< self-dealing does not pay
};

struct expectation {
  judged when = judged::finally;
  std::uint64_t until_ms = 0;  ///< Of `within`.
  claim what = claim::supply_conserved;
  bool negated = false;  ///< PARTY is not …
  std::uint64_t count = 0;
  std::string word;   ///< A rule, an outcome, a reason, a row.
  std::string value;  ///< Of a row.
  party who;
  party with;
  std::string text;
  position at;
};

/// Jobs of one user, one after the other, at least `every_ms` apart.
struct workload {
  std::uint32_t user = 0;
  protocol::ledger::tx::pairing_mode mode = protocol::ledger::tx::pairing_mode::latency;
  std::string kernel = "merkle.root";
  std::uint64_t bytes = 1'000;  ///< Of input, made from the seed.
  std::uint64_t from_ms = 0;
  std::uint64_t until_ms = 0;
  std::uint64_t every_ms = 1'000;
  std::uint64_t bid = 5'000;  ///< 10^-9 DG per 1,000 units.
  bool canaries = false;  ///< The user lets its validator make canaries of its jobs.
};

/// What signs and draws coins in a run.
enum class crypto : std::uint8_t {
  simulated,  ///< Cheap; nobody but the harness can make it (simulated_crypto.hpp).
  real,       ///< Ed25519 and P-256, as on a network.
};

struct script {
  std::uint64_t seed = 1;
  crypto cryptography = crypto::simulated;
  std::uint64_t stop_ms = 0;
  std::string preset = "dev";
  protocol::parameters params;  ///< Of the preset, with what [parameters] changes.
  std::uint32_t pace = 1;       ///< Calendar time that passes in a unit of the clock's.
  std::uint32_t validators = 7;
  std::uint32_t newcomers = 0;  ///< The last of them are not in genesis.
  std::uint32_t authors = 4;
  std::uint32_t routers = 1;
  std::uint32_t users = 1;
  std::map<party, std::vector<behaviour>> conduct;  ///< Of whoever is not honest or not sound.
  std::map<std::uint32_t, std::uint64_t> asks;      ///< Validator -> times the others' price.
  std::map<std::uint32_t, std::uint64_t> stakes;     ///< Validator -> DG, where not the usual 2,000.
  std::map<std::uint32_t, std::uint64_t> operators;  ///< Validator -> operator, where not its own.
  std::map<party, std::string> places;  ///< Unnamed parties stand in `place`.
  std::string place = "frankfurt";
  std::uint64_t jitter_ppm = 50'000;  ///< Sigma of each one-way delay, relative.
  std::uint64_t loss_ppm = 0;         ///< Of messages between parties.
  std::vector<workload> load;
  std::vector<step> steps;  ///< By time.
  std::vector<expectation> expected;
};

inline constexpr std::uint64_t usual_stake_dg = 2'000;  ///< Of a validator.
inline constexpr std::size_t script_bytes_max = 1U << 20;
inline constexpr std::uint64_t script_ms_max = 400ULL * 24 * 3600 * 1000;

/// @returns the scenario, or the first error with its position.
std::variant<script, script_error> read_script(const std::string& text);

}  // namespace datagen::scenario
