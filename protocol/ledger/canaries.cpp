#include "protocol/ledger/canaries.hpp"

#include "protocol/job/placed_leaf.hpp"
#include "protocol/ledger/claims.hpp"
#include "protocol/ledger/staking.hpp"

#include <algorithm>

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

/// How many canaries of `record` may be hidden or audited in all: its share of its passed audits, and
/// one to begin with, since each audit of one costs the audit fund the checkers' fees and brings it no
/// price. Those that nobody draws cost nothing: with them counted, a share of 5 % would come to 5 %
/// of the audit rate.
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

/// A reveal refused to the end would convict its validator of a wrong result.
bool must_be_told(const state& now, const canary_record& x) {
  return x.until_ms <= now.clock->live_ms + now.params().commit_window_ms;
}

/// Why the leaf of `x.place` cannot be taken out of its epoch's totals.
ruling<canary_check> check_place(const state& now, validator_id id, const tx::reveal_canary& x) {
  if (!x.place)
    return {};
  const auto& content = x.place->content;
  const auto* session = find_session(now, content.session);
  if (content.job != x.job || content.attempt() != x.attempt || content.validator() != id ||
      session == nullptr || session->user != x.user)
    return {canary_check::bad_place, "the leaf is about another job, validator or user"};
  const auto found = now.checkpoints->recent.find(x.place->checkpoint);
  if (found == now.checkpoints->recent.end() ||
      !find_placed(found->second.content.leaf_root, content, x.place->index,
                   found->second.content.leaves, x.place->path))
    return {canary_check::bad_place, "the leaf does not lead to the root of a remembered checkpoint " +
                                       std::to_string(x.place->checkpoint)};
  return {};
}

/// Nobody drew it, and it is never paid all the same.
void take_back(block_scope& b, const tx::canary_place& x) {
  const auto& found = b.now.checkpoints->recent.at(x.checkpoint).content;
  if (*find_placed(found.leaf_root, x.content, x.index, found.leaves, x.path))
    deduct(b, found.claim_epoch, x.content);
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
  const auto live = now.clock->live_ms;
  if (x.until_ms <= live || x.until_ms > live + p.audit_grace_ms)
    return {canary_check::bad_deadline, "it is revealed between " + std::to_string(live) + " and " +
                                          std::to_string(live + p.audit_grace_ms) +
                                          " ms of live time"};
  const auto* open = registered_by(now, *id);
  // Its bytes lie open on the chain: sent again by anybody, they must bind its validator once only.
  if ((open != nullptr && open->contains(x.commitment)) || now.disputes->spent.contains(x.commitment))
    return {canary_check::already_registered, "this commitment is registered"};
  const auto& record = now.validators->at(*id);
  const auto so_far = record.canaries_audited + (open == nullptr ? 0 : open->size());
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
    return check_place(now, *id, x);  // not drawn, or never run
  const auto& audit = found->second;
  if (audit.validator() != *id || audit.user != x.user)
    return {canary_check::wrong_job, "the audit is about another validator or user"};
  if (audit.convicted)
    return {canary_check::too_late, "the audit has its verdict"};
  if (audit.stages.front().phase < stage_phase::revealing && !must_be_told(now, *known))
    return {canary_check::commit_window_open, "no truth is told before the first commit window "
                                              "closes"};
  const auto settled = settled_at(now, audit);
  if (!settled || known->height >= *settled)
    return {canary_check::too_late, "it was registered when the leaf was settled already"};
  return {};
}

void apply(block_scope& b, const account_id& sender, const tx::register_canary& x) {
  const auto id = validator_of(b.now, sender).value();
  b.now.disputes.edit().canaries[id][x.commitment] = {b.height(), x.until_ms};
  b.announce(happened::canary_registered{id, x.commitment, x.until_ms});
}

void apply(block_scope& b, const account_id& sender, const tx::reveal_canary& x) {
  const auto id = validator_of(b.now, sender).value();
  const auto commitment = canary_commitment(x);
  const auto known = registered_by(b.now, id)->at(commitment);
  forget(b, id, commitment);
  auto& section = b.now.disputes.edit();
  section.spent[commitment] = known.until_ms;
  if (b.now.audits->contains({x.job, x.attempt})) {
    b.now.audits.edit().at({x.job, x.attempt}).canary = x.truth;
    count_canary(b, id);
  } else {
    section.told.try_emplace({{x.job, x.attempt}, id},
                             told_canary{.truth = x.truth,
                                         .user = x.user,
                                         .height = known.height,
                                         .until_ms = b.live_ms() + b.params().audit_grace_ms});
    if (x.place)
      take_back(b, *x.place);
  }
  b.announce(happened::canary_revealed{id, x.job, x.attempt, x.truth});
}

std::optional<digest> truth_told(const state& now, const leaf& x, const account_id& user,
                                 std::uint64_t settled) {
  const auto found = now.disputes->told.find(key_of(x));
  if (found == now.disputes->told.end() || found->second.user != user ||
      found->second.height >= settled)
    return std::nullopt;
  return found->second.truth;
}

void count_canary(block_scope& b, validator_id who) {
  ++b.now.validators.edit().at(who).canaries_audited;
}

void run_canary_deadlines(block_scope& b) {
  const auto over = [live = b.live_ms()](std::uint64_t until) { return until <= live; };
  const auto any = [](const auto& all, auto what) {
    return std::any_of(all.begin(), all.end(), what);
  };
  if (any(b.now.disputes->spent, [&](const auto& x) { return over(x.second); }))
    std::erase_if(b.now.disputes.edit().spent, [&](const auto& x) { return over(x.second); });
  if (any(b.now.disputes->told, [&](const auto& x) { return over(x.second.until_ms); }))
    std::erase_if(b.now.disputes.edit().told, [&](const auto& x) { return over(x.second.until_ms); });
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
