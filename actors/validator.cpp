// Start, Echo and messages; jobs in validator_jobs.cpp, what the chains say in validator_chains.cpp,
// audits in validator_audits.cpp, canaries in validator_canaries.cpp.
#include "actors/validator.hpp"

#include "actors/echo_work.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

void validator_state::start(validator_config config) {
  config_ = std::move(config);
  id_ = {config_.self.index};
  heavy_chain_ = heavy_chain_id(*config_.context.chain);
  heavy_ = heavy_follower{config_.self, config_.context};
  supply_ = input_supply{{.self = config_.self,
                          .context = config_.context,
                          .find = [this](const digest& id) { return content_.find(id); }}};
  results_ = result_supply{{.self = config_.self,
                            .context = config_.context,
                            .find = [this](const job_id& job, std::uint8_t attempt) {
                              return find_result({job, attempt});
                            }}};
  duties_ = {config_.self, config_.context};
  shelf_ = answer_shelf{config_.answers_bytes_max};
  restore_canaries();
  for (auto& x : std::exchange(config_.stored, {})) {
    const auto& leaf = x.receipt.content;
    promised_[leaf.session] += leaf.fee;
    if (!x.settled) {
      restore(std::move(x));
      continue;
    }
    mark_paid(leaf.session, leaf.sequence);
    if (x.input && x.parameters)
      dormant_.emplace(job_key{leaf.job, leaf.attempt()}, std::move(x));
  }
  config_.context.net->send(config_.self, {role::fast_author, id_.value}, v1::follow_blocks{});
  wake();
}

/// A promise of the last run is an open job again.
void validator_state::restore(stored_promise x) {
  const auto& order = x.receipt.order.content;
  const auto& leaf = x.receipt.content;
  open_job job{.ticket = digest_of(order),
               .session = leaf.session,
               .value = x.settled ? 0 : ledger::value_at_risk(order, leaf.fee),
               .parameters = order.parameters,
               .input = order.input,
               .reply = v1::job_reply{.receipt = x.receipt,
                                      .salt = salt_for(config_.key.secret, leaf.job, leaf.attempt()),
                                      .result = x.result},
               .settled = x.settled};
  at_risk_.add(id_, job.user, job.value);
  if (x.input)
    content_.keep(order.input, *x.input, true);
  if (x.parameters)
    content_.keep(order.parameters, *x.parameters, true);
  jobs_.emplace(job_key{leaf.job, leaf.attempt()}, std::move(job));
}

void validator_state::mark_paid(session_id session, std::uint32_t sequence) {
  auto& paid = paid_[session];
  if (!paid.contains(sequence))
    paid.insert(sequence);
}

void validator_state::wake() {
  heavy_.wake();
  supply_.wake(heavy_);
  results_.wake(heavy_);
  duties_.wake(heavy_);
  const auto now = config_.context.net->now().monotonic_ms;
  answer_asked(now);
  ask_entries();
  watch_canaries();
  shelf_.expire(heavy_.live_ms());
  words_.expire(heavy_.live_ms());
  for (auto& [key, x] : jobs_)
    if (x.reply && !x.settled && !x.checkpoint && now >= x.submitted_ms + config_.resubmit_ms)
      submit(x);
  for (auto& [key, x] : jobs_)
    if (x.convicted && x.again == second_run::none)
      run_again(key, x);
  if (now >= claims_asked_ms_ + config_.claim_ms) {  // Heavy refuses what has not matured yet
    claims_asked_ms_ = now;
    config_.context.net->send(config_.self, {role::fast_author, id_.value}, v1::claims_query{id_});
  }
  self_->delayed_send(self_, std::chrono::seconds{1}, v1::alarm{});
}

// Echo ---------------------------------------------------------------------------------------------

void validator_state::answer_echo(const peer& from, const v1::echo_package& package) {
  const auto known = heavy_.view().find(id_);
  if (package.chain != heavy_chain_ || !known || known->now != happened::standing::active ||
      !echo_.admits(heavy_.view(), package, config_.context.net->now().monotonic_ms))
    return;
  const auto work = echo_job(package);
  self_->request(config_.worker, std::chrono::milliseconds{config_.job_timeout_ms}, work)
    .then([this, from, package](const v1::kernel_done& done) {
      if (done.code != ec::ok)
        return;
      v1::echo_reply reply{.session = package.session,
                           .package = echo_digest(package),
                           .validator = id_,
                           .result = echo_result(done)};
      reply.by = sign(config_.key, ledger::echo_statement(heavy_chain_, reply.session, reply.package,
                                                          id_, reply.result));
      config_.context.net->send(config_.self, from, std::move(reply));
    },
          [](const caf::error&) { /* no answer: the user's edge counts it as none */ });
}

validator_actor::behavior_type validator(validator_actor::stateful_pointer<validator_state> self,
                                         validator_config config) {
  auto& state = self->state;
  state.start(std::move(config));
  return {
    [&state](const peer& from, const v1::echo_package& x) { state.answer_echo(from, x); },
    [&state](const peer& from, const v1::job_request& x) { state.accept(from, x); },
    [&state](const peer& from, const v1::job_probe& x) { state.probe(from, x); },
    [&state](const peer&, const v1::job_acknowledged& x) { state.acknowledged(x); },
    [&state](const peer&, const v1::canary_offer& x) { state.offered(x); },
    [&state](const peer&, const v1::canary_consent& x) { state.agreed(x); },
    [&state](const peer& from, const v1::content_query& x) { state.serve(from, x); },
    [&state](const peer&, const v1::input_kept& x) { state.kept(x); },
    [&state](const peer&, const v1::result_kept& x) { state.kept(x); },
    [&state](const peer&, const v1::leaf_place& x) { state.show(x); },
    [&state](const peer&, const v1::heavy_news& x) { state.follow(x); },
    [&state](const peer& from, const v1::snapshot_piece& x) { state.follow(from, x); },
    [&state](const peer&, const v1::block_news& x) { state.leaf_news(x); },
    [&state](const peer&, const v1::entry_reply& x) { state.show_job(x); },
    [&state](const peer&, const v1::claims_reply& x) { state.claim(x); },
    [&state](const v1::alarm&) { state.wake(); },
  };
}

}  // namespace datagen
