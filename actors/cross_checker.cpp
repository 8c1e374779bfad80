#include "actors/cross_checker.hpp"

#include "actors/job_result.hpp"

#include <algorithm>

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

void cross_checker_state::start(cross_checker_config config) {
  config_ = std::move(config);
  id_ = {config_.self.index};
  heavy_chain_ = heavy_chain_id(*config_.context.chain);
  heavy_ = heavy_follower{config_.self, config_.context};
  duties_ = {config_.self, config_.context};
  wake();
}

void cross_checker_state::wake() {
  heavy_.wake();
  duties_.wake(heavy_);
  for (auto& [key, x] : checks_)
    if (!x.running && !x.answer)
      ask(key, x);
  self_->delayed_send(self_, std::chrono::milliseconds{config_.retry_ms}, v1::alarm{});
}

void cross_checker_state::learn(const std::vector<ledger::block_events>& news) {
  for (const auto& block : news)
    for (const auto& what : block.events)
      std::visit([this](const auto& x) { on(x); }, what);
  // After the whole batch: news of long ago may hold audits that are settled within it.
  for (auto& [key, x] : checks_) {
    if (x.asked == 0 && !x.running && !x.answer)
      ask(key, x);
    if (x.reveal_due && x.answer) {
      x.reveal_due = false;
      reveal(key, x);
    }
  }
}

void cross_checker_state::on(const happened::check_requested& x) {
  if (std::find(x.checkers.begin(), x.checkers.end(), id_) == x.checkers.end())
    return;
  const job_key key{x.subject.content.job, x.subject.content.attempt()};
  duties_.forget(key.first, key.second);  // an earlier stage's are void
  const auto window = x.commit_deadline_ms - std::min(x.commit_deadline_ms, heavy_.live_ms());
  checks_[key] =
    check{.request = x,
          .unavailable_at_ms = config_.context.net->now().monotonic_ms + window / 2};
}

void cross_checker_state::on(const happened::check_committed& x) {
  if (x.checker == id_)
    duties_.done({x.job, x.attempt, duty_kind::commit, x.stage});
}

void cross_checker_state::on(const happened::digest_revealed& x) {
  if (x.who == std::to_string(id_.value))
    duties_.done({x.job, x.attempt, duty_kind::reveal, x.stage});
}

void cross_checker_state::on(const happened::input_asked& x) {
  if (const auto it = checks_.find({x.job, x.attempt}); it != checks_.end())
    duties_.done({x.job, x.attempt, duty_kind::unavailable, it->second.request.stage});
}

void cross_checker_state::on(const happened::input_stored& x) {
  if (const auto it = checks_.find({x.job, x.attempt}); it != checks_.end())
    it->second.stored = true;
}

void cross_checker_state::on(const happened::reveal_requested& x) {
  const auto it = checks_.find({x.job, x.attempt});
  if (it != checks_.end() && it->second.request.stage == x.stage)
    it->second.reveal_due = true;
  duties_.done({x.job, x.attempt, duty_kind::commit, x.stage});
}

void cross_checker_state::on(const happened::audit_settled& x) {
  if (!x.final)
    return;
  if (const auto it = checks_.find({x.job, x.attempt}); it != checks_.end()) {
    if (it->second.running)  // the device is free for what still counts
      self_->send(config_.worker, v1::kernel_cancel{it->second.number});
    checks_.erase(it);
  }
  duties_.forget(x.job, x.attempt);
}

/// Routers first and the paired validator last; once the committee's store holds the bytes, its
/// members as well.
peer cross_checker_state::holder(check& x) const {
  const auto& members = heavy_.view().fast_authors.ids;
  const auto known = config_.routers.size() + 1;
  const auto turn = x.asked++ % (known + (x.stored ? members.size() : 0));
  if (turn < config_.routers.size())
    return config_.routers[turn];
  if (turn < known)
    return {role::validator, x.request.subject.order.content.validator.value};
  return {role::fast_author, members[turn - known]};
}

