#pragma once
// What everyone hears of votes and of the parameters they change.

#include "protocol/ledger/vote_transactions.hpp"
#include "protocol/params.hpp"

namespace datagen::protocol::ledger::happened {

/// Part of a day's release was burned by a burn vote's split; it never reached the reward pool.
struct emission_burned {
  std::uint64_t day = 0;
  amount burned;
};
template <class Archive>
void describe(Archive& ar, emission_burned& x) { ar(x.day, x.burned); }

struct proposal_drafted {
  std::uint64_t proposal = 0;
  account_id by;
  tx::proposal_content content;
  std::uint64_t start_ms = 0;
};
template <class Archive>
void describe(Archive& ar, proposal_drafted& x) { ar(x.proposal, x.by, x.content, x.start_ms); }

/// DG were locked behind a draft, the drafter's own included.
struct proposal_supported {
  std::uint64_t proposal = 0;
  account_id by;
  amount lock;
  amount pooled;  ///< Now behind it.
};
template <class Archive>
void describe(Archive& ar, proposal_supported& x) { ar(x.proposal, x.by, x.lock, x.pooled); }

/// The pool is full and no other proposal is open: votes count from `start_ms` to `end_ms`.
struct proposal_opened {
  std::uint64_t proposal = 0;
  std::uint64_t start_ms = 0;
  std::uint64_t end_ms = 0;
};
template <class Archive>
void describe(Archive& ar, proposal_opened& x) { ar(x.proposal, x.start_ms, x.end_ms); }

struct vote_cast {
  std::uint64_t proposal = 0;
  account_id by;
  bool yes = false;
  amount lock;
};
template <class Archive>
void describe(Archive& ar, vote_cast& x) { ar(x.proposal, x.by, x.yes, x.lock); }

enum class vote_outcome : std::uint8_t {
  passed = 0,
  rejected = 1,   ///< Not more than half of the locked weight.
  no_quorum = 2,  ///< Too little of the circulating supply voted.
  lapsed = 3,     ///< The draft's pool was not full in time, or made room for a larger one.
};
constexpr vote_outcome max_value(vote_outcome) { return vote_outcome::lapsed; }
/// Counted, or lapsed; every lock behind it and in it is back with its owner.
struct proposal_ended {
  std::uint64_t proposal = 0;
  vote_outcome outcome = vote_outcome::passed;
  amount yes;
  amount no;
  amount quorum;  ///< What had to vote.
};
template <class Archive>
void describe(Archive& ar, proposal_ended& x) { ar(x.proposal, x.outcome, x.yes, x.no, x.quorum); }

/// A passed change is due: `params` hold from block `height` on.
struct change_scheduled {
  std::uint64_t height = 0;
  parameters params;
};
template <class Archive>
void describe(Archive& ar, change_scheduled& x) { ar(x.height, x.params); }

}  // namespace datagen::protocol::ledger::happened
