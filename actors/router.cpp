#include "actors/router.hpp"

#include <algorithm>

namespace datagen {

using namespace protocol;

namespace {

/// After the paired validator, whose stake it is about.
constexpr std::uint64_t supply_patience_ms = 1000;

}  // namespace

void router_state::start(router_config config) {
  config_ = std::move(config);
  heavy_chain_ = heavy_chain_id(*config_.context.chain);
  heavy_ = heavy_follower{config_.self, config_.context};
  content_ = content_cache{config_.content_bytes_max};
  supply_ = input_supply{{.self = config_.self,
                          .context = config_.context,
                          .find = [this](const digest& id) { return content_.find(id); },
                          .patience_ms = supply_patience_ms}};
  duties_ = {config_.self, config_.context};
  fast_author_ = config_.self.index;
  follow_leaves();
  wake();
}

void router_state::wake() {
  heavy_.wake();
  supply_.wake(heavy_);
  duties_.wake(heavy_);
  content_.expire(heavy_.live_ms());
  const auto now = config_.context.net->now().monotonic_ms;
  if (now >= fast_heard_ms_ + config_.fast_silence_ms) {
    ++fast_author_;
    follow_leaves();
  }
  std::erase_if(jobs_, [now](const auto& x) { return x.second.until_ms <= now; });
  self_->delayed_send(self_, std::chrono::seconds{1}, v1::alarm{});
}

void router_state::learn(const std::vector<ledger::block_events>& news) {
  for (const auto& block : news)
    for (const auto& what : block.events) {
      supply_.hear(what);
      value_.hear(what);
      if (const auto* x = std::get_if<ledger::happened::audit_settled>(&what); x && x->final)
        duties_.forget(x->job, x->attempt);
      if (const auto* x = std::get_if<ledger::happened::echo_opened>(&what); x && !x->sample.empty())
        samples_[x->session] = x->sample;
      if (const auto* x = std::get_if<ledger::happened::session_closed>(&what)) {
        samples_.erase(x->session);
        echoes_.erase(x->session);
      }
    }
}

/// One member of the Fast committee tells the leaves; a silent one is left for the next.
void router_state::follow_leaves() {
  fast_heard_ms_ = config_.context.net->now().monotonic_ms;
  const auto& members = heavy_.view().fast_authors.ids;
  config_.context.net->send(config_.self, {role::fast_author, members[fast_author_ % members.size()]},
                            v1::follow_blocks{value_.fast_height()});
}

void router_state::leaf_news(const peer& from, const v1::block_news& news) {
  const auto& members = heavy_.view().fast_authors.ids;
  if (from != peer{role::fast_author, members[fast_author_ % members.size()]})
    return;  // one that was left
  fast_heard_ms_ = config_.context.net->now().monotonic_ms;
  value_.take(news, heavy_.view());
}

void router_state::kept(const v1::input_kept& x) { supply_.kept(heavy_, duties_, x); }

void router_state::fan_out(const peer& from, const v1::echo_package& package) {
  if (echoes_.size() >= config_.open_echoes_max && echoes_.count(package.session) == 0)
    echoes_.erase(echoes_.begin());
  echoes_[package.session] = from;
  const auto sample = samples_.find(package.session);
  for (const auto& [id, validator] : heavy_.view().validators)
    if (validator.now == ledger::happened::standing::active &&
        (sample == samples_.end() ||
         std::binary_search(sample->second.begin(), sample->second.end(), id)))
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

/// The value cap as far as this edge can tell (protocol.md section 4): what its validator would
/// refuse need not travel there. Whoever is not known, or takes no jobs, answers for itself.
job_refusal router_state::check_value(const v1::job_request& job) const {
  const auto& order = job.order.content;
  const auto validator = heavy_.view().find(order.validator);
  if (!validator || jobs_.count({job_id_of(order), order.attempt}) != 0 ||
      (order.flags & ticket_uninsured) != 0)
    return {};
  const auto capped = ledger::check_cap(
    heavy_.view().rules(), validator->cap_basis(), value_.at_risk(), order.validator,
    heavy_.view().find(order.session)->user,
    ledger::value_at_risk(order, price_of(order, order.units_max)));
  return capped.ok() ? job_refusal{} : job_refusal{ec::value_cap_reached, capped.reason};
}

void router_state::forward(const peer& from, const v1::job_request& job) {
  const auto& order = job.order.content;
  // Before anything is kept: a forged ticket must cost no memory, and never stand in for the job
  // of the user whom it names.
  auto why = check(job);
  bool doubted = false;
  if (why.code == ec::ok) {
    why = check_value(job);
    doubted = why.code != ec::ok && doubts(job);
  }
  const peer validator{role::validator, order.validator.value};
  if ((why.code == ec::ok || doubted) && !config_.context.net->reachable(validator)) {
    why = {ec::unreachable, to_string(validator) + " is out of reach"};
    doubted = false;
  }
  if (why.code != ec::ok && !doubted) {
    config_.context.net->send(
      config_.self, from,
      v1::job_refused{job_id_of(order), order.attempt, why.code, std::move(why.reason)});
    return;
  }
  const auto until_ms = heavy_.live_ms() + input_life_ms(heavy_.view().rules());
  content_.keep(order.input, job.input, until_ms);
  content_.keep(order.parameters, job.parameters, until_ms);
  const auto id = job_id_of(order);
  auto& open = jobs_[{id, order.attempt}];
  open.doubted = doubted;
  open.until_ms = config_.context.net->now().monotonic_ms + config_.job_timeout_ms;
  open.validator = order.validator;
  if (open.asked_by.size() < config_.askers_max)
    open.asked_by.insert(from);
  open.counted = value_.forwarded({{id, order.attempt}, order.validator},
                                  heavy_.view().find(order.session)->user,
                                  ledger::value_at_risk(order, price_of(order, order.units_max))) ||
                 open.counted;
  config_.context.reached(id, job_stage::routed);
  config_.context.net->send(config_.self, validator, job);
}

/// Who has what at risk is one Fast author's word. Now and then a job that it leaves no room for goes
/// on all the same: if its validator takes it, the author lied.
bool router_state::doubts(const v1::job_request& job) {
  const auto now = config_.context.net->now().monotonic_ms;
  auto& again = doubt_ms_[job.order.content.validator];
  if (now < again)
    return false;
  again = now + config_.doubt_ms;
  return true;
}

void router_state::taken(open_job& x) {
  if (!std::exchange(x.doubted, false))
    return;
  value_.restart();
  ++fast_author_;
  follow_leaves();
}

void router_state::return_result(const v1::job_reply& reply) {
  const auto& leaf = reply.receipt.content;
  if (auto node = jobs_.extract({leaf.job, leaf.attempt()})) {
    taken(node.mapped());
    config_.context.reached(leaf.job, job_stage::returned);
    for (const auto& to : node.mapped().asked_by)
      config_.context.net->send(config_.self, to, reply);
  }
}

void router_state::return_refusal(const v1::job_refused& refusal) {
  const auto node = jobs_.extract({refusal.job, refusal.attempt});
  if (!node)
    return;
  if (node.mapped().counted)
    value_.withdrawn({{refusal.job, refusal.attempt}, node.mapped().validator});
  for (const auto& to : node.mapped().asked_by)
    config_.context.net->send(config_.self, to, refusal);
}

void router_state::probe(const peer& from, const v1::job_probe& x) {
  auto it = jobs_.find({x.job, x.attempt});
  if (it == jobs_.end() && jobs_.size() >= config_.open_jobs_max)
    return;
  // An answer that was lost on the way to the user is asked for once more.
  if (it == jobs_.end())
    it = jobs_.emplace(std::pair{x.job, x.attempt},
                       open_job{.until_ms = config_.context.net->now().monotonic_ms +
                                            config_.job_timeout_ms,
                                .validator = x.validator}).first;
  if (it->second.asked_by.size() < config_.askers_max)
    it->second.asked_by.insert(from);
  const peer validator{role::validator, x.validator.value};
  if (config_.context.net->reachable(validator))
    config_.context.net->send(config_.self, validator, x);
  else  // its answer may still come, so the job stays open
    config_.context.net->send(config_.self, from,
                              v1::job_refused{x.job, x.attempt, ec::unreachable,
                                              to_string(validator) + " is out of reach"});
}

void router_state::return_sign(const v1::job_working& x) {
  const auto it = jobs_.find({x.job, x.attempt});
  if (it == jobs_.end())
    return;
  taken(it->second);
  for (const auto& to : it->second.asked_by)
    config_.context.net->send(config_.self, to, x);
}

void router_state::acknowledge(const v1::job_acknowledged& said) {
  config_.context.net->send(config_.self, {role::validator, said.content.validator.value}, said);
}

void router_state::return_proposal(const v1::canary_proposal& x) {
  if (const auto it = jobs_.find({x.job, x.attempt}); it != jobs_.end())
    for (const auto& to : it->second.asked_by)
      if (to.kind == role::user)
        config_.context.net->send(config_.self, to, x);
}

void router_state::serve(const peer& from, const v1::content_query& query) {
  v1::content_reply reply{.content = query.content, .code = ec::unknown_content};
  if (const auto* found = content_.find(query.content)) {
    reply.code = ec::ok;
    reply.data = *found;
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
    [&state](const peer& from, const v1::job_probe& x) { state.probe(from, x); },
    [&state](const peer&, const v1::job_working& x) { state.return_sign(x); },
    [&state](const peer&, const v1::job_acknowledged& x) { state.acknowledge(x); },
    [&state](const peer&, const v1::canary_offer& x) { state.pass_on(x); },
    [&state](const peer&, const v1::canary_proposal& x) { state.return_proposal(x); },
    [&state](const peer&, const v1::canary_consent& x) { state.pass_on(x); },
    [&state](const peer& from, const v1::content_query& x) { state.serve(from, x); },
    [&state](const peer&, const v1::input_kept& x) { state.kept(x); },
    [&state](const peer&, const v1::heavy_news& x) { state.follow(x); },
    [&state](const peer& from, const v1::snapshot_piece& x) { state.follow(from, x); },
    [&state](const peer& from, const v1::block_news& x) { state.leaf_news(from, x); },
    [&state](const v1::alarm&) { state.wake(); },
  };
}

}  // namespace datagen