void cross_checker_state::ask(const job_key& key, check& x) {
  const auto& order = x.request.subject.order.content;
  const bool all_tried = x.asked > config_.routers.size();
  if (all_tried && !x.stored && config_.context.net->now().monotonic_ms >= x.unavailable_at_ms)
    owe(key, x, duty_kind::unavailable,
        ledger::tx::unavailable{key.first, key.second, x.request.stage});
  const auto from = holder(x);
  if (!x.parameters)
    config_.context.net->send(config_.self, from, v1::content_query{order.parameters});
  if (!x.input)
    config_.context.net->send(config_.self, from, v1::content_query{order.input});
}

void cross_checker_state::receive(const v1::content_reply& reply) {
  if (reply.code != ec::ok || sha256(reply.data.view()) != reply.content)
    return;  // the next holder is asked in turn
  for (auto& [key, x] : checks_) {
    const auto& order = x.request.subject.order.content;
    if (order.parameters == reply.content && !x.parameters)
      x.parameters = reply.data;
    if (order.input == reply.content && !x.input)
      x.input = reply.data;
    if (x.parameters && x.input && !x.running && !x.answer)
      run(key, x);
  }
}

void cross_checker_state::run(const job_key& key, check& x) {
  x.running = true;
  const auto& order = x.request.subject.order.content;
  x.number = ++kernel_runs_;
  self_->request(config_.worker, std::chrono::milliseconds{config_.job_timeout_ms},
                 v1::kernel_run{order.kernel, *x.parameters, *x.input, order.units_max,
                                v1::kernel_urgency::check, x.number})
    .then([this, key](const v1::kernel_done& done) { commit(key, done); },
          [this, key, number = x.number](const caf::error&) {
            self_->send(config_.worker, v1::kernel_cancel{number});
            commit(key, {.code = ec::timed_out});
          });
}

void cross_checker_state::commit(const job_key& key, const v1::kernel_done& done) {
  const auto it = checks_.find(key);
  if (it == checks_.end())
    return;
  auto& x = it->second;
  x.running = false;
  if (done.code == ec::timed_out || done.code == ec::busy || done.code == ec::cancelled)
    return;  // tried again at the next wake-up; a no-show loses its fee, never stake
  x.answer = check_reveal{
    .salt = hmac(config_.key.secret.view(),
                 encode("datagen/v1/check-salt", key.first, key.second, x.request.stage)),
    .result = digest_of(result_of(x.request.subject.order.content, done)),
    .witness = check_witness(x.request.beacon, key.first, id_, done.output.view())};
  owe(key, x, duty_kind::commit,
      ledger::tx::check_commit{key.first, key.second, x.request.stage,
                               checker_commitment(key.first, id_, *x.answer)});
  if (x.reveal_due)
    reveal(key, x);
}

void cross_checker_state::reveal(const job_key& key, const check& x) {
  owe(key, x, duty_kind::reveal,
      ledger::tx::check_reveal{key.first, key.second, x.request.stage, x.answer->salt,
                               x.answer->result, x.answer->witness});
}

void cross_checker_state::owe(const job_key& key, const check& x, duty_kind kind,
                              ledger::transaction_body body) {
  duties_.owe(heavy_, {key.first, key.second, kind, x.request.stage},
              ledger::make_transaction(heavy_chain_, config_.key, 0, std::move(body)));
}

cross_checker_actor::behavior_type cross_checker(
  cross_checker_actor::stateful_pointer<cross_checker_state> self, cross_checker_config config) {
  auto& state = self->state;
  state.start(std::move(config));
  return {
    [&state](const peer&, const v1::heavy_news& x) { state.follow(x); },
    [&state](const peer& from, const v1::snapshot_piece& x) { state.follow(from, x); },
    [&state](const peer&, const v1::content_reply& x) { state.receive(x); },
    [&state](const v1::alarm&) { state.wake(); },
  };
}

}  // namespace datagen
