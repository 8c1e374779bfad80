#include "actors/gateway/audit_cost.hpp"

namespace datagen::web {

using namespace protocol;
namespace happened = ledger::happened;

namespace {

constexpr std::size_t checkpoints_kept_max = 1'024;

}  // namespace

void audit_cost::take(const fast::event& what, std::size_t validators_active) {
  if (std::holds_alternative<fast::happened::echo_recorded>(what))
    done_.echo += validators_active + 1;
  const auto* x = std::get_if<fast::happened::leaf_ordered>(&what);
  if (!x)
    return;
  ++(x->payable ? done_.useful : done_.repeated);
  const job_key key{x->content.job, x->content.attempt()};
  if (const auto drawn = ahead_.find(x->checkpoint); drawn != ahead_.end()) {
    if (drawn->second.erase(x->index) != 0)
      drawn_.insert(key);
    if (drawn->second.empty())
      ahead_.erase(drawn);
    return;
  }
  places_[x->checkpoint][x->index] = key;
  if (places_.size() > checkpoints_kept_max)
    places_.erase(places_.begin());
}

void audit_cost::take(const ledger::event& what) {
  std::visit([this](const auto& x) { on(x); }, what);
}

void audit_cost::on(const happened::checkpoint_drawn& x) {
  const auto node = places_.extract(x.sequence);
  const auto leaves = node ? node.mapped() : std::map<std::uint32_t, job_key>{};
  for (const auto index : x.drawn)
    if (const auto found = leaves.find(index); found != leaves.end())
      drawn_.insert(found->second);
    else
      ahead_[x.sequence].insert(index);
  if (ahead_.size() > checkpoints_kept_max)
    ahead_.erase(ahead_.begin());
}

void audit_cost::on(const happened::check_requested& x) {
  const job_key key{x.subject.content.job, x.subject.content.attempt()};
  const auto [it, fresh] = open_.try_emplace(key);
  auto& audit = it->second;
  if (fresh)
    audit.now = drawn_.erase(key) != 0 || !ahead_.empty() ? cause::audit : cause::probation;
  else if (std::exchange(audit.escalates, false))
    audit.now = cause::escalation;
}

void audit_cost::on(const happened::check_committed& x) {
  const auto it = open_.find({x.job, x.attempt});
  if (it == open_.end())
    return;
  auto& audit = it->second;
  switch (audit.now) {
    case cause::audit: ++audit.audit; ++done_.audit; return;
    case cause::probation: ++audit.probation; ++done_.probation; return;
    case cause::escalation: ++audit.escalation; ++done_.escalation; return;
  }
}

void audit_cost::on(const happened::audit_settled& x) {
  const auto it = open_.find({x.job, x.attempt});
  if (it == open_.end())
    return;
  auto& audit = it->second;
  if (!x.final) {
    // After a conviction's step only an appeal opens another stage: the last one.
    audit.escalates = x.outcome != "replace" && x.outcome != "fifth";
    return;
  }
  if (x.outcome == "canary") {
    done_.audit -= audit.audit;
    done_.probation -= audit.probation;
    done_.escalation -= audit.escalation;
    done_.canary += audit.audit + audit.probation + audit.escalation;
  }
  open_.erase(it);
}

std::uint64_t audit_cost::permille() const {
  return done_.useful == 0 ? 0 : static_cast<std::uint64_t>(mul_div(done_.audit, 1'000, done_.useful));
}

}  // namespace datagen::web
