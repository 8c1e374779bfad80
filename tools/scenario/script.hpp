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

namespace act {
struct kill {
  party who;
};
struct restart {
  party who;
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
using action = std::variant<act::kill, act::restart, act::cut, act::mend, act::slow>;

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
  all_answered,         ///< every job is answered
  served,               ///< honest users are served to the end
  answered,             ///< at least N jobs are answered
  checkpoints_settled,  ///< at least N checkpoints are settled
  audits_passed,        ///< at least N audits pass
  audits_failed,        ///< at least N audits fail
  verdicts,             ///< at least N verdicts are RULE
  slashed,              ///< PARTY is slashed [for REASON]
  expelled,             ///< PARTY is expelled
  fined,                ///< PARTY is fined: a user loses its bond
  paired,               ///< PARTY is paired with PARTY
  self_dealing_loses,   ///< self-dealing does not pay
};

struct expectation {
  judged when = judged::finally;
  std::uint64_t until_ms = 0;  ///< Of `within`.
  claim what = claim::supply_conserved;
  bool negated = false;  ///< PARTY is not …
  std::uint64_t count = 0;
  std::string word;  ///< A rule, an outcome, a reason.
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
};

struct script {
  std::uint64_t seed = 1;
  std::uint64_t stop_ms = 0;
  std::string preset = "dev";
  std::map<std::string, std::string> parameters;  ///< Rows that are not the preset's.
  std::uint32_t validators = 7;
  std::uint32_t authors = 4;
  std::uint32_t routers = 1;
  std::uint32_t users = 1;
  std::map<party, std::vector<behaviour>> conduct;  ///< Of whoever is not honest or not sound.
  std::map<std::uint32_t, std::uint64_t> asks;      ///< Validator -> times the others' price.
  std::map<party, std::string> places;  ///< Unnamed parties stand in `place`.
  std::string place = "frankfurt";
  std::uint64_t jitter_ppm = 50'000;  ///< Sigma of each one-way delay, relative.
  std::uint64_t loss_ppm = 0;         ///< Of messages between parties.
  std::vector<workload> load;
  std::vector<step> steps;  ///< By time.
  std::vector<expectation> expected;
};

inline constexpr std::size_t script_bytes_max = 1U << 20;
inline constexpr std::uint64_t script_ms_max = 400ULL * 24 * 3600 * 1000;

/// The table of `x`: its preset's with its own rows. @pre they were read
protocol::parameters parameters_of(const script& x);

/// @returns the scenario, or the first error with its position.
std::variant<script, script_error> read_script(const std::string& text);

}  // namespace datagen::scenario
