// A validator's jobs: what it takes, what it promises for them, and what it forgets.

#include "actors/validator.hpp"

#include "actors/job_result.hpp"
#include "actors/storage/rows.hpp"

#include "protocol/fast/events.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

namespace {

std::string nano_text(std::uint64_t nano) { return to_text({nano * units_per_nano_dg}); }

}  // namespace

void validator_state::refuse(const peer& to, const ticket& order, const job_refusal& why) {
  config_.context.net->send(
    config_.self, to, v1::job_refused{job_id_of(order), order.attempt, why.code, why.reason});
}

job_refusal validator_state::check(const v1::job_request& request) const {
  const auto& order = request.order.content;
  if (dead_)
    return {ec::storage_failed, "this validator's disk refused a write; it takes no jobs"};
  const auto me = heavy_.view().find(id_);
  if (!me || me->now != happened::standing::active)
    return {ec::not_serving, "validator " + std::to_string(id_.value) + " takes no jobs at present"};
  const auto session = heavy_.view().find(order.session);
  if (order.validator != id_)
    return {ec::wrong_validator, "the ticket is for validator " +
                                   std::to_string(order.validator.value) + ", this is validator " +
                                   std::to_string(id_.value)};
  if (session->lanes.count(id_) == 0)
    return {ec::wrong_validator, "session " + std::to_string(order.session.value) +
                                   " has no lane for validator " + std::to_string(id_.value)};
  if (const auto now = config_.context.net->now().unix_ms; order.deadline_ms < now)
    return {ec::deadline_passed,
            "the ticket's deadline passed " + std::to_string(now - order.deadline_ms) + " ms ago"};
  if (order.unit_price < me->ask)
    return {ec::price_too_low, "the ticket pays " + std::to_string(order.unit_price) +
                                 " x 10^-9 DG per 1,000 units; this validator asks " +
                                 std::to_string(me->ask)};
  if (auto why = check_sequence(order); why.code != ec::ok)
    return why;
  if (jobs_.size() >= config_.open_jobs_max)
    return {ec::busy, std::to_string(jobs_.size()) + " jobs are open here; try again"};
  if (content_.bytes() + request.input.size() + request.parameters.size() > config_.content_bytes_max)
    return {ec::busy, "the inputs of open jobs have " + std::to_string(content_.bytes()) + " of " +
                        std::to_string(config_.content_bytes_max) + " bytes; try again"};
  return check_bytes(request);
}

/// The Fast Chain pays a sequence once and takes none beyond its window: such a job would be worked
/// on for nothing, and the promise of its leaf could not be kept.
job_refusal validator_state::check_sequence(const ticket& order) const {
  static const fast::paid_set none;
  const auto known = paid_.find(order.session);
  const auto& paid = known == paid_.end() ? none : known->second;
  std::string job{"job "};
  job += std::to_string(order.sequence);
  job += " of session ";
  job += std::to_string(order.session.value);
  if (paid.contains(order.sequence))
    return {ec::replayed_ticket, job + " is done and paid; its receipt was given out then"};
  if (!paid.in_window(order.sequence))
    return {ec::outside_window, job + " runs too far ahead: the lowest unpaid one is " +
                                  std::to_string(paid.lowest_unpaid()) + ", and at most " +
                                  std::to_string(fast::paid_window) +
                                  " above it are taken; open a new session"};
  return {};
}

job_refusal validator_state::check_money(const ticket& order, std::uint64_t price,
                                         std::uint64_t value) const {
  const auto lane = heavy_.view().find(order.session)->lane(id_);
  const auto used = promised_.find(order.session);
  const auto taken = used == promised_.end() ? 0 : used->second;
  if (price > lane || taken > lane - price)
    return {ec::lane_overdrawn, "the lane of validator " + std::to_string(id_.value) + " holds " +
                                  nano_text(lane) + " and has " +
                                  nano_text(lane - std::min(lane, taken)) +
                                  " left, this ticket may cost " + nano_text(price) +
                                  ": open a session with more escrow"};
  // Beyond the cap only at its user's own risk: the Fast Chain orders, and pays, such a leaf when
  // there is room for it again.
  if ((order.flags & ticket_uninsured) != 0)
    return {};
  const auto capped = ledger::check_cap(
    heavy_.view().rules(), heavy_.view().find(id_)->cap_basis(), at_risk_, id_,
    heavy_.view().find(order.session)->user, value);
  return capped.ok() ? job_refusal{} : job_refusal{ec::value_cap_reached, capped.reason};
}

