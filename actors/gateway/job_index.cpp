#include "actors/gateway/job_index.hpp"

#include <algorithm>

namespace datagen::web {

using namespace protocol;
namespace ordered_by = fast::happened;
namespace happened = ledger::happened;

const char* to_string(job_state x) {
  switch (x) {
    case job_state::running: return "running";
    case job_state::returned: return "returned";
    case job_state::refused: return "refused";
    case job_state::ordered: return "ordered";
    case job_state::settled: return "settled";
    case job_state::drawn: return "drawn";
    case job_state::audited: return "audited";
    case job_state::faulted: return "faulted";
  }
  return "unknown";
}

namespace {

std::string validator_name(validator_id id) { return "validator " + std::to_string(id.value); }

std::string number(std::uint64_t x) { return std::to_string(x); }

}  // namespace

// Bookkeeping ---------------------------------------------------------------------------------------

job_entry& job_index::entry(const job_id& id) {
  auto [it, fresh] = jobs_.try_emplace(id);
  if (fresh) {
    it->second.id = id;
    it->second.number = next_number_++;
    order_[it->second.number] = id;
    ++running_;
    while (jobs_.size() > limits_.jobs_max)
      forget_oldest();
  }
  return jobs_.at(id);
}

job_entry* job_index::known(const job_id& id) {
  const auto it = jobs_.find(id);
  return it == jobs_.end() ? nullptr : &it->second;
}

const job_entry* job_index::find(const job_id& id) const {
  const auto it = jobs_.find(id);
  return it == jobs_.end() ? nullptr : &it->second;
}

void job_index::enter(job_entry& job, job_state state) {
  running_ -= job.state == job_state::running ? 1 : 0;
  running_ += state == job_state::running ? 1 : 0;
  job.state = state;
}

void job_index::step(job_entry& job, job_step what) {
  if (job.timeline.size() < limits_.steps_max)
    job.timeline.push_back(std::move(what));
}

job_step job_index::at_block(const block_place& at, const char* name, std::string text) const {
  job_step x{.step = name, .at_ms = at.timestamp_ms, .height = at.height, .where = at.where};
  if (at.where == chain_kind::heavy)
    x.live_ms = at.live_ms;
  x.text = std::move(text);
  return x;
}

void job_index::forget_oldest() {
  const auto id = order_.begin()->second;
  const auto& job = jobs_.at(id);
  running_ -= job.state == job_state::running ? 1 : 0;
  if (auto it = by_checkpoint_.find(job.checkpoint); it != by_checkpoint_.end())
    if (std::erase(it->second.jobs, id) > 0 && it->second.jobs.empty())
      by_checkpoint_.erase(it);
  if (auto it = unpaid_.find({job.claim_epoch, job.validator, job.session}); it != unpaid_.end())
    if (std::erase(it->second, id) > 0 && it->second.empty())
      unpaid_.erase(it);
  jobs_.erase(id);
  order_.erase(order_.begin());
}

std::vector<const job_entry*> job_index::page(std::uint64_t below, std::size_t limit) const {
  std::vector<const job_entry*> result;
  for (auto it = order_.lower_bound(below); it != order_.begin() && result.size() < limit;)
    result.push_back(&jobs_.at((--it)->second));
  return result;
}

// This edge -----------------------------------------------------------------------------------------

void job_index::submitted(const ticket& order, std::uint64_t now_ms) {
  auto& job = entry(job_id_of(order));
  job.session = order.session;
  job.sequence = order.sequence;
  job.attempt = order.attempt;
  job.validator = order.validator;
  job.kernel = order.kernel;
  job.code = ec::ok;
  job.reason.clear();
  enter(job, job_state::running);
  step(job, {.step = "submitted", .at_ms = now_ms, .who = "user",
             .text = "the signed ticket reached this gateway, attempt " + number(order.attempt)});
  step(job, {.step = "accepted", .at_ms = now_ms, .who = validator_name(order.validator),
             .text = "passed on to " + validator_name(order.validator)});
}

void job_index::returned(const v1::job_reply& reply, std::uint64_t output_bytes,
                         std::uint64_t now_ms, std::uint64_t latency_us) {
  const auto& leaf = reply.receipt.content;
  auto& job = entry(leaf.job);
  job.attempt = leaf.attempt();
  job.validator = leaf.validator();
  job.units = leaf.units;
  job.fee = leaf.fee;
  job.latency_us = latency_us;
  job.validator_digest = digest_of(reply.result);
  if (job.state == job_state::running || job.state == job_state::refused)
    enter(job, job_state::returned);
  job.code = ec::ok;
  job.reason.clear();
  step(job, {.step = "returned", .at_ms = now_ms, .who = validator_name(leaf.validator()),
             .digest = job.validator_digest,
             .text = number(output_bytes) + " bytes after " + number(latency_us) +
                     " us, with a signed receipt"});
}

bool job_index::refused(const v1::job_refused& refusal, std::uint64_t now_ms) {
  auto& job = entry(refusal.job);
  if (job.state != job_state::running || job.attempt != refusal.attempt)
    return false;
  enter(job, job_state::refused);
  job.code = refusal.code;
  job.reason = refusal.reason;
  step(job, {.step = "returned", .at_ms = now_ms, .who = validator_name(job.validator),
             .text = "refused: " + refusal.reason});
  return true;
}

void job_index::acknowledged(const acknowledgement& said, std::uint64_t now_ms) {
  auto& job = entry(said.job);
  job.user_digest = said.result;
  step(job, {.step = "acknowledged", .at_ms = now_ms, .who = "user", .digest = said.result,
             .text = "the user signed what it received"});
}

// The Fast Chain ------------------------------------------------------------------------------------

job_index::ids job_index::on(const block_place& at, const ordered_by::leaf_ordered& x) {
  const auto& leaf = x.content;
  auto& job = entry(leaf.job);
  job.session = leaf.session;
  job.sequence = leaf.sequence;
  job.attempt = leaf.attempt();
  job.validator = leaf.validator();
  job.units = leaf.units;
  job.fee = leaf.fee;
  job.checkpoint = x.checkpoint;
  job.leaf_index = x.index;
  job.ordered = job_place{at.epoch, at.height};
  job.fast_final = false;
  enter(job, job_state::ordered);
  by_checkpoint_[x.checkpoint].jobs.push_back(leaf.job);
  not_final_[at.height].push_back(leaf.job);
  auto what = at_block(at, "ordered",
                       "leaf " + number(x.index) + " of checkpoint " + number(x.checkpoint) +
                         (x.payable ? "" : "; another attempt is paid already"));
  what.who = validator_name(leaf.validator());
  what.digest = leaf_hash(leaf);
  step(job, std::move(what));
  return {leaf.job};
}

job_index::checkpoint_jobs* job_index::told_of(std::uint64_t sequence, const block_place& at,
                                               const ledger::event& what) {
  const auto it = by_checkpoint_.find(sequence);
  const bool known = it != by_checkpoint_.end();
  if (!known || !it->second.made_at) {
    early_[sequence].emplace_back(at, what);
    while (early_.size() > limits_.early_max)
      early_.erase(early_.begin());
  }
  return known ? &it->second : nullptr;
}

void job_index::say_again(std::uint64_t sequence) {
  if (const auto waiting = early_.extract(sequence))
    for (const auto& [at, what] : waiting.mapped())
      take(at, what);
}

job_index::ids job_index::on(const block_place& at, const ordered_by::checkpoint_made& x) {
  const auto it = by_checkpoint_.find(x.content.sequence);
  if (it == by_checkpoint_.end()) {
    early_.erase(x.content.sequence);
    return {};
  }
  it->second.made_at = at.height;
  auto changed = it->second.jobs;
  for (const auto& id : changed) {
    auto* found = known(id);
    if (!found)
      continue;
    auto& job = *found;
    job.claim_epoch = x.content.claim_epoch;
    unpaid_[{job.claim_epoch, job.validator, job.session}].push_back(id);
    auto what = at_block(at, "checkpointed",
                         "checkpoint " + number(x.content.sequence) + " with " +
                           number(x.content.leaves) + " leaves goes to the Heavy Chain");
    what.digest = digest_of(x.content);
    step(job, std::move(what));
  }
  say_again(x.content.sequence);  // it concerns the same jobs
  return changed;
}

// The Heavy Chain -----------------------------------------------------------------------------------

job_index::ids job_index::on(const block_place& at, const happened::checkpoint_settled& x) {
  const auto* checkpoint = told_of(x.content.sequence, at, x);
  if (!checkpoint)
    return {};
  for (const auto& id : checkpoint->jobs) {
    auto* found = known(id);
    if (!found || found->settled)
      continue;
    auto& job = *found;
    if (job.state == job_state::ordered)
      enter(job, job_state::settled);
    job.fast_final = true;  // Heavy has seen the certificate, whether this gateway has or not
    job.settled = job_place{at.epoch, at.height};
    step(job, at_block(at, "settled", "checkpoint " + number(x.content.sequence) + " is settled"));
  }
  return checkpoint->jobs;
}

job_index::ids job_index::on(const block_place& at, const happened::checkpoint_drawn& x) {
  auto* checkpoint = told_of(x.sequence, at, x);
  if (!checkpoint || !checkpoint->made_at)
    return {};
  for (const auto& id : checkpoint->jobs) {
    auto* found = known(id);
    if (!found)
      continue;
    auto& job = *found;
    const auto drawn = std::find(x.drawn.begin(), x.drawn.end(), job.leaf_index) != x.drawn.end();
    if (drawn && (job.state == job_state::ordered || job.state == job_state::settled))
      enter(job, job_state::drawn);
    auto what =
      at_block(at, drawn ? "drawn" : "not_drawn",
               drawn ? "the beacon drew leaf " + number(job.leaf_index) + " for an audit"
                     : "the beacon did not draw leaf " + number(job.leaf_index));
    what.digest = x.beacon;
    step(job, std::move(what));
  }
  auto changed = std::move(checkpoint->jobs);
  by_checkpoint_.erase(x.sequence);
  return changed;
}

job_index::ids job_index::on(const block_place& at, const happened::check_requested& x) {
  auto& job = entry(x.subject.content.job);
  job.kernel = x.subject.order.content.kernel;
  std::string names;
  for (const auto id : x.checkers)
    names += (names.empty() ? "" : ", ") + number(id.value);
  auto what = at_block(at, "check_requested",
                       "stage " + number(x.stage) + ": checkers " + names + " are asked");
  what.who = names;
  step(job, std::move(what));
  return {job.id};
}

job_index::ids job_index::on(const block_place& at, const happened::check_committed& x) {
  auto* job = known(x.job);
  if (!job)
    return {};
  auto what = at_block(at, "committed", "a checker committed to its result");
  what.who = validator_name(x.checker);
  step(*job, std::move(what));
  return {x.job};
}

job_index::ids job_index::on(const block_place& at, const happened::digest_revealed& x) {
  auto* job = known(x.job);
  if (!job)
    return {};
  auto what = at_block(at, "revealed", "its digest is on chain");
  what.digest = x.result;
  if (x.who == "U") {
    job->user_digest = x.result;
    what.who = "user";
  } else if (x.who == "P") {
    job->validator_digest = x.result;
    what.who = validator_name(job->validator);
  } else if (const auto id = from_decimal(x.who)) {
    const validator_id checker{static_cast<std::uint32_t>(*id)};
    job->checkers[checker] = x.result;
    what.who = validator_name(checker);
  }
  step(*job, std::move(what));
  return {x.job};
}

job_index::ids job_index::on(const block_place& at, const happened::audit_settled& x) {
  auto* job = known(x.job);
  if (!job)
    return {};
  job->verdict = job_verdict{x.outcome, x.rule, x.pays};
  const bool fault = x.outcome == "fault";
  if (x.final)
    enter(*job, fault ? job_state::faulted : job_state::audited);
  step(*job, at_block(at, "verdict", x.outcome + " by rule " + x.rule +
                                       (fault && !x.final ? ", open to appeal" : "")));
  const auto slash = slashes_.extract(x.validator);
  if (fault && slash && slash.mapped().height == at.height)
    step(*job, slash.mapped());
  return {x.job};
}

job_index::ids job_index::on(const block_place& at, const happened::slashed& x) {
  auto what = at_block(at, "slashed", to_text(x.taken) + " for " + x.reason +
                                        (x.pending ? ", pending appeal" : ""));
  what.who = validator_name(x.validator);
  slashes_.insert_or_assign(x.validator, std::move(what));
  return {};
}

job_index::ids job_index::on(const block_place& at, const happened::delivery_asked& x) {
  auto* job = known(x.held.content.job);
  if (!job)
    return {};
  const auto validator = validator_name(x.held.content.validator());
  auto what = at_block(at, "result_asked", "its user says that no result came; " + validator +
                                             " brings it until " + number(x.until_ms) +
                                             " ms of live time, or is not paid");
  what.who = "user";
  step(*job, std::move(what));
  return {job->id};
}

job_index::ids job_index::on(const block_place& at, const happened::delivery_settled& x) {
  auto* job = known(x.job);
  if (!job)
    return {};
  auto what = x.delivered
                ? at_block(at, "result_brought", "the user has it, or the committee's store for the user")
                : at_block(at, "refunded", "no result came; the price is the user's again");
  what.who = validator_name(x.validator);
  step(*job, std::move(what));
  return {x.job};
}

job_index::ids job_index::on(const block_place& at, const happened::claim_paid& x) {
  auto node = unpaid_.extract(payee{x.epoch, x.validator, x.session});
  if (!node)
    return {};
  for (const auto& id : node.mapped()) {
    auto* job = known(id);
    if (!job || (job->verdict && job->verdict->outcome == "fault"))
      continue;  // a fault earns nothing
    auto what = at_block(at, "paid", "claim epoch " + number(x.epoch) + " paid " +
                                       to_text(x.to_validator) + " for " + number(x.units) +
                                       " units of this session");
    what.who = validator_name(x.validator);
    step(*job, std::move(what));
  }
  return std::move(node.mapped());
}

std::vector<job_id> job_index::take(const block_place& at, const fast::event& what) {
  return std::visit([&](const auto& x) { return on(at, x); }, what);
}

std::vector<job_id> job_index::take(const block_place& at, const ledger::event& what) {
  return std::visit([&](const auto& x) { return on(at, x); }, what);
}

}  // namespace datagen::web
