// A user's jobs: attempts, answers, fail-over, evidence. Whom they go to: user_payees.cpp.

#include "actors/user.hpp"

#include <algorithm>

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

namespace {

/// Between two asks of those that have not heard of a pairing yet, and how many at most: together
/// longer than Heavy's news takes to anybody.
constexpr std::chrono::milliseconds early_again{200};
constexpr std::uint32_t early_max = 25;

}  // namespace

caf::typed_response_promise<v1::job_outcome> user_state::submit(const v1::job_wish& wish) {
  auto promise = self_->make_response_promise<v1::job_outcome>();
  if (auto why = why_no_jobs(); why.code != ec::ok) {
    promise.deliver(v1::job_outcome{.code = why.code, .reason = std::move(why.reason)});
    return promise;
  }
  const auto now = config_.context.net->now();
  open_job made{.promise = promise,
                .sent_us = config_.context.net->now_us(),
                .deadline_ms = now.monotonic_ms + config_.job_timeout_ms};
  made.request.parameters = blob{bytes{wish.parameters.begin(), wish.parameters.end()}};
  made.request.input = wish.input;
  made.request.order.content = {.chain = heavy_chain_,
                                .session = *current_,
                                .sequence = sessions_[*current_].sequence++,
                                .kernel = wish.kernel,
                                .parameters = sha256(made.request.parameters.view()),
                                .input = sha256(made.request.input.view()),
                                .units_max = wish.units_max,
                                .declared_value = wish.declared_value,
                                .deadline_ms = now.unix_ms + config_.job_timeout_ms,
                                .flags = wish.flags};
  const auto& order = made.request.order.content;
  const auto until_ms = heavy_.live_ms() + input_life_ms(heavy_.view().rules());
  content_.keep(order.parameters, made.request.parameters, until_ms);
  content_.keep(order.input, made.request.input, until_ms);
  const auto id = job_id_of(order);
  auto& open = jobs_.emplace(id, std::move(made)).first->second;
  config_.context.reached(id, job_stage::ordered);
  if (!begin(open))
    wait_for_pairing(open, {ec::not_paired, "no validator serves the session within its bid"});
  else if (!is_served(*current_))
    seek(*current_);
  return promise;
}

/// Signs the ticket of attempt `number` and sends it to `validator`. @pre it asks at most the bid
void user_state::attempt(open_job& x, validator_id validator, std::uint8_t number) {
  auto& order = x.request.order;
  order.content.validator = validator;
  order.content.attempt = number;
  order.content.unit_price = heavy_.view().find(validator)->ask;
  order.user = sign(config_.key, ticket_statement(order.content));
  x.orders.push_back(order);
  claims_.ordered(order.content);
  deliveries_.ordered(order.content, config_.context.net->now().monotonic_ms);
  x.heard_ms = config_.context.net->now().monotonic_ms;
  if (config_.offers_canaries)
    config_.context.net->send(config_.self, config_.router,
                              v1::canary_offer{job_id_of(order.content), number, validator});
  config_.context.net->send(config_.self, config_.router, x.request);
  measure(x);
}

/// On to the next stand-in under attempt + 1; a new Echo finds a better pairing meanwhile (R13).
/// @returns false when nobody is left
bool user_state::fail_over(open_job& x) {
  const auto& last = x.orders.back().content;
  const auto candidates = payees(last.session);
  auto number = static_cast<std::uint8_t>(last.attempt + 1);
  for (const auto next : candidates) {
    const bool tried = std::any_of(x.orders.begin(), x.orders.end(), [next](const auto& order) {
      return order.content.validator == next;
    });
    if (tried || silent_.count(next) != 0)
      continue;
    attempt(x, next, number);
    return true;
  }
  return false;
}

