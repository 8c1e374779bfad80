#include "protocol/ledger/canaries.hpp"

#include "protocol/ledger/staking.hpp"

namespace datagen::protocol::ledger {

namespace {

const std::map<digest, canary_record>* registered_by(const state& now, validator_id id) {
  const auto found = now.disputes->canaries.find(id);
  return found == now.disputes->canaries.end() ? nullptr : &found->second;
}

std::optional<canary_record> find(const std::map<digest, canary_record>& all, const digest& which) {
  const auto found = all.find(which);
  return found == all.end() ? std::nullopt : std::optional{found->second};
}

/// How many canaries `record` may have registered in all: its share of its passed audits, and one
/// to begin with, since each costs the audit fund the checkers' fees and brings it no price.
std::uint64_t allowed(const parameters& p, const validator_record& record) {
  return 1 + static_cast<std::uint64_t>(
               mul_div(record.audits_passed, p.canary_share_permille, 1'000));
}

/// Height at which the leaf under audit was settled; nothing once its checkpoint is forgotten.
std::optional<std::uint64_t> settled_at(const state& now, const audit_record& audit) {
  const auto found = now.checkpoints->recent.find(audit.checkpoint);
  if (found == now.checkpoints->recent.end())
    return std::nullopt;
  return found->second.height;
}

void forget(block_scope& b, validator_id id, const digest& commitment) {
  auto& all = b.now.disputes.edit().canaries;
  all.at(id).erase(commitment);
  if (all.at(id).empty())
    all.erase(id);
}

}  // namespace

ruling<canary_check> check(const rulebook&, const state& now, const account_id& sender,
                           const tx::register_canary& x) {
  const auto id = validator_of(now, sender);
  if (!id || !now.validators->at(*id).active())
    return {canary_check::not_a_validator, "the sender is no active validator"};
  const auto& p = now.params();
  if (p.mode != audit_mode::hardened || p.canary_share_permille == 0)
    return {canary_check::not_used, "this chain uses no canaries"};
  const auto* open = registered_by(now, *id);
  if (open != nullptr && open->contains(x.commitment))
    return {canary_check::already_registered, "this commitment is registered"};
  const auto& record = now.validators->at(*id);
  const auto so_far = record.canaries_revealed + (open == nullptr ? 0 : open->size());
  if (so_far >= allowed(p, record))
    return {canary_check::too_many, std::to_string(so_far) + " canaries are as many as " +
                                      std::to_string(record.audits_passed) +
                                      " passed audits allow"};
  return {};
}

ruling<canary_check> check(const rulebook& rules, const state& now, const account_id& sender,
                           const tx::reveal_canary& x) {
  const auto id = validator_of(now, sender);
  if (!id)
    return {canary_check::not_a_validator, "the sender is no validator"};
  const auto* open = registered_by(now, *id);
  const auto known = open == nullptr ? std::nullopt : find(*open, canary_commitment(x));
  if (!known)
    return {canary_check::not_registered, "nothing that this opens is registered"};
  if (!rules.signatures->check(x.user, canary_statement(rules.chain, x.job, *id, x.truth), x.by))
    return {canary_check::bad_signature, "the user did not sign this truth"};
  const auto found = now.audits->find({x.job, x.attempt});
  if (found == now.audits->end())
    return {};  // not drawn, or never run: the registration only ends
  const auto& audit = found->second;
  if (audit.validator() != *id || audit.user != x.user)
    return {canary_check::wrong_job, "the audit is about another validator or user"};
  if (audit.convicted)
    return {canary_check::too_late, "the audit has its verdict"};
  if (audit.stages.front().phase < stage_phase::revealing)
    return {canary_check::commit_window_open, "no truth is told before the first commit window "
                                              "closes"};
  const auto settled = settled_at(now, audit);
  if (!settled || known->height >= *settled)
    return {canary_check::too_late, "it was registered when the leaf was settled already"};
  return {};
}

void apply(block_scope& b, const account_id& sender, const tx::register_canary& x) {
  const auto id = validator_of(b.now, sender).value();
  const auto until = b.live_ms() + b.params().audit_grace_ms;
  b.now.disputes.edit().canaries[id][x.commitment] = {b.height(), until};
  b.announce(happened::canary_registered{id, until});
}

void apply(block_scope& b, const account_id& sender, const tx::reveal_canary& x) {
  const auto id = validator_of(b.now, sender).value();
  forget(b, id, canary_commitment(x));
  ++b.now.validators.edit().at(id).canaries_revealed;
  if (b.now.audits->contains({x.job, x.attempt}))
    b.now.audits.edit().at({x.job, x.attempt}).canary = x.truth;
  b.announce(happened::canary_revealed{id, x.job, x.truth});
}

void run_canary_deadlines(block_scope& b) {
  std::vector<std::pair<validator_id, digest>> late;
  for (const auto& [id, open] : b.now.disputes->canaries)
    for (const auto& [commitment, record] : open)
      if (record.until_ms <= b.live_ms())
        late.emplace_back(id, commitment);
  for (const auto& [id, commitment] : late) {
    forget(b, id, commitment);
    const auto taken = take_slash(b, id, b.params().slash_wrong_result_permille);
    b.now.treasury.edit().burned += taken;
    if (taken > amount{})
      b.announce(
        happened::slashed{id, taken, b.now.validators->at(id).stake, "wrong_result", false});
    ++b.now.validators.edit().at(id).audits_failed;
    expel_if_poor(b, id);
  }
}

}  // namespace datagen::protocol::ledger
