#include "protocol/ledger/echoes.hpp"

#include "protocol/audit/draw.hpp"
#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/operators.hpp"
#include "protocol/ledger/sessions.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

constexpr std::size_t probes_needed = 2;  // step 3: signed by two

std::vector<candidate> active_candidates(const state& now) {
  std::vector<candidate> result;
  for (const auto& [id, record] : *now.validators)
    if (record.active())
      result.push_back({id, operator_account(record.operator_id), record.stake});
  return result;
}

std::size_t active_count(const state& now) {
  return static_cast<std::size_t>(
    std::count_if(now.validators->begin(), now.validators->end(),
                  [](const auto& x) { return x.second.active(); }));
}

/// How many packages the next Echo sends.
std::size_t packages_of(const state& now) {
  return needs_sample(now) ? now.params().echo_sample : active_count(now);
}

}  // namespace

bool needs_sample(const state& now) {
  const auto most = now.params().echo_fanout_max;
  return most != 0 && active_count(now) > most;
}

amount echo_cost(const state& now, const session_record& session, std::size_t packages) {
  if (session.echoes == 0 || !session.paired || !now.validators->at(*session.paired).active())
    return {};
  return {now.params().echo_cost_per_validator.units * packages};
}

void note_first_echo(block_scope& b, session_id id, std::size_t packages) {
  auto& session = b.now.sessions.edit().all.at(id);
  if (session.echoes++ == 0)
    session.first_echo = min(
      session.deposit, amount{b.params().echo_cost_per_validator.units * packages});
}

bool excused(const rulebook& rules, const state& now, const session_record& session,
             const tx::echo_report& x) {
  if (!session.paired)
    return false;
  const auto& members = now.committees->fast.now;
  const auto statement = probe_statement(rules.chain, x.session, x.package, *session.paired);
  std::set<consensus::author_index> seen;
  for (const auto& [author, by] : x.probes)
    if (author < members.size() && members.ids[author] != session.paired->value &&
        seen.size() < probes_needed && rules.signatures->check(members.authors[author], statement, by))
      seen.insert(author);
  return seen.size() >= probes_needed;
}

void charge_echo(block_scope& b, session_id id, const account_id& sender, amount cost) {
  auto& session = b.now.sessions.edit().all.at(id);
  const auto from_escrow = min(cost, session.free);
  session.free -= from_escrow;
  if (cost > from_escrow)
    debit(b, sender, cost - from_escrow);
  b.now.treasury.edit().audit_fund += cost;
}

ruling<ask_check> check(const rulebook&, const state& now, const account_id& sender,
                        const tx::ask_echo& x) {
  const auto* session = find_session(now, x.session);
  if (session == nullptr)
    return {ask_check::unknown_session, "no session " + std::to_string(x.session.value)};
  if (session->user != sender)
    return {ask_check::not_the_user, "the session belongs to " + to_hex(session->user)};
  if (session->closed)
    return {ask_check::session_closed, "the session is closed"};
  if (const auto open = now.sessions->echoing.find(sender); open != now.sessions->echoing.end())
    return {ask_check::one_open,
            "the Echo of session " + std::to_string(open->second.value) + " is open"};
  const auto cost = echo_cost(now, *session, packages_of(now));
  if (const auto free = session->free + balance_of(now, sender); cost > free)
    return {ask_check::cost, "the Echo costs " + to_text(cost) +
                               ", which exceeds free escrow and balance of " + to_text(free)};
  return {};
}

void apply(block_scope& b, const account_id& sender, const tx::ask_echo& x) {
  const auto packages = packages_of(b.now);
  const auto cost = echo_cost(b.now, b.now.sessions->all.at(x.session), packages);
  charge_echo(b, x.session, sender, cost);
  note_first_echo(b, x.session, packages);
  auto& sections = b.now.sessions.edit();
  sections.echoing[sender] = x.session;
  auto& session = sections.all.at(x.session);
  session.echo = open_echo{.cost = cost, .until_ms = b.live_ms() + b.params().echo_window_ms};
  if (needs_sample(b.now)) {
    session.echo->request = b.height();
    b.wants_beacon = true;
  } else {
    b.announce(happened::echo_opened{x.session, {}, session.echo->until_ms});
  }
}

void draw_samples(block_scope& b, std::uint64_t height, const digest& beacon) {
  const auto echoing = b.now.sessions->echoing;
  for (const auto& [user, id] : echoing) {
    const auto& known = b.now.sessions->all.at(id).echo;
    if (!known || known->request != height || !known->sample.empty())
      continue;
    auto& echo = *b.now.sessions.edit().all.at(id).echo;
    echo.sample = draw_sample(beacon, id, active_candidates(b.now), b.params().echo_sample);
    echo.until_ms = b.live_ms() + b.params().echo_window_ms;
    b.announce(happened::echo_opened{id, echo.sample, echo.until_ms});
  }
}

void run_echo_deadlines(block_scope& b) {
  std::vector<account_id> late;
  for (const auto& [user, id] : b.now.sessions->echoing) {
    const auto& session = b.now.sessions->all.at(id);
    if (session.closed ? !session.waiting : session.echo && session.echo->until_ms <= b.live_ms())
      late.push_back(user);
  }
  for (const auto& user : late) {
    auto& sections = b.now.sessions.edit();
    sections.all.at(sections.echoing.at(user)).echo.reset();
    sections.echoing.erase(user);
  }
}

}  // namespace datagen::protocol::ledger