void user_state::receive(const v1::job_reply& reply) {
  const auto& leaf = reply.receipt.content;
  const auto it = jobs_.find(leaf.job);
  if (it == jobs_.end())
    return came_late(reply);
  const auto& orders = it->second.orders;
  if (std::find(orders.begin(), orders.end(), reply.receipt.order) == orders.end())
    return;
  if (it->second.ping_us != 0)
    measured(it->second);  // the job was so short that its answer is the probe's as well
  const auto& order = reply.receipt.order.content;
  const auto validator = heavy_.view().find(order.validator);
  const auto verdict = check_answer(reply.receipt, config_.key.identity, validator->key, reply.salt,
                                    reply.result, reply.output.view(), *config_.context.signatures);
  config_.context.reached(leaf.job, job_stage::checked);
  v1::job_outcome outcome{.receipt = reply.receipt,
                          .salt = reply.salt,
                          .result = reply.result,
                          .output = reply.output,
                          .latency_us = config_.context.net->now_us() - it->second.sent_us};
  if (const auto* truth = canary_of(it->second, reply)) {
    outcome.result = *truth;
    outcome.canary = true;
    deliveries_.answered(leaf.job, leaf.attempt());
  } else if (verdict != receipt_check::ok) {
    outcome.code = ec::bad_receipt;
    outcome.reason = std::string{"the validator's answer does not hold: "} + to_string(verdict);
  } else {
    claims_.answered(order, leaf);
    deliveries_.answered(leaf.job, leaf.attempt());
    leaves_.holds(reply.receipt, config_.context.net->now().monotonic_ms);
    acknowledge(reply.receipt, digest_of(reply.result));
  }
  it->second.promise.deliver(std::move(outcome));
  jobs_.erase(it);
}

/// Is it about the attempt that an answer is waited for?
bool user_state::is_newest(const open_job& x, std::uint8_t attempt) {
  return !x.unserved && x.orders.back().content.attempt == attempt;
}

void user_state::refused(const v1::job_refused& refusal) {
  const auto it = jobs_.find(refusal.job);
  if (it == jobs_.end() || !is_newest(it->second, refusal.attempt))
    return;
  auto& x = it->second;
  const bool behind = knows_less(refusal.code, x);
  if (behind && x.too_early < early_max) {
    ++x.too_early;
    x.waits = true;
    self_->delayed_send(self_, early_again, v1::alarm{again, 0});
    return;
  }
  if (refusal.code == ec::unreachable) {
    leave(x);
    return;
  }
  if (refusal.code == ec::lane_overdrawn)  // the next pairing promises what is free by then
    ask_echo(x.orders.back().content.session);
  // One that goes on hearing nothing of the pairing is as good as down: its stand-in knows more.
  if ((another_may_take(refusal.code) || behind) && fail_over(x))
    return;
  // Nobody else is left, but whoever was left for its silence may have it done, or be back: the
  // newest attempt is sent again in a while.
  const bool silent = std::any_of(x.orders.begin(), x.orders.end(), [this](const auto& tried) {
    return silent_.count(tried.content.validator) != 0;
  });
  if (another_may_take(refusal.code) && silent) {
    x.heard_ms = config_.context.net->now().monotonic_ms;
    return;
  }
  // Between an expulsion and the next pairing: whoever is paired next has not seen the job.
  if (another_may_take(refusal.code) &&
      (refusal.code == ec::not_serving || !is_served(x.orders.back().content.session)))
    return wait_for_pairing(x, {refusal.code, refusal.reason});
  // Done and paid, though its answer was lost on the way: whoever did it hands it out once more.
  if (refusal.code == ec::replayed_ticket && (x.orders.size() > 1 || x.repeated)) {
    x.done_elsewhere = true;
    x.heard_ms = config_.context.net->now().monotonic_ms;
    return;
  }
  it->second.promise.deliver(v1::job_outcome{.code = refusal.code, .reason = refusal.reason});
  jobs_.erase(it);
}

