#include "protocol/ledger/supply.hpp"

#include <array>

namespace datagen::protocol::ledger {

namespace {

/// @param add how amounts are added up: (amount& to, amount x)
template <class Add>
supply buckets_of(const state& now, Add add) {
  supply result;
  for (const auto& [id, account] : *now.accounts)
    add(result.accounts, account.balance);
  for (const auto& [id, record] : *now.validators)
    add(record.leaving || record.expelled ? result.unbonding : result.stakes, record.stake);
  for (const auto& [id, record] : *now.authors)
    add(record.leaving || record.expelled ? result.unbonding : result.stakes, record.stake);
  for (const auto& [id, session] : now.sessions->all) {
    add(result.escrow_free, session.free);
    add(result.user_bonds, session.bond);
    add(result.deposits, session.deposit);
    for (const auto& [payee, lane] : session.lanes)
      add(result.escrow_lanes, lane.left());
  }
  for (const auto& [key, audit] : *now.audits) {
    add(result.appeal_bonds, audit.appeal_bond);
    if (audit.convicted)
      add(result.pending_slashes, audit.slash);
  }
  for (const auto& [key, asked] : now.disputes->asked)
    add(result.deposits, asked.deposit);
  for (const auto& [key, asked] : now.disputes->deliveries)
    add(result.deposits, asked.deposit);
  for (const auto& [key, asked] : now.disputes->counts)
    add(result.deposits, asked.deposit);
  for (const auto& [number, draft] : now.governance->drafts)
    add(result.vote_locks, draft.pooled);
  if (const auto& open = now.governance->open)
    for (const auto x : {open->second.pooled, open->second.yes, open->second.no})
      add(result.vote_locks, x);
  const auto& treasury = *now.treasury;
  result.audit_fund = treasury.audit_fund;
  result.reward_pool = treasury.reward_pool;
  result.unreleased = treasury.unreleased;
  result.burned = treasury.burned;
  result.reserve = treasury.reserve;
  return result;
}

std::array<amount, 15> all_of(const supply& x) {
  return {x.accounts,   x.stakes,       x.unbonding,       x.escrow_free, x.escrow_lanes,
          x.user_bonds, x.appeal_bonds, x.pending_slashes, x.audit_fund,  x.reward_pool,
          x.unreleased, x.burned,       x.reserve,         x.vote_locks,  x.deposits};
}

}  // namespace

supply supply_of(const state& now) {
  return buckets_of(now, [](amount& to, amount x) { to += x; });
}

bool adds_up(const state& untrusted) {
  for (const auto& [id, session] : untrusted.sessions->all)
    for (const auto& [payee, lane] : session.lanes)
      if (lane.settled > lane.reserved)
        return false;
  bool fits = true;
  const auto add = [&fits](amount& to, amount x) {
    to.units += x.units;
    fits = fits && to.units >= x.units;
  };
  amount sum;
  for (const auto part : all_of(buckets_of(untrusted, add)))
    add(sum, part);
  return fits && sum == supply_total;
}

amount total(const supply& x) {
  amount sum;
  for (const auto part : all_of(x))
    sum += part;
  return sum;
}

amount circulating(const supply& x) {
  amount sum;
  for (const auto part :
       {x.accounts, x.stakes, x.unbonding, x.escrow_free, x.escrow_lanes, x.user_bonds,
        x.appeal_bonds, x.pending_slashes, x.vote_locks, x.deposits})
    sum += part;
  return sum;
}

}  // namespace datagen::protocol::ledger
