#pragma once
// What is filed without a draw, and what is promised to be revealed (protocol.md section 2, steps 6
// and 8).

#include "protocol/ledger/audit_record.hpp"

namespace datagen::protocol::ledger {

/// A leaf by what makes it unique: job, attempt, validator.
using leaf_key = std::pair<audit_key, validator_id>;
inline leaf_key key_of(const leaf& x) { return {{x.job, x.attempt()}, x.validator()}; }

struct asked_leaf {
  receipt held;
  amount deposit;  ///< The asker's, for whoever turns out right.
  account_id asker;
  std::uint64_t until_ms = 0;
};
template <class Archive>
void describe(Archive& ar, asked_leaf& x) { ar(x.held, x.deposit, x.asker, x.until_ms); }

struct asked_delivery {
  leaf content;
  std::uint64_t epoch = 0;  ///< Claim epoch.
  amount deposit;
  account_id asker;
  std::uint64_t until_ms = 0;
};
template <class Archive>
void describe(Archive& ar, asked_delivery& x) {
  ar(x.content, x.epoch, x.deposit, x.asker, x.until_ms);
}

/// A job of an epoch's totals: epoch, entry, index among the entry's jobs.
struct count_key {
  std::uint64_t epoch = 0;
  std::uint32_t entry = 0;
  std::uint32_t job = 0;
  friend auto operator<=>(const count_key&, const count_key&) = default;
};
template <class Archive>
void describe(Archive& ar, count_key& x) { ar(x.epoch, x.entry, x.job); }

struct asked_count {
  amount deposit;
  account_id asker;
  std::uint64_t until_ms = 0;
};
template <class Archive>
void describe(Archive& ar, asked_count& x) { ar(x.deposit, x.asker, x.until_ms); }

struct canary_record {
  std::uint64_t height = 0;  ///< Of its registration: before the leaf it is about was settled.
  std::uint64_t until_ms = 0;
};
template <class Archive>
void describe(Archive& ar, canary_record& x) { ar(x.height, x.until_ms); }

/// A canary that was revealed before its leaf was opened, if it ever is.
struct told_canary {
  digest truth;
  account_id user;
  std::uint64_t height = 0;    ///< Of its registration.
  std::uint64_t until_ms = 0;  ///< Then it is forgotten.
};
template <class Archive>
void describe(Archive& ar, told_canary& x) { ar(x.truth, x.user, x.height, x.until_ms); }

struct disputes_section {
  std::map<leaf_key, asked_leaf> asked;
  std::set<leaf_key> convicted;  ///< Equivocated or withheld without a draw: once each.
  std::set<leaf_key> refuted;    ///< Wrong witnesses; the validator is the checker.
  std::map<validator_id, std::map<digest, canary_record>> canaries;  ///< Unrevealed ones.
  std::map<digest, std::uint64_t> spent;  ///< Revealed commitments, while their bytes are not void.
  std::map<leaf_key, told_canary> told;
  std::map<leaf_key, asked_delivery> deliveries;
  std::map<count_key, asked_count> counts;
};
template <class Archive>
void describe(Archive& ar, disputes_section& x) {
  ar(x.asked, x.convicted, x.refuted, x.canaries, x.spent, x.told, x.deliveries, x.counts);
}

}  // namespace datagen::protocol::ledger