/// Router and validator follow Heavy on their own, and may be behind this user: nothing is wrong with
/// a job for a pairing that Heavy has certified.
bool user_state::knows_less(ec code, const open_job& x) const {
  if (code != ec::unknown_session && code != ec::wrong_validator)
    return false;
  const auto& order = x.orders.back().content;
  const auto known = payees(order.session);
  return std::find(known.begin(), known.end(), order.validator) != known.end();
}

void user_state::send_again() {
  for (auto& [id, x] : jobs_) {
    if (!std::exchange(x.waits, false))
      continue;
    x.heard_ms = config_.context.net->now().monotonic_ms;
    config_.context.net->send(config_.self, config_.router, x.request);
  }
}

void user_state::working(const v1::job_working& sign) {
  const auto it = jobs_.find(sign.job);
  if (it == jobs_.end() || !is_newest(it->second, sign.attempt))
    return;
  it->second.heard_ms = config_.context.net->now().monotonic_ms;
  if (it->second.ping_us != 0)
    measured(it->second);
}

/// Asks after every open job, and leaves a validator that gives no sign.
void user_state::watch_jobs() {
  const auto now = config_.context.net->now().monotonic_ms;
  std::set<session_id> left;
  for (auto& [id, x] : jobs_) {
    if (x.unserved)
      continue;
    const auto& order = x.orders.back().content;
    if (x.done_elsewhere) {
      for (const auto& tried : x.orders)
        config_.context.net->send(
          config_.self, config_.router,
          v1::job_probe{id, tried.content.attempt, tried.content.validator});
      continue;
    }
    if (now < x.heard_ms + config_.silence_ms) {
      config_.context.net->send(config_.self, config_.router,
                                v1::job_probe{id, order.attempt, order.validator});
      continue;
    }
    if (silent_.insert(order.validator).second)
      left.insert(order.session);
    if (!fail_over(x))
      repeat(x);
  }
  for (const auto session : left)
    find_instead(session);
}

/// Nobody is left: the newest attempt is asked for once more, a repeat that costs its validator
/// nothing; it may be this edge that was cut off.
void user_state::repeat(open_job& x) {
  x.heard_ms = config_.context.net->now().monotonic_ms;
  x.repeated = true;
  config_.context.net->send(config_.self, config_.router, x.request);
}

/// Another validator for a session whose own gives no sign.
void user_state::find_instead(session_id id) {
  if (const auto echo = echoes_.find(id); echo == echoes_.end() || echo->second.over)
    find_another(id);
}

/// The router has no link to the validator of the newest attempt: no need to wait for its silence.
void user_state::leave(open_job& x) {
  const auto order = x.orders.back().content;
  const bool news = silent_.insert(order.validator).second;
  if (!fail_over(x))
    x.heard_ms = config_.context.net->now().monotonic_ms;  // asked once more in a while
  if (news)
    find_instead(order.session);
}

void user_state::acknowledge(const receipt& receipt, const digest& result) {
  const auto& leaf = receipt.content;
  acknowledgement said{
    .job = leaf.job, .attempt = leaf.attempt(), .validator = leaf.validator(), .result = result};
  said.user = sign(config_.key, acknowledgement_statement(heavy_chain_, said));
  config_.context.net->send(config_.self, config_.router, v1::job_acknowledged{said});
  evidence_.add({leaf.job, leaf.attempt()}, said);
}

void user_state::on(const happened::reveal_requested& x) {
  if (const auto* said = evidence_.find({x.job, x.attempt}))
    duties_.owe(heavy_, {x.job, x.attempt, duty_kind::evidence, 0},
                ledger::make_transaction(heavy_chain_, config_.key, 0,
                                         ledger::tx::user_evidence{.said = *said}));
}

void user_state::on(const happened::digest_revealed& x) {
  if (x.who == "U")
    duties_.done({x.job, x.attempt, duty_kind::evidence, 0});
}

void user_state::on(const happened::audit_settled& x) {
  if (x.final)
    duties_.forget(x.job, x.attempt);
}

void user_state::kept(const v1::input_kept& x) { supply_.kept(heavy_, duties_, x); }

}  // namespace datagen
