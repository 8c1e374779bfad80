#pragma once
// Where every unit is: a closed enumeration of buckets whose sum is 30,000,000 DG after every block
// (R29; protocol.md section 4).

#include "protocol/ledger/state.hpp"

namespace datagen::protocol::ledger {

inline constexpr amount supply_total = dg(30'000'000);

struct supply {
  amount accounts;
  amount stakes;     ///< Of validators and Heavy's candidates.
  amount unbonding;  ///< Likewise.
  amount escrow_free;
  amount escrow_lanes;
  amount user_bonds;
  amount appeal_bonds;
  amount pending_slashes;
  amount audit_fund;
  amount reward_pool;
  amount unreleased;
  amount burned;
  amount reserve;
  amount vote_locks;  ///< Behind proposals and in votes.
  amount deposits;    ///< Of those who ask for a leaf, a delivery, or a first Echo.
  friend bool operator==(const supply&, const supply&) = default;
};
template <class Archive>
void describe(Archive& ar, supply& x) {
  ar(x.accounts, x.stakes, x.unbonding, x.escrow_free, x.escrow_lanes, x.user_bonds, x.appeal_bonds,
     x.pending_slashes, x.audit_fund, x.reward_pool, x.unreleased, x.burned, x.reserve,
     x.vote_locks, x.deposits);
}

supply supply_of(const state& now);
/// Is `untrusted` a state of exactly `supply_total`? For one that may be anybody's: amounts whose
/// sum does not fit are an answer here, while `supply_of` stops on them.
bool adds_up(const state& untrusted);
amount total(const supply& x);
/// What holders hold, locked or not: neither the chain's own purses nor what is burned.
amount circulating(const supply& x);

}  // namespace datagen::protocol::ledger