/// The same ticket again: whoever holds it is told what was promised for it, once there is a promise.
void validator_state::repeat(open_job& x, const peer& from, const ticket& order) {
  if (x.ticket != digest_of(order))
    return refuse(from, order, {ec::replayed_ticket,
                                "job " + std::to_string(order.sequence) + " of session " +
                                  std::to_string(order.session.value) + ", attempt " +
                                  std::to_string(order.attempt) +
                                  ", was accepted with another ticket; a repeat must be identical"});
  if (x.reply)
    answer(from, x);
  else if (x.asked_by.size() < config_.askers_max)
    x.asked_by.insert(from);
}

/// The answer; where it has to come out again first, a sign that it will.
void validator_state::answer(const peer& to, open_job& x) {
  const auto& leaf = x.reply->receipt.content;
  if (!lacks_output(*x.reply))
    return config_.context.net->send(config_.self, to, *x.reply);
  if (x.again == second_run::none)
    run_again({leaf.job, leaf.attempt()}, x);
  config_.context.net->send(config_.self, to, v1::job_working{leaf.job, leaf.attempt()});
}

void validator_state::accept(const peer& from, const v1::job_request& request) {
  const auto& order = request.order.content;
  const job_key key{job_id_of(order), order.attempt};
  auto why = check_order(request.order, heavy_.view(), heavy_chain_, *config_.context.signatures);
  if (why.code != ec::ok)
    return refuse(from, order, why);
  if (const auto it = jobs_.find(key); it != jobs_.end())
    return repeat(it->second, from, order);
  const auto price = price_of(order, order.units_max);
  const auto value = ledger::value_at_risk(order, price);
  why = check(request);
  if (why.code == ec::ok)
    why = check_money(order, price, value);
  if (why.code != ec::ok)
    return refuse(from, order, why);

  promised_[order.session] += price;
  const auto user = heavy_.view().find(order.session)->user;
  at_risk_.add(id_, user, value);
  jobs_.emplace(key, open_job{.ticket = digest_of(order),
                         .asked_by = {from},
                         .session = order.session,
                         .price_max = price,
                         .value = value,
                         .user = user,
                         .parameters = order.parameters,
                         .input = order.input});
  content_.keep(order.input, request.input);
  content_.keep(order.parameters, request.parameters);
  config_.context.reached(key.first, job_stage::accepted);
  const auto number = ++kernel_runs_;
  self_->request(config_.worker, std::chrono::milliseconds{config_.job_timeout_ms},
                 v1::kernel_run{order.kernel, request.parameters, request.input, order.units_max,
                                v1::kernel_urgency::job, number})
    .then([this, key, order = request.order](const v1::kernel_done& done) { finish(key, order, done); },
          [this, key, order = request.order, number](const caf::error&) {
            self_->send(config_.worker, v1::kernel_cancel{number});
            finish(key, order, {.code = ec::timed_out, .reason = "the kernel did not finish in time"});
          });
}

/// Of a lane, unless its session is closed.
void validator_state::release(session_id session, std::uint64_t price) {
  if (const auto it = promised_.find(session); it != promised_.end())
    it->second -= price;
}

void validator_state::finish(const job_key& key, const signed_ticket& order,
                             const v1::kernel_done& done) {
  config_.context.reached(key.first, job_stage::computed);
  auto& x = jobs_.at(key);
  if (done.code != ec::ok) {
    for (const auto& to : x.asked_by)
      refuse(to, order.content, {done.code, done.reason});
    release(x.session, x.price_max);
    auto batch = std::make_shared<storage::write_batch>();
    forget(key, *batch);
    if (!batch->empty())
      write(std::move(batch));
    return;
  }
  held_answer answer{order, result_of(order.content, done), done.output};
  if (canaries_.wants(heavy_, key))
    return propose(key, std::move(answer));
  give(key, answer, answer.truth);
}

/// Signs a leaf that holds `result`.
void validator_state::give(const job_key& key, const held_answer& answer,
                           const result_header& result) {
  const auto& order = answer.order.content;
  v1::job_reply reply{.result = result};
  reply.salt = salt_for(config_.key.secret, key.first, key.second);
  reply.receipt.order = answer.order;
  reply.receipt.content =
    make_leaf(order, result.units,
              commitment_of(reply.salt, key.first, key.second, id_, digest_of(result)));
  reply.receipt.deadline_ms = heavy_.live_ms() + heavy_.view().rules().leaf_deadline_ms;
  reply.receipt.validator =
    sign(config_.key, receipt_statement(order, reply.receipt.content, reply.receipt.deadline_ms));
  reply.output = answer.output;
  const auto& x = jobs_.at(key);
  release(x.session, x.price_max - reply.receipt.content.fee);
  promise(key, std::move(reply));
}

