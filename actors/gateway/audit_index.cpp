#include "actors/gateway/audit_index.hpp"

namespace datagen::web {

using namespace protocol;
namespace happened = ledger::happened;

const char* to_string(audit_state x) {
  switch (x) {
    case audit_state::commit: return "commit";
    case audit_state::reveal: return "reveal";
    case audit_state::settled: return "settled";
  }
  return "unknown";
}

audit_entry* audit_index::known(const key& id) {
  const auto it = numbers_.find(id);
  return it == numbers_.end() ? nullptr : &audits_.at(it->second);
}

const audit_entry* audit_index::find(const job_id& job, std::uint8_t attempt) const {
  const auto it = numbers_.find({job, attempt});
  return it == numbers_.end() ? nullptr : &audits_.at(it->second);
}

audit_entry* audit_index::on(const happened::check_requested& x) {
  const auto& leaf = x.subject.content;
  auto* audit = known({leaf.job, leaf.attempt()});
  if (!audit) {
    audit = &audits_[next_];
    audit->number = next_;
    audit->job = leaf.job;
    audit->attempt = leaf.attempt();
    audit->validator = leaf.validator();
    numbers_[{leaf.job, leaf.attempt()}] = next_++;
    ++open_;
    if (audits_.size() > audits_max_) {
      const auto& oldest = audits_.begin()->second;
      open_ -= oldest.state == audit_state::settled ? 0 : 1;
      numbers_.erase({oldest.job, oldest.attempt});
      audits_.erase(audits_.begin());
    }
  } else if (audit->state == audit_state::settled) {
    ++open_;  // an appeal
  }
  audit->stage = x.stage;
  audit->state = audit_state::commit;
  audit->checkers.insert(x.checkers.begin(), x.checkers.end());
  return audit;
}

audit_entry* audit_index::on(const happened::reveal_requested& x) {
  auto* audit = known({x.job, x.attempt});
  if (audit && audit->state == audit_state::commit)
    audit->state = audit_state::reveal;
  return audit;
}

audit_entry* audit_index::on(const happened::audit_settled& x) {
  auto* audit = known({x.job, x.attempt});
  if (!audit)
    return nullptr;
  audit->outcome = x.outcome;
  audit->rule = x.rule;
  audit->pays = x.pays;
  if (x.final && audit->state != audit_state::settled) {
    audit->state = audit_state::settled;
    --open_;
  }
  return audit;
}

const audit_entry* audit_index::take(std::uint64_t height, std::uint64_t timestamp_ms,
                                     const ledger::event& what) {
  auto* changed = std::visit([this](const auto& x) { return on(x); }, what);
  if (changed) {
    changed->height = height;
    changed->at_ms = timestamp_ms;
  }
  return changed;
}

std::vector<const audit_entry*> audit_index::page(std::uint64_t below, std::size_t limit) const {
  std::vector<const audit_entry*> result;
  for (auto it = audits_.lower_bound(below); it != audits_.begin() && result.size() < limit;)
    result.push_back(&(--it)->second);
  return result;
}

}  // namespace datagen::web
