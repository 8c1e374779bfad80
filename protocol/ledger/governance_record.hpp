#pragma once
// Votes and the parameters in force, as Heavy remembers them (protocol.md section 4, burn vote, and
// section 5, upgrades).

#include "protocol/ledger/vote_transactions.hpp"
#include "protocol/params.hpp"

namespace datagen::protocol::ledger {

struct ballot {
  bool yes = false;
  amount lock;
};
template <class Archive>
void describe(Archive& ar, ballot& x) { ar(x.yes, x.lock); }

/// A draft that gathers its pool, or the one open proposal.
struct proposal_record {
  tx::proposal_content content;
  std::uint64_t start_ms = 0;
  std::uint64_t end_ms = 0;  ///< Set when it opens.
  std::map<account_id, amount> supporters;
  std::map<account_id, ballot> ballots;
  amount pooled;  ///< Sum over `supporters`.
  amount yes;     ///< Sums over `ballots`.
  amount no;
};
template <class Archive>
void describe(Archive& ar, proposal_record& x) {
  ar(x.content, x.start_ms, x.end_ms, x.supporters, x.ballots, x.pooled, x.yes, x.no);
}

/// What may be supported or voted on, without who has: of a draft that can be ten thousand accounts.
struct proposals_in_sight {
  std::map<std::uint64_t, proposal_record> drafts;
  std::optional<std::pair<std::uint64_t, proposal_record>> open;
};
template <class Archive>
void describe(Archive& ar, proposals_in_sight& x) { ar(x.drafts, x.open); }

struct governance_section {
  parameters params;         ///< In force.
  tx::emission_split split;  ///< Likewise.
  std::uint64_t drafted = 0;  ///< Proposals so far; each takes the next number.
  std::map<std::uint64_t, proposal_record> drafts;
  std::optional<std::pair<std::uint64_t, proposal_record>> open;  ///< One at a time.
  std::map<std::uint64_t, parameters> scheduled;  ///< By activation height.
};
template <class Archive>
void describe(Archive& ar, governance_section& x) {
  ar(x.params, x.split, x.drafted, x.drafts, x.open, x.scheduled);
}

}  // namespace datagen::protocol::ledger
