#include "actors/user.hpp"

#include "actors/echo_work.hpp"

#include "protocol/job/echo.hpp"

#include <algorithm>

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
  wake({tick, 0});
}

// Session and Echo ---------------------------------------------------------------------------------

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
  }
}

void user_state::on(const happened::session_opened& x) {
  if (sessions_.count(x.session) == 0)
    return;
  owe(x.session, {});
  start_echo(x.session);
}

void user_state::start_echo(session_id id) {
  auto& echo = echoes_[id] = open_echo{
    .package = {heavy_chain_, id, config_.context.entropy()}};
  // The truth first, so that computing it does not delay the timing of the answers.
  self_->request(config_.worker, caf::infinite, echo_job(echo.package))
    .then([this, id](const v1::kernel_done& done) {
      auto& open = echoes_[id];
      open.truth = echo_result(done);
      open.sent_us = config_.context.net->now_us();
      config_.context.net->send(config_.self, config_.router, open.package);
      self_->delayed_send(self_, std::chrono::milliseconds{config_.echo_wait_ms},
                          v1::alarm{echo_over, id.value});
    });
}

void user_state::time_echo(const v1::echo_reply& reply) {
  const auto it = echoes_.find(reply.session);
  if (it == echoes_.end() || it->second.over || reply.package != echo_digest(it->second.package))
    return;
  const auto round_trip = config_.context.net->now_us() - it->second.sent_us;
  it->second.replies.emplace(reply.validator, std::pair{round_trip, reply});
  std::size_t active = 0;
  for (const auto& [id, known] : heavy_.view().validators)
    active += known.now == happened::standing::active ? 1 : 0;
  if (it->second.replies.size() >= active)
    report_echo(reply.session);
}

void user_state::report_echo(session_id id) {
  auto& echo = echoes_[id];
  if (std::exchange(echo.over, true))
    return;
  std::vector<ledger::tx::echo_entry> entries;
  for (const auto& [validator, timed] : echo.replies) {
    const auto& [round_trip, reply] = timed;
    const auto known = heavy_.view().find(validator);
    if (known && config_.context.signatures->check(
                   known->key,
                   ledger::echo_statement(heavy_chain_, id, reply.package, validator, reply.result),
                   reply.by))
      entries.push_back({validator, round_trip, reply.result == echo.truth, reply.result, reply.by});
  }
  auto& lines = sessions_[id].echo;
  lines.clear();
  for (const auto& x : entries)
    lines.push_back({x.validator, x.round_trip_us, true, x.correct});
  std::sort(lines.begin(), lines.end(),
            [](const auto& a, const auto& b) { return a.round_trip_us < b.round_trip_us; });
  for (const auto& [validator, known] : heavy_.view().validators)
    if (echo.replies.count(validator) == 0)
      lines.push_back({validator, 0, false, false});
  if (entries.empty())
    return fail_session(id, ec::timed_out, "no validator answered the Echo");
  auto report = make_echo_report({heavy_chain_, id, echo.package.nonce},
                                 config_.context.net->now().unix_ms, std::move(entries),
                                 heavy_.view().rules().echo_best_entries);
  const auto root = report.entries_root;
  const auto nearest = report.best.front().validator.value;
  owe(id, ledger::make_transaction(heavy_chain_, config_.key, 0, std::move(report)));
  config_.context.net->send(
    config_.self, {role::fast_author, nearest},
    v1::submit_transaction{encode(fast::transaction{fast::tx::echo_root{
      id, root, sign(config_.key, fast::echo_root_statement(heavy_chain_, id, root))}})});
}

void user_state::on(const happened::paired& x) {
  if (sessions_.count(x.session) == 0)
    return;
  sessions_[x.session].paired = true;
  owe(x.session, {});
  silent_.clear();
  ready(x.session);
}

void user_state::ready(session_id id) {
  auto& session = sessions_[id];
  current_ = id;
  const auto known = heavy_.view().find(id);
  // A random pairing may be drawn before this user's own Echo is over; the answer shows both.
  if (!session.promise || !known->paired || (session.echo.empty() && !echoes_[id].over))
    return;
  session.promise->deliver(
    v1::session_ready{.session = id, .validator = *known->paired, .echo = session.echo});
  session.promise.reset();
}

void user_state::on(const happened::unpaired& x) {
  const auto it = sessions_.find(x.session);
  if (it == sessions_.end())
    return;
  it->second.paired = false;
  start_echo(x.session);  // the paired validator is gone: a new Echo finds the next (R13)
}

void user_state::fail_session(session_id id, ec code, std::string reason) {
  auto& session = sessions_[id];
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
  // Sent twice, it is refused by whoever has executed it already: then news will tell.
  if (sessions_.at(id).owed_tries > 1)
    return;
  fail_session(id, ec::refused_by_chain, done.outcome.reason);
  owe(id, {});
}

// Time ---------------------------------------------------------------------------------------------------

void user_state::follow(const v1::heavy_news& news) {
  for (const auto& block : heavy_.take(news))
    for (const auto& what : block.events) {
      supply_.hear(what);
      std::visit([this](const auto& x) { on(x); }, what);
    }
}

void user_state::wake(const v1::alarm& alarm) {
  if (alarm.what == echo_over) {
    report_echo({alarm.subject});
    ready({alarm.subject});
    return;
  }
  heavy_.wake();
  supply_.wake(heavy_);
  duties_.wake(heavy_);
  const auto now = config_.context.net->now().monotonic_ms;
  watch_sessions(now);
  for (auto it = jobs_.begin(); it != jobs_.end();) {
    if (it->second.deadline_ms > now) {
      ++it;
      continue;
    }
    it->second.promise.deliver(v1::job_outcome{
      .code = ec::timed_out, .reason = "no answer within " + std::to_string(config_.job_timeout_ms) + " ms"});
    it = jobs_.erase(it);
  }
  watch_jobs();
  self_->delayed_send(self_, std::chrono::seconds{1}, v1::alarm{tick, 0});
}

user_actor::behavior_type user(user_actor::stateful_pointer<user_state> self, user_config config) {
  auto& state = self->state;
  state.start(std::move(config));
  return {
    [&state](const v1::session_wish& x) { return state.open(x); },
    [&state](const v1::job_wish& x) { return state.submit(x); },
    [&state](const peer&, const v1::echo_reply& x) { state.time_echo(x); },
    [&state](const peer&, const v1::job_reply& x) { state.receive(x); },
    [&state](const peer&, const v1::job_refused& x) { state.refused(x); },
    [&state](const peer&, const v1::job_working& x) { state.working(x); },
    [&state](const peer&, const v1::input_kept& x) { state.kept(x); },
    [&state](const peer&, const v1::heavy_news& x) { state.follow(x); },
    [&state](const peer&, const v1::transaction_done& x) { state.told(x); },
    [&state](const v1::alarm& x) { state.wake(x); },
  };
}

}  // namespace datagen
