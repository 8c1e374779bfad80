#include "protocol/ledger/machine.hpp"

#include "protocol/ledger/authors.hpp"
#include "protocol/ledger/beacon.hpp"
#include "protocol/ledger/canaries.hpp"
#include "protocol/ledger/checkpoints.hpp"
#include "protocol/ledger/counts.hpp"
#include "protocol/ledger/deliveries.hpp"
#include "protocol/ledger/disputes.hpp"
#include "protocol/ledger/echoes.hpp"
#include "protocol/ledger/elections.hpp"
#include "protocol/ledger/execution.hpp"
#include "protocol/ledger/governance.hpp"
#include "protocol/ledger/kernel_doubts.hpp"
#include "protocol/ledger/market.hpp"
#include "protocol/ledger/pairing.hpp"
#include "protocol/ledger/rewards.hpp"
#include "protocol/ledger/sessions.hpp"
#include "protocol/ledger/stages.hpp"
#include "protocol/ledger/staking.hpp"
#include "protocol/ledger/succession.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

constexpr std::uint8_t snapshot_version = 6;
/// Idle intervals after which the chain counts as away and live time stands still.
constexpr std::uint64_t live_idle_intervals = 3;

rulebook checked_rulebook(const genesis& origin, const signature_checker& signatures,
                          std::shared_ptr<const coin_checker> coins) {
  const auto ruled = check(origin, coins->group());
  invariant(ruled.ok(), ruled.reason.c_str());
  return make_rulebook(origin, signatures, std::move(coins));
}

}  // namespace

ledger_machine::ledger_machine(const genesis& origin, const signature_checker& signatures,
                               std::shared_ptr<const coin_checker> coins)
  : rules_(checked_rulebook(origin, signatures, std::move(coins))),
    now_(make_state(origin)),
    root_(root_of(now_)) {}

chain::state_machine::admission ledger_machine::check(byte_view transaction) const {
  decision found;
  if (const auto x = read(transaction, found))
    found = ledger::check(rules_, now_, *x);
  return {found.code, std::move(found.reason), found.later};
}

chain::block_result ledger_machine::execute(const chain::block_input& block) {
  invariant(block.height == height() + 1, "blocks execute in order");
  invariant(block.epoch == now_.committees->heavy.now.epoch,
            "only the committee that serves orders blocks");
  chain::block_result result;
  std::vector<event> events;
  block_scope b{rules_, now_, events};
  b.wants_beacon = !now_.clock->unanswered.empty();
  advance_clock(block);
  activate_parameters(b);
  settle_what_is_due(b, block);
  run_transactions(b, block, result);
  emit(b);
  pay_rewards(b);
  run_market(b);
  run_succession(b);
  run_elections(b);
  if (b.wants_beacon) {
    request_beacon(b);
    result.beacon_requests.push_back(block.height);
  }
  result.next = end_heavy_epoch(b);
  if (result.next)
    result.beacon_requests.clear();  // no vertex of this epoch can carry a share any more
  invariant(total(supply_of(now_)) == supply_total, "supply is conserved");

  for (const auto& x : events)
    result.events.push_back(encode(x));
  result.worth_certifying =
    !events.empty() || b.wants_beacon ||
    std::any_of(result.outcomes.begin(), result.outcomes.end(),
                [](const auto& outcome) { return outcome.code == 0; });
  announced_ = {block.height, b.live_ms(), std::move(events)};
  if (!announced_.events.empty())
    now_.feed = extend_feed(now_.feed, announced_);
  root_ = root_of(now_);
  result.state_root = root_;
  return result;
}

void ledger_machine::advance_clock(const chain::block_input& block) {
  auto& clock = now_.clock.edit();
  clock.height = block.height;
  const auto passed =
    block.timestamp_ms > clock.timestamp_ms ? block.timestamp_ms - clock.timestamp_ms : 0;
  clock.timestamp_ms += passed;
  clock.live_ms += std::min(passed, live_idle_intervals * now_.params().heavy.idle_ms);
}

