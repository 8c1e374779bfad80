#include "actors/router.hpp"

namespace datagen {

using namespace protocol;

void router_state::start(router_config config) {
  config_ = std::move(config);
  heavy_ = heavy_follower{config_.self, config_.context};
  wake();
}

void router_state::wake() {
  heavy_.wake();
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

void router_state::refuse(const peer& to, const v1::job_request& job, ec code, std::string reason) {
  config_.context.net->send(config_.self, to,
                            v1::job_refused{job_id_of(job.order.content), job.order.content.attempt,
                                            code, std::move(reason)});
}

void router_state::forward(const peer& from, const v1::job_request& job) {
  if (job.input.size() > config_.input_bytes_max)
    return refuse(from, job, ec::too_large,
                  "the input has " + std::to_string(job.input.size()) + " bytes; at most " +
                    std::to_string(config_.input_bytes_max) + " are taken");
  if (jobs_.size() >= config_.open_jobs_max)
    return refuse(from, job, ec::busy,
                  std::to_string(jobs_.size()) + " jobs are open at this router; try again");
  const auto& order = job.order.content;
  if (sha256(job.input.view()) != order.input || sha256(job.parameters.view()) != order.parameters)
    return refuse(from, job, ec::wrong_digest, "input or parameters are not what the ticket names");
  keep(order.input, job.input);
  keep(order.parameters, job.parameters);
  jobs_[{job_id_of(order), order.attempt}] = from;
  config_.context.net->send(config_.self, {role::validator, order.validator.value}, job);
}

void router_state::return_result(const v1::job_reply& reply) {
  const auto& leaf = reply.receipt.content;
  if (auto node = jobs_.extract({leaf.job, leaf.attempt()}))
    config_.context.net->send(config_.self, node.mapped(), reply);
}

void router_state::return_refusal(const v1::job_refused& refusal) {
  if (auto node = jobs_.extract({refusal.job, refusal.attempt}))
    config_.context.net->send(config_.self, node.mapped(), refusal);
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
