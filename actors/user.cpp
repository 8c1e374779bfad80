// Sessions, time and messages; Echo and pairing in user_echo.cpp, jobs in user_jobs.cpp and
// user_payees.cpp.
#include "actors/user.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

namespace {

/// After P and the router, which have more at stake.
constexpr std::uint64_t supply_patience_ms = 2000;

}  // namespace

void user_state::start(user_config config) {
  config_ = std::move(config);
  heavy_chain_ = heavy_chain_id(*config_.context.chain);
  heavy_ = heavy_follower{config_.self, config_.context};
  content_ = content_cache{config_.content_bytes_max};
  supply_ = input_supply{{.self = config_.self,
                          .context = config_.context,
                          .find = [this](const digest& id) { return content_.find(id); },
                          .patience_ms = supply_patience_ms}};
  duties_ = {config_.self, config_.context};
  evidence_ = oldest_first<job_key, acknowledgement>{config_.evidence_max};
  wake({tick, 0});
}

// Sessions ------------------------------------------------------------------------------------------

caf::typed_response_promise<v1::session_ready> user_state::open(const v1::session_wish& wish) {
  auto promise = self_->make_response_promise<v1::session_ready>();
  const auto nonce = ++config_.nonce;
  const auto id = ledger::session_id_of(heavy_chain_, config_.key.identity, nonce);
  const auto deadline_ms = config_.context.net->now().monotonic_ms + config_.session_timeout_ms;
  sessions_.emplace(id,
                    open_session{.wish = wish, .promise = promise, .deadline_ms = deadline_ms});
  owe(id, ledger::make_transaction(heavy_chain_, config_.key, nonce,
                                   ledger::tx::open_session{wish.mode, wish.bid, wish.escrow}));
  return promise;
}

/// Replaces what the session owed before.
void user_state::owe(session_id id, bytes transaction) {
  auto& session = sessions_.at(id);
  std::erase_if(owed_, [id](const auto& x) { return x.second == id; });
  if (!transaction.empty())
    owed_[sha256(transaction)] = id;
  session.owed = std::move(transaction);
  session.owed_tries = 0;
  if (!session.owed.empty())
    send_owed(session);
}

void user_state::send_owed(open_session& x) {
  x.owed_sent_ms = config_.context.net->now().monotonic_ms;
  config_.context.net->send(config_.self, heavy_.author(x.owed_tries++),
                            v1::submit_transaction{x.owed, true});
}

void user_state::watch_sessions(std::uint64_t now_ms) {
  for (auto& [id, x] : sessions_) {
    if (x.promise && now_ms >= x.deadline_ms) {
      fail_session(id, ec::timed_out, "the session was not open and paired within " +
                                        std::to_string(config_.session_timeout_ms) + " ms");
      owe(id, {});
    }
    if (!x.owed.empty() && now_ms >= x.owed_sent_ms + config_.resend_ms)
      send_owed(x);
    if (x.left)
      x.left = !ask_echo(id).empty();
    if (x.paired && x.wish.mode == ledger::tx::pairing_mode::latency &&
        now_ms >= x.paired_ms + heavy_.view().rules().echo_period_ms)
      ask_echo(id);
  }
}

void user_state::on(const happened::session_opened& x) {
  const auto it = sessions_.find(x.session);
  if (it == sessions_.end())
    return;
  if (it->second.for_another)
    return delegated(x.session);
  owe(x.session, {});
  find_another(x.session);
}

void user_state::fail_session(session_id id, ec code, std::string reason) {
  auto& session = sessions_[id];
  session.hindrance = reason;
  if (session.promise)
    session.promise->deliver(v1::session_ready{.code = code, .reason = std::move(reason), .session = id});
  session.promise.reset();
}

void user_state::on(const happened::session_closed& x) {
  if (sessions_.count(x.session) != 0)
    owe(x.session, {});
}

void user_state::told(const v1::transaction_done& done) {
  const auto it = owed_.find(done.outcome.transaction);
  if (it == owed_.end() || done.outcome.code == 0)
    return;
  const auto id = it->second;
  sessions_.at(id).asked = false;
  // Sent twice, it is refused by whoever has executed it already: then news will tell.
  if (sessions_.at(id).owed_tries > 1)
    return;
  fail_session(id, ec::refused_by_chain, done.outcome.reason);
  owe(id, {});
}

// Time ---------------------------------------------------------------------------------------------------

void user_state::learn(const std::vector<ledger::block_events>& news) {
  for (const auto& block : news)
    for (const auto& what : block.events) {
      supply_.hear(what);
      claims_.hear(what);
      settled_.hear(what);
      leaves_.hear(what);
      deliveries_.hear(what);
      std::visit([this](const auto& x) { on(x); }, what);
    }
  show_fraud();
}

void user_state::wake(const v1::alarm& alarm) {
  if (alarm.what == echo_due)
    return start_echo({alarm.subject});
  if (alarm.what == again)
    return send_again();
  if (alarm.what == echo_over) {
    report_echo({alarm.subject});
    ready({alarm.subject});
    return;
  }
  heavy_.wake();
  supply_.wake(heavy_);
  duties_.wake(heavy_);
  content_.expire(heavy_.live_ms());
  const auto now = config_.context.net->now().monotonic_ms;
  watch_sessions(now);
  watch_claims(now);
  watch_leaves(now);
  watch_deliveries(now);
  for (auto it = jobs_.begin(); it != jobs_.end();) {
    if (it->second.deadline_ms > now) {
      ++it;
      continue;
    }
    it->second.promise.deliver(
      v1::job_outcome{.code = ec::timed_out, .reason = why_late(it->second)});
    it = jobs_.erase(it);
  }
  watch_unserved();
  watch_jobs();
  self_->delayed_send(self_, std::chrono::seconds{1}, v1::alarm{tick, 0});
}

user_actor::behavior_type user(user_actor::stateful_pointer<user_state> self, user_config config) {
  auto& state = self->state;
  state.start(std::move(config));
  return {
    [&state](const v1::session_wish& x) { return state.open(x); },
    [&state](const v1::pool_offer& x) { return state.join(x); },
    [&state](const v1::delegation_wish& x) { return state.delegate(x); },
    [&state](const v1::echo_wish&) { return state.echo_again(); },
    [&state](const v1::job_wish& x) { return state.submit(x); },
    [&state](const peer&, const v1::echo_reply& x) { state.time_echo(x); },
    [&state](const peer&, const v1::job_reply& x) { state.receive(x); },
    [&state](const peer&, const v1::job_refused& x) { state.refused(x); },
    [&state](const peer&, const v1::job_working& x) { state.working(x); },
    [&state](const peer&, const v1::canary_proposal& x) { state.proposed(x); },
    [&state](const peer&, const v1::input_kept& x) { state.kept(x); },
    [&state](const peer&, const v1::entry_reply& x) { state.entry(x); },
    [&state](const peer&, const v1::leaf_place& x) { state.place(x); },
    [&state](const peer&, const v1::result_sealed& x) { state.fetched(x); },
    [&state](const peer&, const v1::heavy_news& x) { state.follow(x); },
    [&state](const peer& from, const v1::snapshot_piece& x) { state.follow(from, x); },
    [&state](const peer&, const v1::transaction_done& x) { state.told(x); },
    [&state](const v1::alarm& x) { state.wake(x); },
  };
}

}  // namespace datagen
