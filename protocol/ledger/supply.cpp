#include "protocol/ledger/supply.hpp"

namespace datagen::protocol::ledger {

supply supply_of(const state& now) {
  supply result;
  for (const auto& [id, account] : *now.accounts)
    result.accounts += account.balance;
  for (const auto& [id, record] : *now.validators)
    (record.leaving || record.expelled ? result.unbonding : result.stakes) += record.stake;
  for (const auto& [id, record] : *now.authors)
    (record.leaving || record.expelled ? result.unbonding : result.stakes) += record.stake;
  for (const auto& [id, session] : now.sessions->all) {
    result.escrow_free += session.free;
    result.user_bonds += session.bond;
    result.deposits += session.deposit;
    for (const auto& [payee, lane] : session.lanes)
      result.escrow_lanes += lane.left();
  }
  for (const auto& [key, audit] : *now.audits) {
    result.appeal_bonds += audit.appeal_bond;
    if (audit.convicted)
      result.pending_slashes += audit.slash;
  }
  for (const auto& [key, asked] : now.disputes->asked)
    result.deposits += asked.deposit;
  for (const auto& [key, asked] : now.disputes->deliveries)
    result.deposits += asked.deposit;
  for (const auto& [key, asked] : now.disputes->counts)
    result.deposits += asked.deposit;
  for (const auto& [number, draft] : now.governance->drafts)
    result.vote_locks += draft.pooled;
  if (const auto& open = now.governance->open)
    result.vote_locks += open->second.pooled + open->second.yes + open->second.no;
  const auto& treasury = *now.treasury;
  result.audit_fund = treasury.audit_fund;
  result.reward_pool = treasury.reward_pool;
  result.unreleased = treasury.unreleased;
  result.burned = treasury.burned;
  result.reserve = treasury.reserve;
  return result;
}

amount total(const supply& x) {
  amount sum;
  for (const auto part : {x.accounts, x.stakes, x.unbonding, x.escrow_free, x.escrow_lanes,
                          x.user_bonds, x.appeal_bonds, x.pending_slashes, x.audit_fund,
                          x.reward_pool, x.unreleased, x.burned, x.reserve, x.vote_locks, x.deposits})
    sum += part;
  return sum;
}

amount circulating(const supply& x) {
  amount sum;
  for (const auto part : {x.accounts, x.stakes, x.unbonding, x.escrow_free, x.escrow_lanes,
                          x.user_bonds, x.appeal_bonds, x.pending_slashes, x.vote_locks,
                          x.deposits})
    sum += part;
  return sum;
}

}  // namespace datagen::protocol::ledger
