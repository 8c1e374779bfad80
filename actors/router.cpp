#include "actors/router.hpp"

namespace datagen {

using namespace protocol;

void router_state::start(router_config config) {
  config_ = std::move(config);
  heavy_chain_ = heavy_chain_id(*config_.context.chain);
  heavy_ = heavy_follower{config_.self, config_.context};
  wake();
}

void router_state::wake() {
  heavy_.wake();
  const auto now = config_.context.net->now().monotonic_ms;
  std::erase_if(jobs_, [now](const auto& x) { return x.second.until_ms <= now; });
  self_->delayed_send(self_, std::chrono::seconds{1}, v1::alarm{});
}

void router_state::follow(const v1::heavy_news& news) { heavy_.take(news); }

void router_state::fan_out(const peer& from, const v1::echo_package& package) {
  echoes_[package.session] = from;
  for (const auto& [id, validator] : heavy_.view().validators)
    if (validator.now == ledger::happened::standing::active)
      config_.context.net->send(config_.self, {role::validator, id.value}, package);
}

void router_state::return_echo(const v1::echo_reply& reply) {
  if (const auto it = echoes_.find(reply.session); it != echoes_.end())
    config_.context.net->send(config_.self, it->second, reply);
}

job_refusal router_state::check(const v1::job_request& job) const {
  if (auto why = check_order(job.order, heavy_.view(), heavy_chain_, *config_.context.signatures);
      why.code != ec::ok)
    return why;
  if (jobs_.size() >= config_.open_jobs_max)
    return {ec::busy, std::to_string(jobs_.size()) + " jobs are open at this router; try again"};
  return check_bytes(job, config_.input_bytes_max);
}

void router_state::forward(const peer& from, const v1::job_request& job) {
  const auto& order = job.order.content;
  // Before anything is kept: a forged ticket must cost no memory, and never stand in for the job
  // of the user whom it names.
  if (auto why = check(job); why.code != ec::ok) {
    config_.context.net->send(
      config_.self, from,
      v1::job_refused{job_id_of(order), order.attempt, why.code, std::move(why.reason)});
    return;
  }
  keep(order.input, job.input);
  keep(order.parameters, job.parameters);
  const auto id = job_id_of(order);
  auto& open = jobs_[{id, order.attempt}];
  open.until_ms = config_.context.net->now().monotonic_ms + config_.job_timeout_ms;
  if (open.asked_by.size() < config_.askers_max)
    open.asked_by.insert(from);
  config_.context.reached(id, job_stage::routed);
  config_.context.net->send(config_.self, {role::validator, order.validator.value}, job);
}

void router_state::return_result(const v1::job_reply& reply) {
  const auto& leaf = reply.receipt.content;
  if (const auto node = jobs_.extract({leaf.job, leaf.attempt()})) {
    config_.context.reached(leaf.job, job_stage::returned);
    for (const auto& to : node.mapped().asked_by)
      config_.context.net->send(config_.self, to, reply);
  }
}

void router_state::return_refusal(const v1::job_refused& refusal) {
  if (const auto node = jobs_.extract({refusal.job, refusal.attempt}))
    for (const auto& to : node.mapped().asked_by)
      config_.context.net->send(config_.self, to, refusal);
}

void router_state::acknowledge(const v1::job_acknowledged& said) {
  config_.context.net->send(config_.self, {role::validator, said.content.validator.value}, said);
}

void router_state::keep(const digest& id, const blob& data) {
  if (!content_.emplace(id, data).second)
    return;
  content_order_.push_back(id);
  content_bytes_ += data.size();
  while (content_bytes_ > config_.content_bytes_max && content_order_.size() > 1) {
    const auto it = content_.find(content_order_.front());
    content_bytes_ -= it->second.size();
    content_.erase(it);
    content_order_.pop_front();
  }
}

void router_state::serve(const peer& from, const v1::content_query& query) {
  v1::content_reply reply{.content = query.content, .code = ec::unknown_content};
  if (const auto it = content_.find(query.content); it != content_.end()) {
    reply.code = ec::ok;
    reply.data = it->second;
  }
  config_.context.net->send(config_.self, from, std::move(reply));
}

router_actor::behavior_type router(router_actor::stateful_pointer<router_state> self,
                                   router_config config) {
  auto& state = self->state;
  state.start(std::move(config));
  return {
    [&state](const peer& from, const v1::echo_package& x) { state.fan_out(from, x); },
    [&state](const peer&, const v1::echo_reply& x) { state.return_echo(x); },
    [&state](const peer& from, const v1::job_request& x) { state.forward(from, x); },
    [&state](const peer&, const v1::job_reply& x) { state.return_result(x); },
    [&state](const peer&, const v1::job_refused& x) { state.return_refusal(x); },
    [&state](const peer&, const v1::job_acknowledged& x) { state.acknowledge(x); },
    [&state](const peer& from, const v1::content_query& x) { state.serve(from, x); },
    [&state](const peer&, const v1::heavy_news& x) { state.follow(x); },
    [&state](const v1::alarm&) { state.wake(); },
  };
}

}  // namespace datagen
