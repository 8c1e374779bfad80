#include "protocol/ledger/kernel_doubts.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

/// What is held by whom: by stake in the last stage, else each of all the checkers counts as one.
std::map<digest, amount> answers_of(const audit_record& audit) {
  std::map<digest, amount> result;
  const bool by_stake = audit.stage().kind == stage_kind::last;
  for (const auto& stage : audit.stages)
    for (const auto& x : stage.seats)
      if (x.answer && !x.refuted && (!by_stake || stage.kind == stage_kind::last))
        result[x.answer->result] += by_stake ? x.stake : amount{1};
  return result;
}

/// Do those who computed it differ, without a majority? Silence says nothing against a kernel.
bool speaks_against_kernel(const audit_record& audit) {
  const auto held = answers_of(audit);
  auto others = held;
  if (audit.opened)
    others[*audit.opened];
  amount all, most;
  for (const auto& [result, weight] : held) {
    all += weight;
    most = std::max(most, weight);
  }
  return others.size() > 1 && most + most <= all;
}

}  // namespace

void doubt_kernel(block_scope& b, const audit_record& audit) {
  const auto& kernel = audit.subject.order.content.kernel;
  if (!b.rules.kernels.contains(kernel) || !speaks_against_kernel(audit))
    return;
  auto& doubt = b.now.treasury.edit().undetermined[kernel];
  if (doubt.suspended_until_ms != 0)
    return;
  if (const auto epoch = b.live_ms() / b.params().epoch_ms; doubt.epoch != epoch)
    doubt = {.epoch = epoch};
  if (++doubt.audits < b.params().kernel_undetermined_max)
    return;
  doubt.suspended_until_ms = b.live_ms() + b.params().epoch_ms;
  b.announce(happened::kernel_suspended{kernel});
}

void resume_kernels(block_scope& b) {
  std::vector<kernel_ref> due;
  for (const auto& [kernel, doubt] : b.now.treasury->undetermined)
    if (doubt.suspended_until_ms != 0 && doubt.suspended_until_ms <= b.live_ms())
      due.push_back(kernel);
  for (const auto& kernel : due) {
    b.now.treasury.edit().undetermined.erase(kernel);
    b.announce(happened::kernel_resumed{kernel});
  }
}

}  // namespace datagen::protocol::ledger
