#include "protocol/fast/leaves.hpp"

#include "protocol/job/placed_leaf.hpp"

#include <algorithm>
#include <limits>

namespace datagen::protocol::fast {

namespace {

using code = transaction_check;

std::string nano_text(std::uint64_t nano) { return to_text({nano * units_per_nano_dg}); }

const ordered_leaf* find_leaf(const state& now, const leaf& x) {
  const auto job = now.ordered.find(x.job);
  if (job == now.ordered.end())
    return nullptr;
  const auto found = std::ranges::find_if(job->second, [&](const ordered_leaf& known) {
    return known.attempt == x.attempt() && known.validator == x.validator();
  });
  return found == job->second.end() ? nullptr : &*found;
}

/// The rules about the two signers: session, validator, lane, and what both signed.
ruling check_signers(const state& now, const setting& rules, const receipt& x,
                     const signature_checker& signatures) {
  if (x.order.content.chain != rules.heavy)
    return {code::wrong_chain, "the ticket names another Heavy Chain"};
  const auto session = now.sessions.find(x.content.session);
  if (session == now.sessions.end())
    return {code::unknown_session, "Heavy has not announced session " +
                                     std::to_string(x.content.session.value) + " here yet"};
  if (const auto closed = session->second.closed_ms;
      closed && now.heavy_live_ms > *closed + rules.params.leaf_deadline_ms)
    return {code::session_closed, "the session closed at " + std::to_string(*closed) +
                                    " ms of Heavy live time, more than " +
                                    std::to_string(rules.params.leaf_deadline_ms) + " ms ago"};
  const auto id = x.content.validator();
  const auto validator = now.validators.find(id);
  const auto name = "validator " + std::to_string(id.value);
  if (validator == now.validators.end())
    return {code::unknown_validator, "Heavy has not announced " + name + " here yet"};
  if (validator->second.now == ledger::happened::standing::expelled)
    return {code::validator_expelled, name + " is expelled"};
  if (!session->second.lanes.contains(id))
    return {code::no_lane, "no escrow of the session is reserved for " + name + " yet"};
  const auto held = protocol::check(x, session->second.user, validator->second.key, signatures);
  if (held != receipt_check::ok)
    return {code::bad_receipt, to_string(held)};
  return {};
}

/// What was promised before a kernel version was suspended still has its deadline.
ruling check_kernel(const state& now, const setting& rules, const kernel_ref& kernel) {
  const auto found = now.suspended.find(kernel);
  if (found == now.suspended.end() ||
      now.heavy_live_ms <= found->second + rules.params.leaf_deadline_ms)
    return {};
  return {code::kernel_suspended, kernel.name + " version " + std::to_string(kernel.version) +
                                    " is suspended since " + std::to_string(found->second) +
                                    " ms of Heavy live time: its audits ended without an answer"};
}

/// Is the job new, or still remembered? @pre the session is known
ruling check_job(const state& now, const leaf& x) {
  const auto& session = now.sessions.at(x.session);
  if (session.paid.contains(x.sequence)) {
    // A later attempt is ordered unpaid as long as the paid one can still be looked up.
    if (now.ordered.contains(x.job))
      return {};
    return {code::already_paid, "job " + std::to_string(x.sequence) + " of the session is paid"};
  }
  if (!session.paid.in_window(x.sequence))
    return {code::outside_window, "sequence " + std::to_string(x.sequence) + " is not below " +
                                    std::to_string(session.paid.lowest_unpaid() + paid_window) +
                                    ": the lowest unpaid one is " +
                                    std::to_string(session.paid.lowest_unpaid()) +
                                    " and the window " + std::to_string(paid_window)};
  if (x.units > std::numeric_limits<std::uint64_t>::max() - now.total_units)
    return {code::units_exceeded,
            "the claim epoch already holds " + std::to_string(now.total_units) + " units"};
  return {};
}

bool holds(const lane& from, const leaf& x) { return x.fee <= from.limit - from.used; }

/// A pool bids for its end users, who would otherwise share its escrow with a validator at any price.
bool is_within_bid(const session_record& session, const ticket& order) {
  return order.unit_price <= session.bid;
}

/// @pre the session is known
ruling check_price(const state& now, const ticket& order) {
  const auto& session = now.sessions.at(order.session);
  if (is_within_bid(session, order))
    return {};
  return {code::price_above_bid, "the ticket pays " + std::to_string(order.unit_price) +
                                   " x 10^-9 DG per 1,000 units, the session bids at most " +
                                   std::to_string(session.bid)};
}

/// @pre session and lane are known
ruling check_lane(const state& now, const leaf& x) {
  const auto& session = now.sessions.at(x.session);
  if (session.paid.contains(x.sequence))
    return {};
  const auto& lane = session.lanes.at(x.validator());
  if (!holds(lane, x))
    return {code::lane_exceeded, "the fee is " + nano_text(x.fee) + ", the lane has " +
                                   nano_text(lane.limit - lane.used) + " left of " +
                                   nano_text(lane.limit)};
  return {};
}

/// Is there room for one more undrawn leaf: within V, and within the backlog? @pre the signers are
/// known
ruling check_room(const state& now, const receipt& x) {
  const auto& content = x.content;
  const auto& validator = now.validators.at(content.validator());
  const auto capped = ledger::check_cap(now.params.in_force, {validator.stake_highest, validator.stake},
                                        now.at_risk, content.validator(),
                                        now.sessions.at(content.session).user,
                                        ledger::value_at_risk(x.order.content, content.fee));
  if (!capped.ok())
    return {capped.code == ledger::cap_check::user_full ? code::user_share_reached
                                                        : code::value_cap_reached,
            capped.reason};
  if (now.undrawn_leaves >= undrawn_leaves_max)
    return {code::backlog_full, std::to_string(now.undrawn_leaves) +
                                  " leaves wait for Heavy's draw; at most " +
                                  std::to_string(undrawn_leaves_max) + " may"};
  return {};
}

}  // namespace

ruling check(const state& now, const setting& rules, const tx::submit_leaf& x,
             const signature_checker& signatures) {
  if (auto found = check_posted(now, rules, x.content, signatures); !found.holds())
    return found;
  if (auto price = check_price(now, x.content.order.content); !price.holds())
    return price;
  if (auto lane = check_lane(now, x.content.content); !lane.holds())
    return lane;
  return check_room(now, x.content);
}

ruling check_posted(const state& now, const setting& rules, const receipt& x,
                    const signature_checker& signatures) {
  const auto& content = x.content;
  const auto* known = find_leaf(now, content);
  if (known && known->hash == leaf_hash(content))
    return {code::already_ordered, "ordered at height " + std::to_string(known->height) +
                                     ", checkpoint " + std::to_string(known->checkpoint) +
                                     ", index " + std::to_string(known->index)};
  if (content.units > leaf_units_max)
    return {code::units_exceeded, std::to_string(content.units) + " units; a leaf has at most " +
                                    std::to_string(leaf_units_max)};
  if (auto signers = check_signers(now, rules, x, signatures); !signers.holds())
    return signers;
  if (known)
    return {code::equivocated,
            "the validator signed another leaf for this job and attempt, ordered "
            "at height " +
              std::to_string(known->height)};
  if (auto kernel = check_kernel(now, rules, x.order.content.kernel); !kernel.holds())
    return kernel;
  const auto job = now.ordered.find(content.job);
  if (job != now.ordered.end() && job->second.size() >= job_leaves_max)
    return {code::attempts_full, "the job has " + std::to_string(job_leaves_max) + " leaves"};
  return check_job(now, content);
}

happened::leaf_ordered apply(state& now, const tx::submit_leaf& x) {
  const auto& content = x.content.content;
  auto& session = now.sessions.at(content.session);
  auto& lane = session.lanes.at(content.validator());
  const bool payable = !session.paid.contains(content.sequence) && holds(lane, content) &&
                       is_within_bid(session, x.content.order.content);
  if (payable) {
    lane.used += content.fee;
    session.paid.insert(content.sequence);
    now.total_units += content.units;
  }
  const ordered_leaf place{.validator = content.validator(),
                           .attempt = content.attempt(),
                           .hash = leaf_hash(content),
                           .payable = payable,
                           .height = now.height,
                           .checkpoint = now.last_sequence + 1,
                           .index = static_cast<std::uint32_t>(now.pending.leaves.size())};
  if (payable)
    now.totals[{content.validator(), content.session}].append(ledger::tx::sum_leaf_of(
      {place.hash, place.checkpoint, place.index, content.fee, content.units}));
  now.ordered[content.job].push_back(place);
  now.pending.leaves.push_back(placed_leaf(content, payable));
  now.pending.jobs.push_back(content.job);
  now.pending.receipts.push_back(x.content);
  now.at_risk.add(content.validator(), session.user,
                  ledger::value_at_risk(x.content.order.content, content.fee));
  ++now.undrawn_leaves;
  ++now.epoch_leaves;
  now.leaf_chain = hash("fast-leaf", now.leaf_chain, place.hash, payable);
  return {.content = content,
          .payable = payable,
          .height = place.height,
          .checkpoint = place.checkpoint,
          .index = place.index};
}

bool apply_equivocation(state& now, const receipt& second) {
  const auto* first = find_leaf(now, second.content);
  invariant(first != nullptr, "equivocation needs an ordered leaf");
  const bool known = std::ranges::any_of(
    now.equivocations, [&](const equivocation& x) { return x.ordered == first->hash; });
  if (known || now.equivocations.size() >= equivocations_max)
    return false;
  now.equivocations.push_back({first->hash, second});
  now.fault_chain = hash("fast-fault", now.fault_chain, first->hash, second);
  return true;
}

leaf_status status_of(const state& now, const job_id& job, std::uint8_t attempt) {
  const auto found = now.ordered.find(job);
  if (found == now.ordered.end())
    return {};
  for (const auto& x : found->second) {
    if (x.attempt != attempt)
      continue;
    auto stage = leaf_stage::ordered;
    if (x.checkpoint <= now.settled_sequence)
      stage = leaf_stage::settled;
    else if (x.checkpoint <= now.last_sequence)
      stage = leaf_stage::checkpointed;
    return {stage, x.payable, x.height, x.checkpoint, x.index};
  }
  return {};
}

}  // namespace datagen::protocol::fast