void ledger_machine::settle_what_is_due(block_scope& b, const chain::block_input& block) {
  for (const auto& [height, beacon] : count_shares(b, block.vertices)) {
    draw_checkpoints(b, height, beacon);
    draw_samples(b, height, beacon);
    draw_pairings(b, height, beacon);
    draw_stages(b, height, beacon);
    draw_committees(b, height, beacon);
  }
  run_audit_deadlines(b);
  run_dispute_deadlines(b);
  run_delivery_deadlines(b);
  resume_kernels(b);
  run_count_deadlines(b);
  run_canary_deadlines(b);
  run_checkpoint_deadlines(b);
  run_session_deadlines(b);
  run_echo_deadlines(b);
  release_lanes(b);
  release_stakes(b);
  release_authors(b);
  run_votes(b);
}

void ledger_machine::run_transactions(block_scope& b, const chain::block_input& block,
                                      chain::block_result& result) {
  std::set<digest> seen;
  for (const auto& vertex : block.vertices) {
    for (const auto& data : vertex->body.transactions) {
      chain::transaction_outcome outcome{.transaction = sha256(data)};
      decision found;
      const auto x = read(data, found);
      if (!seen.insert(outcome.transaction).second)
        found = {static_cast<std::uint16_t>(envelope_check::duplicate),
                 "executed earlier in this block"};
      else if (x)
        found = ledger::check(rules_, now_, *x);
      if (found.code == 0)
        apply(b, *x);
      outcome.code = found.code;
      outcome.reason = std::move(found.reason);
      result.outcomes.push_back(std::move(outcome));
    }
  }
}

bytes ledger_machine::snapshot() const { return encode(snapshot_version, now_); }

std::optional<state> read_snapshot(byte_view data, const digest& genesis) {
  if (data.empty() || data[0] != snapshot_version)
    return std::nullopt;
  auto found = decode<state>(data.subspan(1));
  if (!found || found->clock->genesis != genesis || !adds_up(*found))
    return std::nullopt;
  return found;
}

digest root_of(const state& x) { return merkle_root(section_leaves(x)); }

bool ledger_machine::restore(byte_view data) {
  auto restored = read_snapshot(data, rules_.genesis);
  if (!restored)
    return false;
  now_ = std::move(*restored);
  root_ = root_of(now_);
  announced_ = {height(), now_.clock->live_ms, {}};
  return true;
}

std::uint32_t ledger_machine::sections() const {
  return static_cast<std::uint32_t>(section_leaves(now_).size());
}

std::vector<digest> ledger_machine::feed_path() const {
  return merkle_path(section_leaves(now_), 0);
}

account ledger_machine::find_account(const account_id& id) const {
  const auto found = now_.accounts->find(id);
  return found == now_.accounts->end() ? account{} : found->second;
}

const validator_record* ledger_machine::find_validator(validator_id id) const {
  return ledger::find_validator(now_, id);
}

const session_record* ledger_machine::find_session(session_id id) const {
  return ledger::find_session(now_, id);
}

const author_record* ledger_machine::find_author(author_id id) const {
  return ledger::find_author(now_, id);
}

const checkpoint_record* ledger_machine::find_checkpoint(std::uint64_t sequence) const {
  const auto found = now_.checkpoints->recent.find(sequence);
  return found == now_.checkpoints->recent.end() ? nullptr : &found->second;
}

const audit_record* ledger_machine::find_audit(const job_id& job, std::uint8_t attempt) const {
  const auto open = now_.audits->find({job, attempt});
  if (open != now_.audits->end())
    return &open->second;
  for (const auto& [number, entry] : now_.history->entries)
    if (entry.key() == audit_key{job, attempt})
      return &entry;
  return nullptr;
}

}  // namespace datagen::protocol::ledger
