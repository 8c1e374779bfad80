#pragma once
// What sending jobs to oneself brings (R26; protocol.md section 4, reward), by the rules that pay
// claims and rewards: the same answer with the cap on and off.

#include "protocol/params.hpp"

namespace datagen::protocol::ledger {

/// One reward epoch in which an operator pays its own validators for jobs of its own.
struct self_dealing {
  amount pool;                     ///< R_tot: what the epoch's rewards are paid from.
  std::uint64_t units_total = 0;   ///< C_tot: matured units of everybody, its own included.
  std::uint32_t share_permille = 0;  ///< Its own part of C_tot.
  std::uint64_t price_nano = 0;    ///< 10^-9 DG per 1,000 units, as it asks and bids.
  bool one_name = false;           ///< Payer and validator show the same operator.
  /// Work for others that matured beside it, and what that sold for: its caps must not be filled.
  std::uint64_t honest_units = 0;
  std::uint64_t honest_price_nano = 0;
};

/// In 10^-18 DG; it gains when what comes back exceeds `spent`.
struct self_dealing_result {
  std::uint64_t own_units = 0;
  amount spent;     ///< Price of its own jobs, out of escrow.
  amount earned;    ///< The validator's part of that price.
  amount checked;   ///< What its checkers can earn of the audits of its own jobs, on average.
  amount rewarded;  ///< Emission, beyond what its work for others would have got without own jobs.
  amount back() const { return earned + checked + rewarded; }
  bool gains() const { return back() > spent; }
};

/// @pre check(p) is ok; share_permille <= 1000; its honest units fit beside its own in `units_total`
self_dealing_result judge(const parameters& p, const self_dealing& x);

}  // namespace datagen::protocol::ledger