/// Nothing can come of this attempt any more.
void validator_state::forget(const job_key& key, storage::write_batch& batch,
                             std::uint64_t keep_until_ms) {
  const auto it = jobs_.find(key);
  at_risk_.remove(id_, it->second.user, it->second.value);
  content_.release(it->second.input, batch, keep_until_ms);
  content_.release(it->second.parameters, batch, keep_until_ms);
  jobs_.erase(it);
}

void validator_state::write(std::shared_ptr<storage::write_batch> batch) {
  self_->request(config_.archive, caf::infinite, v1::archive_write{std::move(batch)})
    .then([this](const v1::archive_written& written) { dead_ = dead_ || written.code != ec::ok; });
}

void validator_state::promise(const job_key& key, v1::job_reply reply) {
  // Durable before it is promised: after a crash the leaf must still reach the Fast Chain.
  auto batch = std::make_shared<storage::write_batch>();
  batch->receipts.push_back({.job = key.first,
                             .attempt = key.second,
                             .state = receipt_promised,
                             .body = encode(reply.receipt, reply.result)});
  content_.store(reply.receipt.order.content.input, *batch);
  content_.store(reply.receipt.order.content.parameters, *batch);
  canaries_.signed_leaf(reply.receipt.content);
  config_.context.reached(key.first, job_stage::promised);
  self_->request(config_.archive, caf::infinite, v1::archive_write{std::move(batch)})
    .then([this, key, reply = std::move(reply)](const v1::archive_written& written) mutable {
      auto& x = jobs_.at(key);
      if (written.code != ec::ok) {
        dead_ = true;
        for (const auto& to : x.asked_by)
          refuse(to, reply.receipt.order.content, {written.code, written.reason});
        return;
      }
      config_.context.reached(key.first, job_stage::durable);
      for (const auto& to : x.asked_by)
        config_.context.net->send(config_.self, to, reply);
      x.reply = std::move(reply);
      submit(x);
    });
}

void validator_state::submit(open_job& x) {
  x.submitted_ms = config_.context.net->now().monotonic_ms;
  config_.context.net->send(
    config_.self, {role::fast_author, id_.value},
    v1::submit_transaction{encode(fast::transaction{fast::tx::submit_leaf{x.reply->receipt}})});
}

/// Who asks after its job hears that it is under way, or the answer itself.
void validator_state::probe(const peer& from, const v1::job_probe& x) {
  if (const auto* answer = shelf_.find({x.job, x.attempt}))
    config_.context.net->send(config_.self, from, *answer);
  const auto it = jobs_.find({x.job, x.attempt});
  if (it == jobs_.end() || x.validator != id_ || dead_)
    return;
  if (it->second.reply)
    answer(from, it->second);
  else
    config_.context.net->send(config_.self, from, v1::job_working{x.job, x.attempt});
}

/// Any word ends the keeping of an answer for whoever brought it; the user's own is kept itself, for
/// one who says later that nothing came.
void validator_state::acknowledged(const v1::job_acknowledged& x) {
  const auto& said = x.content;
  const job_key key{said.job, said.attempt};
  shelf_.release(key);
  const auto it = jobs_.find(key);
  if (it == jobs_.end())
    return;
  it->second.acknowledged = true;
  const auto& reply = it->second.reply;
  const auto* session = heavy_.view().find(it->second.session);
  if (!reply || session == nullptr || words_.find(key) != nullptr || said.validator != id_ ||
      said.result != digest_of(reply->result) ||
      !config_.context.signatures->check(session->user,
                                         acknowledgement_statement(heavy_chain_, said), said.user))
    return;
  words_.keep(said, asked_until(reply->receipt));
}

void validator_state::kept(const v1::input_kept& x) { supply_.kept(heavy_, duties_, x); }

void validator_state::serve(const peer& from, const v1::content_query& query) {
  v1::content_reply reply{.content = query.content, .code = ec::unknown_content};
  if (const auto data = content_.find(query.content)) {
    reply.code = ec::ok;
    reply.data = *data;
  }
  config_.context.net->send(config_.self, from, std::move(reply));
}

}  // namespace datagen
