// Witnesses that do not fit their results (protocol.md section 2, step 8), shown by the result itself
// or by f+1 members that recomputed them.

#include "protocol/ledger/disputes.hpp"

#include "protocol/audit/check_commitment.hpp"
#include "protocol/ledger/effects.hpp"
#include "protocol/ledger/signatures.hpp"
#include "protocol/ledger/staking.hpp"

namespace datagen::protocol::ledger {

namespace {

using code = dispute_check;

/// The seat of `checker` that answered in an open or remembered audit, and its stage's beacon.
struct answer_place {
  const seat* where = nullptr;
  digest beacon;
};

answer_place answer_in(const audit_record& audit, validator_id checker) {
  for (const auto& stage : audit.stages)
    for (const auto& x : stage.seats)
      if (x.checker == checker && x.answer)
        return {&x, stage.beacon};
  return {};
}

answer_place find_answer(const state& now, const audit_key& key, validator_id checker) {
  if (const auto open = now.audits->find(key); open != now.audits->end())
    return answer_in(open->second, checker);
  for (const auto& [number, entry] : now.history->entries)
    if (entry.key() == key)
      return answer_in(entry, checker);
  return {};
}

bool is_refuted(const state& now, const audit_key& key, validator_id checker) {
  return now.disputes->refuted.contains({key, checker}) ||
         now.validators->at(checker).stake == amount{};
}

/// The checker never held the result behind its digest: it pays, in a running audit it said nothing.
void refute(block_scope& b, const audit_key& key, validator_id checker) {
  b.now.disputes.edit().refuted.insert({key, checker});
  if (b.now.audits->contains(key))
    for (auto& stage : b.now.audits.edit().at(key).stages)
      for (auto& y : stage.seats)
        if (y.checker == checker && y.answer)
          y.refuted = true;
  b.now.treasury.edit().burned += punish_wrong_check(b, checker);
  expel_if_poor(b, checker);
}

}  // namespace

ruling<dispute_check> check(const rulebook&, const state& now, const tx::challenge_witness& x) {
  const audit_key key{x.job, x.attempt};
  const auto [where, beacon] = find_answer(now, key, x.checker);
  if (where == nullptr)
    return {code::unknown_audit, "no remembered answer of checker " +
                                   std::to_string(x.checker.value) + " for this job"};
  if (is_refuted(now, key, x.checker))
    return {code::already_convicted, "this witness is refuted, or its checker has nothing left"};
  if (digest_of(x.header) != where->answer->result || result_root(x.output) != x.header.root)
    return {code::wrong_result, "header and output are not what the checker's digest stands for"};
  if (check_witness(beacon, x.job, x.checker, x.output) == where->answer->witness)
    return {code::witness_holds, "it is the witness of this output"};
  return {};
}

ruling<dispute_check> check(const rulebook& rules, const state& now, const tx::wrong_witness& x) {
  const audit_key key{x.job, x.attempt};
  const auto [where, beacon] = find_answer(now, key, x.checker);
  if (where == nullptr)
    return {code::unknown_audit, "no remembered answer of checker " +
                                   std::to_string(x.checker.value) + " for this job"};
  if (is_refuted(now, key, x.checker))
    return {code::already_convicted, "this witness is refuted, or its checker has nothing left"};
  auto lacks = lacks_members(rules, now,
                             wrong_witness_statement(rules.chain, x.job, x.attempt, x.checker,
                                                     where->answer->witness),
                             x.signatures);
  if (!lacks.empty())
    return {code::too_few_stored, std::move(lacks)};
  return {};
}

void apply(block_scope& b, const tx::challenge_witness& x) {
  refute(b, {x.job, x.attempt}, x.checker);
}

void apply(block_scope& b, const tx::wrong_witness& x) {
  refute(b, {x.job, x.attempt}, x.checker);
}

}  // namespace datagen::protocol::ledger
