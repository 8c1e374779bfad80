#pragma once
// What holders say to change the chain (R31; protocol.md section 4, burn vote, and section 5,
// upgrades). Money moves: each carries a nonce.

#include "protocol/codec.hpp"

namespace datagen::protocol::ledger::tx {

/// Who gets what of each daily release from a passed burn vote on (section 4): the reward pool and
/// the fire, nobody else. Percentages sum to 100.
struct emission_split {
  std::uint8_t reward_percent = 100;
  std::uint8_t burn_percent = 0;
  friend bool operator==(const emission_split&, const emission_split&) = default;
};
template <class Archive>
void describe(Archive& ar, emission_split& x) { ar(x.reward_percent, x.burn_percent); }

/// Rows of the parameter table that change together, as `assign` reads them, and how many blocks
/// after the count (section 5, upgrades).
struct parameter_change {
  std::vector<std::pair<std::string, std::string>> rows;
  std::uint32_t delay_blocks = 1;
  friend bool operator==(const parameter_change&, const parameter_change&) = default;
};
template <class Archive>
void describe(Archive& ar, parameter_change& x) { ar(x.rows, x.delay_blocks); }

using proposal_content = std::variant<emission_split, parameter_change>;

/// Drafts a proposal and locks the first DG behind it (R31). It opens once holders together have
/// locked `vote_open_lock`, and is voted on from `start_ms` of Heavy live time.
struct propose {
  proposal_content content;
  std::uint64_t start_ms = 0;
  amount lock;
};
template <class Archive>
void describe(Archive& ar, propose& x) { ar(x.content, x.start_ms, x.lock); }

/// Locks DG behind a draft.
struct support {
  std::uint64_t proposal = 0;  ///< Its number.
  amount lock;
};
template <class Archive>
void describe(Archive& ar, support& x) { ar(x.proposal, x.lock); }

/// One vote per account, weighed by what it locks until the count.
struct vote {
  std::uint64_t proposal = 0;
  bool yes = false;
  amount lock;
};
template <class Archive>
void describe(Archive& ar, vote& x) { ar(x.proposal, x.yes, x.lock); }

}  // namespace datagen::protocol::ledger::tx
