#include "protocol/fast/heavy_feed.hpp"

#include "protocol/fast/checkpoints.hpp"
#include "protocol/fast/claims.hpp"

#include <algorithm>
#include <limits>

namespace datagen::protocol::fast {

namespace {

namespace heard = ledger::happened;

std::uint64_t whole_nano(amount x) {
  constexpr uint128 most = std::numeric_limits<std::uint64_t>::max();
  return static_cast<std::uint64_t>(std::min(x.units / units_per_nano_dg, most));
}

/// One overload per event that matters here; the rest is Heavy's own business.
struct listener {
  state& now;
  const setting& rules;
  std::vector<receipt>& posted;

  void operator()(const heard::validator_admitted& x) const {
    now.validators.insert_or_assign(
      x.validator, validator_record{.key = x.key, .stake = x.stake, .stake_highest = x.stake});
  }
  void operator()(const heard::validator_changed& x) const {
    const auto found = now.validators.find(x.validator);
    if (found == now.validators.end())
      return;
    auto& known = found->second;
    known.now = x.now;
    known.stake = x.stake;
    known.stake_highest = std::max(known.stake_highest, x.stake);
  }
  void operator()(const heard::slashed& x) const {
    if (const auto found = now.validators.find(x.validator); found != now.validators.end())
      found->second.stake = x.left;
  }
  void operator()(const heard::session_opened& x) const {
    auto& known = now.sessions[x.session];
    known.user = x.user;
    known.bid = x.bid;
  }
  void operator()(const heard::paired& x) const {
    const auto session = now.sessions.find(x.session);
    if (session == now.sessions.end())
      return;
    for (const auto& [payee, reserved] : x.lanes) {
      auto& lane = session->second.lanes[payee];
      lane.limit = std::max(lane.limit, whole_nano(reserved));  // "total ever reserved" never falls
    }
  }
  void operator()(const heard::session_closed& x) const {
    // Announced again when the last lane ends; what was promised until now is still honoured.
    const auto found = now.sessions.find(x.session);
    if (found != now.sessions.end() && !found->second.closed_ms)
      found->second.closed_ms = now.heavy_live_ms;
  }
  void operator()(const heard::checkpoint_settled& x) const {
    now.settled_sequence = std::max(now.settled_sequence, x.content.sequence);
  }
  void operator()(const heard::checkpoint_drawn& x) const { apply_drawn(now, x); }
  /// Other epochs' are history here: a committee that began at an old block hears of those that
  /// died before it too, and of itself.
  void operator()(const heard::committee_ready& x) const {
    if (x.next.chain == rules.fast && x.next.epoch == now.epoch + 1)
      now.successor = x.next;
  }
  void operator()(const heard::check_requested& x) const { apply_opened(now, x.subject.content); }
  void operator()(const heard::audit_settled& x) const {
    if (x.final)
      apply_decided(now, {{x.job, x.attempt}, x.validator});
  }
  void operator()(const heard::kernel_suspended& x) const {
    now.suspended.try_emplace(x.kernel, now.heavy_live_ms);
  }
  void operator()(const heard::kernel_resumed& x) const { now.suspended.erase(x.kernel); }
  void operator()(const heard::leaf_shown& x) const {
    if (x.posted)
      posted.push_back(x.content);
  }
  void operator()(const heard::change_scheduled& x) const {
    now.params.schedule(x.height, x.params);
  }
  void operator()(const heard::claim_paid& x) const { apply_paid(now, x); }
  template <class Other>
  void operator()(const Other&) const {}
};

ruling ruling_of(ledger::follow_check x, const state& now) {
  using enum ledger::follow_check;
  const auto at = "Heavy is known up to height " + std::to_string(now.heavy.height);
  switch (x) {
    case ok:
      return {};
    case already_known:
      return {transaction_check::events_known, at};
    case gap:
      return {transaction_check::events_gap, at + ": blocks after it are missing"};
    case bad_certificate:
      return {transaction_check::events_unproven, "no quorum of Heavy authors signed the events"};
    case bad_hand_over:
      return {transaction_check::events_unproven, "the Heavy authors named another next committee"};
    case bad_proof:
      break;
  }
  return {transaction_check::events_unproven, "the events are not those of the certified state"};
}

}  // namespace

ruling follow_heavy(state& now, const setting& rules, const tx::heavy_events& x,
                    const signature_checker& signatures, std::vector<receipt>& posted) {
  const auto [verdict, blocks] =
    ledger::follow(now.heavy, x.content, signatures);
  for (const auto& block : blocks) {
    now.heavy_live_ms = block.live_ms;
    now.params.reach(block.height);
    for (const auto& event : block.events)
      std::visit(listener{now, rules, posted}, event);
  }
  now.params.reach(now.heavy.height);
  return ruling_of(verdict, now);
}

ruling check(const state& now, const setting&, const tx::heavy_events& x,
             const signature_checker& signatures) {
  auto follower = now.heavy;
  return ruling_of(ledger::follow(follower, x.content, signatures).first, now);
}

}  // namespace datagen::protocol::fast
