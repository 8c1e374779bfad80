// A user's Echo and pairing: when it is asked for, how it is timed, what comes of it.

#include "actors/user.hpp"

#include "actors/echo_work.hpp"

#include "protocol/job/echo.hpp"

#include <algorithm>

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

// When --------------------------------------------------------------------------------------------------

caf::typed_response_promise<v1::session_ready> user_state::echo_again() {
  auto promise = self_->make_response_promise<v1::session_ready>();
  const auto refuse = [&promise](ec code, std::string reason) {
    promise.deliver(v1::session_ready{.code = code, .reason = std::move(reason)});
  };
  if (!current_) {
    refuse(ec::not_paired, "no session is open; open one first");
  } else if (auto why = ask_echo(*current_); !why.empty()) {
    refuse(ec::busy, std::move(why));
  } else {
    auto& session = sessions_.at(*current_);
    session.promise = promise;
    session.deadline_ms =
      config_.context.net->now().monotonic_ms + config_.session_timeout_ms;
  }
  return promise;
}

/// Every further Echo is paid for before its packages go out, and none follows another at once
/// (protocol.md section 2, step 2).
std::string user_state::ask_echo(session_id id) {
  const auto it = sessions_.find(id);
  const auto now = config_.context.net->now().monotonic_ms;
  if (it == sessions_.end() || !heavy_.view().find(id))
    return "the session is closed";
  auto& session = it->second;
  if (session.asked || !session.owed.empty() || (echoes_.count(id) != 0 && !echoes_[id].over))
    return "an Echo of this session is under way";
  if (now < session.rest_until_ms)
    return "the session's next Echo may be asked for in " +
           std::to_string(session.rest_until_ms - now) + " ms";
  session.rest_until_ms = now + config_.echo_rest_ms;
  session.asked = true;
  owe(id, ledger::make_transaction(heavy_chain_, config_.key, 0, ledger::tx::ask_echo{id}));
  return {};
}

void user_state::on(const happened::echo_opened& x) {
  const auto it = sessions_.find(x.session);
  if (it == sessions_.end())
    return;
  owe(x.session, {});
  it->second.sample = x.sample.size();
  self_->delayed_send(self_, std::chrono::milliseconds{config_.echo_notice_ms},
                      v1::alarm{echo_due, x.session.value});
}

/// A first Echo, and one for a session whose validator is gone, cost nothing beforehand, unless its
/// sample has to be drawn first.
void user_state::find_another(session_id id) {
  const auto& view = heavy_.view();
  const auto session = view.find(id);
  const auto present = session && session->paired ? view.find(*session->paired) : nullptr;
  const auto active = std::count_if(view.validators.begin(), view.validators.end(), [](const auto& x) {
    return x.second.now == happened::standing::active;
  });
  const auto most = view.rules().echo_fanout_max;
  const bool drawn = most != 0 && active > static_cast<std::ptrdiff_t>(most);
  if (drawn || (present && present->now == happened::standing::active))
    sessions_.at(id).left = !ask_echo(id).empty();
  else
    start_echo(id);
}

/// Takes the round trip to the newest attempt's validator now and then, with the job itself: the
/// answer to a probe waits for no kernel.
void user_state::measure(open_job& x) {
  const auto& order = x.orders.back().content;
  auto& session = sessions_.at(order.session);
  const auto now = config_.context.net->now().monotonic_ms;
  const auto known = heavy_.view().find(order.session);
  if (session.round_trip_us == 0 || now < session.measured_ms + config_.measure_ms || !known ||
      known->paired != order.validator)
    return;
  session.measured_ms = now;
  x.ping_us = config_.context.net->now_us();
  config_.context.net->send(config_.self, config_.router,
                            v1::job_probe{job_id_of(order), order.attempt, order.validator});
}

/// Several slow ones in a row are a degraded latency (R13), a single one is not.
void user_state::measured(open_job& x) {
  const auto took = config_.context.net->now_us() - std::exchange(x.ping_us, 0);
  const auto id = x.orders.back().content.session;
  auto& session = sessions_.at(id);
  const auto limit = uint128{session.round_trip_us} * heavy_.view().rules().echo_degrade_permille;
  session.late = uint128{took} * 1'000 > limit ? session.late + 1 : 0;
  if (session.late >= config_.late_max && ask_echo(id).empty())
    session.late = 0;
}

// How ---------------------------------------------------------------------------------------------------

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
  const auto sample = sessions_[reply.session].sample;
  for (const auto& [id, known] : heavy_.view().validators)
    active += known.now == happened::standing::active ? 1 : 0;
  if (it->second.replies.size() >= (sample == 0 ? active : sample))
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
  auto& session = sessions_[x.session];
  session.paired = true;
  session.asked = session.left = false;
  session.paired_ms = config_.context.net->now().monotonic_ms;
  session.round_trip_us = x.round_trip_us;
  session.late = 0;
  owe(x.session, {});
  silent_.clear();
  ready(x.session);
  serve_again(x.session);
}

void user_state::ready(session_id id) {
  auto& session = sessions_[id];
  current_ = id;
  const auto known = heavy_.view().find(id);
  // A random pairing may be drawn before this user's own Echo is over; the answer shows both.
  if (!session.promise || session.asked || !known->paired || (session.echo.empty() && !echoes_[id].over))
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
  find_another(x.session);  // the paired validator is gone: a new Echo finds the next (R13)
}

}  // namespace datagen
