// Who takes a user's jobs at a price within its bid, and how they wait when nobody does: between an
// expulsion and the next pairing, or when an ask was raised (protocol.md section 2, step 3, and section
// 4, market).

#include "actors/user.hpp"

#include <algorithm>

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

/// Why the current session takes no jobs at all; `ec::ok` when it does, be it after some time.
job_refusal user_state::why_no_jobs() const {
  const auto it = current_ ? sessions_.find(*current_) : sessions_.end();
  if (it == sessions_.end())
    return {ec::not_paired, "no session is open; open one first"};
  if (!heavy_.view().find(it->first)) {
    if (it->second.expires_ms != 0 && heavy_.live_ms() >= it->second.expires_ms)
      return {ec::not_paired, "this key was delegated until " +
                                std::to_string(it->second.expires_ms) + " ms of live time, it is " +
                                std::to_string(heavy_.live_ms()) +
                                " ms: ask the pool for another session"};
    return {ec::not_paired, "the session is closed; open another"};
  }
  if (auto why = why_above_bid(it->first); !why.empty())
    return {ec::price_too_low, std::move(why)};
  return {};
}

/// The first attempt. @returns false when there is nobody for it
bool user_state::begin(open_job& x) {
  const auto candidates = payees(x.request.order.content.session);
  if (candidates.empty())
    return false;
  const auto first = std::find_if(candidates.begin(), candidates.end(),
                                  [this](validator_id id) { return silent_.count(id) == 0; });
  const auto chosen = first == candidates.end() ? candidates.begin() : first;
  attempt(x, *chosen, static_cast<std::uint8_t>(chosen - candidates.begin()));
  return true;
}

/// The paired validator, if there is one, and the stand-ins, in the order of attempts; whoever asks
/// more than the session bids is left out.
std::vector<validator_id> user_state::payees(session_id id) const {
  const auto session = heavy_.view().find(id);
  std::vector<validator_id> result;
  if (!session)
    return result;
  if (session->paired)
    result.push_back(*session->paired);
  result.insert(result.end(), session->stand_ins.begin(), session->stand_ins.end());
  std::erase_if(result, [&](validator_id x) { return heavy_.view().find(x)->ask > session->bid; });
  return result;
}

/// Is it paired with a validator that takes jobs, and asks no more than it bids?
bool user_state::is_served(session_id id) const {
  const auto session = heavy_.view().find(id);
  const auto paired = session && session->paired ? heavy_.view().find(*session->paired) : nullptr;
  return paired && paired->now == happened::standing::active && paired->ask <= session->bid;
}

/// Why no pairing can serve an open session: all who take jobs ask more. Empty when somebody does not.
std::string user_state::why_above_bid(session_id id) const {
  const auto session = heavy_.view().find(id);
  std::optional<std::uint64_t> lowest;
  for (const auto& [validator, known] : heavy_.view().validators)
    if (known.now == happened::standing::active)
      lowest = std::min(lowest.value_or(known.ask), known.ask);
  if (!lowest || *lowest <= session->bid)
    return {};
  return "the session bids " + std::to_string(session->bid) +
         " x 10^-9 DG per 1,000 units; the lowest ask of a validator that takes jobs is " +
         std::to_string(*lowest) + ": open a session that bids more";
}

/// An Echo, unless the session is served, or one is under way or has just been.
void user_state::seek(session_id id) {
  auto& session = sessions_.at(id);
  const auto echo = echoes_.find(id);
  const bool under_way =
    session.asked || !session.owed.empty() || (echo != echoes_.end() && !echo->second.over);
  const auto now = config_.context.net->now().monotonic_ms;
  if (is_served(id) || under_way || now < session.rest_until_ms)
    return;
  find_another(id);
  session.rest_until_ms = now + config_.echo_rest_ms;
}

void user_state::wait_for_pairing(open_job& x, job_refusal why) {
  x.unserved = std::move(why);
  seek(x.request.order.content.session);
}

/// The session has been paired: its waiting jobs go to whoever has not refused them yet.
void user_state::serve_again(session_id id) {
  for (auto it = jobs_.begin(); it != jobs_.end();) {
    auto& x = it->second;
    if (!x.unserved || x.request.order.content.session != id) {
      ++it;
      continue;
    }
    const auto why = *std::exchange(x.unserved, std::nullopt);
    if (x.orders.empty() ? begin(x) : fail_over(x)) {
      ++it;
      continue;
    }
    x.promise.deliver(v1::job_outcome{.code = why.code, .reason = why.reason});
    it = jobs_.erase(it);
  }
}

/// Looks for a pairing for every job that waits for one, and ends those for which there can be none.
void user_state::watch_unserved() {
  for (auto it = jobs_.begin(); it != jobs_.end();) {
    auto& x = it->second;
    const auto id = x.request.order.content.session;
    const bool open = heavy_.view().find(id) != nullptr;
    const auto dear = x.unserved && open ? why_above_bid(id) : std::string{};
    if (!x.unserved || (open && dear.empty())) {
      if (x.unserved)
        seek(id);
      ++it;
      continue;
    }
    x.promise.deliver(v1::job_outcome{
      .code = open ? ec::price_too_low : ec::not_paired,
      .reason = open ? dear : "the session was closed while the job waited for a validator"});
    it = jobs_.erase(it);
  }
}

/// Why a job has no answer when its time is over.
std::string user_state::why_late(const open_job& x) const {
  const auto within = " within " + std::to_string(config_.job_timeout_ms) + " ms";
  if (!x.unserved)
    return "no answer" + within;
  const auto session = sessions_.find(x.request.order.content.session);
  const auto& hindrance = session == sessions_.end() ? std::string{} : session->second.hindrance;
  return "nobody was paired with the session" + within + ": " +
         (hindrance.empty() ? x.unserved->reason : hindrance);
}

}  // namespace datagen
