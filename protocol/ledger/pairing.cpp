#include "protocol/ledger/pairing.hpp"

#include "protocol/audit/draw.hpp"
#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/echoes.hpp"
#include "protocol/ledger/market.hpp"
#include "protocol/ledger/operators.hpp"
#include "protocol/ledger/sessions.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace datagen::protocol::ledger {

namespace {

constexpr std::size_t payees_max = 3;  // the paired validator and two stand-ins (step 3)

bool may_serve(const state& now, const session_record& session, validator_id id) {
  const auto& record = now.validators->at(id);
  return record.active() && record.ask <= std::min(session.bid, range_of(now).high);
}

/// Correct answers of validators that may serve, fastest first. A wrong answer never wins.
std::vector<tx::echo_entry> candidates(const state& now, const session_record& session,
                                       const tx::echo_report& x) {
  std::vector<tx::echo_entry> result;
  for (const auto& entry : x.best)
    if (entry.correct && may_serve(now, session, entry.validator))
      result.push_back(entry);
  return result;
}

std::vector<candidate> stake_candidates(const state& now, const session_record& session) {
  std::vector<candidate> result;
  for (const auto& [id, record] : *now.validators)
    if (may_serve(now, session, id))
      result.push_back({id, operator_account(record.operator_id), record.stake});
  return result;
}

/// What the report still has to pay: nothing where the Echo was asked for, or is excused.
amount cost_of(const rulebook& rules, const state& now, const session_record& session,
               const tx::echo_report& x) {
  return session.echo || excused(rules, now, session, x) ? amount{}
                                                         : echo_cost(now, session, x.entries);
}

/// Where not all validators may be asked, those that were drawn answer, and nobody else.
ruling<echo_check> check_sample(const state& now, const session_record& session,
                                const tx::echo_report& x) {
  const bool drawn = session.echo && session.echo->request != 0;
  if (!drawn && !needs_sample(now))
    return {};
  if (!drawn || session.echo->sample.empty())
    return {echo_check::no_sample, "more than " + std::to_string(now.params().echo_fanout_max) +
                                     " validators are active: ask for the Echo and its sample first"};
  const auto& sample = session.echo->sample;
  for (const auto& entry : x.best)
    if (!std::binary_search(sample.begin(), sample.end(), entry.validator))
      return {echo_check::not_in_sample,
              "validator " + std::to_string(entry.validator.value) + " is not in the sample"};
  return {};
}

ruling<echo_check> check_entries(const rulebook& rules, const state& now,
                                 const tx::echo_report& x) {
  if (x.best.empty())
    return {echo_check::no_entries, "the report shows no answer"};
  if (x.best.size() > now.params().echo_best_entries || x.best.size() > x.entries ||
      x.entries > now.validators->size())
    return {echo_check::too_many_entries,
            std::to_string(x.best.size()) + " of " + std::to_string(x.entries) +
              " entries: at most " + std::to_string(now.params().echo_best_entries) + " of " +
              std::to_string(now.validators->size())};
  std::set<validator_id> seen;
  for (std::size_t i = 0; i < x.best.size(); ++i) {
    const auto& entry = x.best[i];
    const auto name = "validator " + std::to_string(entry.validator.value);
    const auto* record = find_validator(now, entry.validator);
    if (record == nullptr)
      return {echo_check::unknown_validator, name + " is not registered"};
    if (!seen.insert(entry.validator).second)
      return {echo_check::repeated_validator, name + " answers twice"};
    if (i > 0 && entry.round_trip_us < x.best[i - 1].round_trip_us)
      return {echo_check::unsorted, name + " is faster than the entry before it"};
    if (!rules.signatures->check(
          record->key,
          echo_statement(rules.chain, x.session, x.package, entry.validator, entry.result),
          entry.by))
      return {echo_check::bad_signature, name + " did not sign this answer"};
  }
  return {};
}

/// Moves only when the best is better than the present one by the hysteresis (step 3).
void keep_present(const parameters& p, const session_record& session,
                  std::vector<tx::echo_entry>& best) {
  const auto present = std::find_if(best.begin(), best.end(), [&session](const auto& entry) {
    return session.paired == entry.validator;
  });
  if (present == best.end())
    return;
  const uint128 best_scaled = uint128{best.front().round_trip_us} * 1'000;
  const uint128 needed = uint128{present->round_trip_us} * (1'000 - p.echo_hysteresis_permille);
  if (best_scaled > needed)
    std::rotate(best.begin(), present, present + 1);
}

/// Where `x` offers validators of operators that are none of the payees', only those: what takes one
/// host of an operator away often takes all of them, its stand-in too.
template <class Offer, class Operator>
std::vector<Offer> of_others(const std::vector<Offer>& x, const std::set<account_id>& payees,
                             Operator operated_by) {
  std::vector<Offer> result;
  std::copy_if(x.begin(), x.end(), std::back_inserter(result),
               [&](const Offer& offer) { return !payees.contains(operated_by(offer)); });
  return result.empty() ? x : result;
}

void pair_by_latency(block_scope& b, const tx::echo_report& x) {
  const auto& session = b.now.sessions->all.at(x.session);
  auto best = candidates(b.now, session, x);
  keep_present(b.params(), session, best);
  const auto round_trip_us = best.front().round_trip_us;
  const auto operated_by = [&b](const tx::echo_entry& entry) {
    return operator_account(b.now.validators->at(entry.validator).operator_id);
  };
  std::vector<validator_id> payees;
  std::set<account_id> operators;
  while (!best.empty() && payees.size() < payees_max) {
    const auto next = of_others(best, operators, operated_by).front();
    payees.push_back(next.validator);
    operators.insert(operated_by(next));
    std::erase_if(best, [&](const auto& entry) { return entry.validator == next.validator; });
  }
  pair_session(b, x.session, payees, round_trip_us);
}

void wait_for_draw(block_scope& b, const account_id& user, session_id id) {
  auto& sections = b.now.sessions.edit();
  sections.all.at(id).waiting = true;
  sections.waiting[b.height()].insert(id);
  sections.echoing[user] = id;
  b.now.accounts.edit()[user].random_epoch = b.live_ms() / b.params().epoch_ms + 1;
  b.wants_beacon = true;
}

}  // namespace

ruling<echo_check> check(const rulebook& rules, const state& now, const account_id& sender,
                         const tx::echo_report& x) {
  const auto* session = find_session(now, x.session);
  if (session == nullptr)
    return {echo_check::unknown_session, "no session " + std::to_string(x.session.value)};
  if (session->user != sender)
    return {echo_check::not_the_user, "the session belongs to " + to_hex(session->user)};
  if (session->closed)
    return {echo_check::session_closed, "the session is closed"};
  if (const auto open = now.sessions->echoing.find(sender);
      open != now.sessions->echoing.end() && (open->second != x.session || session->waiting))
    return {echo_check::one_open,
            "the Echo of session " + std::to_string(open->second.value) + " is open"};
  if (auto refused = check_entries(rules, now, x); !refused.ok())
    return refused;
  if (auto refused = check_sample(now, *session, x); !refused.ok())
    return refused;
  const auto bid = std::to_string(session->bid);
  if (session->mode == tx::pairing_mode::latency ? candidates(now, *session, x).empty()
                                                 : stake_candidates(now, *session).empty())
    return {echo_check::nobody_eligible,
            "no active validator with a correct answer asks at most the bid of " + bid};
  const auto cost = cost_of(rules, now, *session, x);
  if (const auto free = session->free + balance_of(now, sender); cost > free)
    return {echo_check::cost, "the Echo costs " + to_text(cost) +
                                ", which exceeds free escrow and balance of " + to_text(free)};
  const auto epoch = now.clock->live_ms / now.params().epoch_ms;
  const auto known = now.accounts->find(sender);
  if (session->mode == tx::pairing_mode::random && known != now.accounts->end() &&
      known->second.random_epoch > epoch)
    return {echo_check::once_per_epoch,
            "epoch " + std::to_string(epoch) + " has seen this user's random pairing"};
  if (x.at_ms <= session->echo_at_ms)
    return {echo_check::repeated, "the report is of " + std::to_string(x.at_ms) +
                                    " ms; the session's last one is of " +
                                    std::to_string(session->echo_at_ms) + " ms"};
  return {};
}

void apply(block_scope& b, const account_id& sender, const tx::echo_report& x) {
  auto& session = b.now.sessions.edit().all.at(x.session);
  session.echo_at_ms = x.at_ms;
  if (const auto asked = session.echo) {
    const auto back = excused(b.rules, b.now, session, x) ? asked->cost : amount{};
    const auto paid = min(back, b.now.treasury->audit_fund);
    b.now.treasury.edit().audit_fund -= paid;
    session.free += paid;
    session.echo.reset();
    b.now.sessions.edit().echoing.erase(sender);
  } else {
    charge_echo(b, x.session, sender, cost_of(b.rules, b.now, session, x));
    note_first_echo(b, x.session, x.entries);
  }
  if (session.mode == tx::pairing_mode::latency)
    pair_by_latency(b, x);
  else
    wait_for_draw(b, sender, x.session);
}

void draw_pairings(block_scope& b, std::uint64_t height, const digest& beacon) {
  const auto found = b.now.sessions->waiting.find(height);
  if (found == b.now.sessions->waiting.end())
    return;
  const auto sessions = found->second;
  b.now.sessions.edit().waiting.erase(height);
  for (const auto id : sessions) {
    auto& session = b.now.sessions.edit().all.at(id);
    session.waiting = false;
    b.now.sessions.edit().echoing.erase(session.user);
    auto left = stake_candidates(b.now, session);
    std::vector<validator_id> payees;
    std::set<account_id> operators;
    auto word = beacon;
    while (payees.size() < payees_max && !session.closed) {
      const auto drawn = draw_pairing(
        word, session.user,
        of_others(left, operators, [](const candidate& x) { return x.operator_account; }));
      if (!drawn)
        break;
      payees.push_back(*drawn);
      operators.insert(operator_account(b.now.validators->at(*drawn).operator_id));
      std::erase_if(left, [drawn](const candidate& x) { return x.id == *drawn; });
      word = hash("stand-in", word);
    }
    if (!payees.empty())
      pair_session(b, id, payees, 0);
  }
}

}  // namespace datagen::protocol::ledger
