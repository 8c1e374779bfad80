#include "protocol/ledger/governance.hpp"

#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/supply.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

using enum vote_check;
using happened::vote_outcome;

/// The table that a further change starts from: the newest scheduled one, else the one in force.
const parameters& newest_table(const state& now) {
  const auto& scheduled = now.governance->scheduled;
  return scheduled.empty() ? now.params() : scheduled.rbegin()->second;
}

/// `p` with the rows of `x`. @pre every row was checked
parameters changed(parameters p, const tx::parameter_change& x) {
  for (const auto& [name, value] : x.rows)
    invariant(assign(p, name, value) == assign_check::ok, "a change's rows were checked");
  return p;
}

ruling<vote_check> check_content(const state&, const tx::emission_split& x) {
  if (std::uint32_t{x.reward_percent} + x.burn_percent != 100)
    return {percentages, std::to_string(x.reward_percent) + " % to the reward pool and " +
                           std::to_string(x.burn_percent) + " % burned do not sum to 100"};
  return {};
}

ruling<vote_check> check_content(const state& now, const tx::parameter_change& x) {
  if (x.rows.empty() || x.rows.size() > changed_rows_max)
    return {bad_row, std::to_string(x.rows.size()) + " rows: a change has 1 to " +
                       std::to_string(changed_rows_max)};
  if (x.delay_blocks == 0 || x.delay_blocks > activation_delay_max)
    return {bad_delay, "a change holds 1 to " + std::to_string(activation_delay_max) +
                         " blocks after its count, not " + std::to_string(x.delay_blocks)};
  auto table = newest_table(now);
  for (const auto& [name, value] : x.rows) {
    if (fixed_by_genesis(name))
      return {fixed_row, name + " is fixed by genesis"};
    if (assign(table, name, value) != assign_check::ok)
      return {bad_row, "'" + value + "' is no value for a row '" + name + "'"};
  }
  if (const auto why = protocol::check(table); why != parameter_check::ok)
    return {breaks_gate, explain(table, why)};
  return {};
}

/// Rules about every lock.
ruling<vote_check> check_lock(const state& now, const account_id& sender, amount lock) {
  if (lock < now.params().vote_join_lock)
    return {lock_too_small,
            "a lock of " + to_text(lock) + " is below " + to_text(now.params().vote_join_lock)};
  if (const auto free = spendable(now, sender); lock > free)
    return {insufficient_funds,
            "a lock of " + to_text(lock) + " exceeds the free balance less the fee, " +
              to_text(free)};
  return {};
}

/// The draft with the least behind it, the newest among equals. @pre there is one
std::uint64_t smallest_draft(const state& now) {
  const auto& drafts = now.governance->drafts;
  auto result = drafts.begin();
  for (auto x = drafts.begin(); x != drafts.end(); ++x)
    if (x->second.pooled <= result->second.pooled)
      result = x;
  return result->first;
}

void add_support(block_scope& b, std::uint64_t number, const account_id& sender, amount lock) {
  debit(b, sender, lock);
  auto& draft = b.now.governance.edit().drafts.at(number);
  draft.supporters[sender] += lock;
  draft.pooled += lock;
  b.announce(happened::proposal_supported{number, sender, lock, draft.pooled});
}

/// Every lock goes back to its owner, whatever came out.
void end(block_scope& b, std::uint64_t number, const proposal_record& x, vote_outcome outcome,
         amount quorum) {
  for (const auto& [who, lock] : x.supporters)
    credit(b, who, lock);
  for (const auto& [who, cast] : x.ballots)
    credit(b, who, cast.lock);
  b.announce(happened::proposal_ended{number, outcome, x.yes, x.no, quorum});
}

void lapse(block_scope& b, std::uint64_t number) {
  const auto draft = b.now.governance.edit().drafts.extract(number);
  end(b, number, draft.mapped(), vote_outcome::lapsed, {});
}

/// Opens the oldest draft whose pool is full, unless a proposal is open.
void open_next(block_scope& b) {
  const auto& section = *b.now.governance;
  if (section.open)
    return;
  const auto full = std::find_if(section.drafts.begin(), section.drafts.end(), [&](const auto& x) {
    return x.second.pooled >= b.params().vote_open_lock;
  });
  if (full == section.drafts.end())
    return;
  const auto number = full->first;
  auto& edited = b.now.governance.edit();
  edited.open = {number, edited.drafts.extract(number).mapped()};
  auto& opened = edited.open->second;
  opened.end_ms = opened.start_ms + b.params().vote_length_ms;
  b.announce(happened::proposal_opened{number, opened.start_ms, opened.end_ms});
}

void put_into_force(block_scope& b, const tx::emission_split& x) {
  b.now.governance.edit().split = x;
}

/// A table that other passed changes have made impossible is dropped: the status quo stays.
void put_into_force(block_scope& b, const tx::parameter_change& x) {
  const auto table = changed(newest_table(b.now), x);
  if (protocol::check(table) != parameter_check::ok)
    return;
  auto& scheduled = b.now.governance.edit().scheduled;
  const auto newest = scheduled.empty() ? b.height() : scheduled.rbegin()->first;
  const auto height = std::max(newest, b.height() + x.delay_blocks);
  scheduled[height] = table;
  b.announce(happened::change_scheduled{height, table});
}

void count(block_scope& b) {
  const auto [number, ended] = *std::exchange(b.now.governance.edit().open, std::nullopt);
  auto held = circulating(supply_of(b.now));
  held += ended.pooled + ended.yes + ended.no;  // locked still, though no longer in the state
  const auto quorum = share(held, b.params().vote_quorum_permille);
  const auto outcome = outcome_of(ended.yes, ended.no, quorum);
  end(b, number, ended, outcome, quorum);
  if (outcome == vote_outcome::passed)
    std::visit([&b](const auto& x) { put_into_force(b, x); }, ended.content);
}

}  // namespace

happened::vote_outcome outcome_of(amount yes, amount no, amount quorum) {
  if (yes + no < quorum)
    return vote_outcome::no_quorum;
  return yes > no ? vote_outcome::passed : vote_outcome::rejected;
}

ruling<vote_check> check(const rulebook&, const state& now, const account_id& sender,
                         const tx::propose& x) {
  auto refused = std::visit([&now](const auto& y) { return check_content(now, y); }, x.content);
  if (!refused.ok())
    return refused;
  const auto& p = now.params();
  const auto live = now.clock->live_ms;
  if (x.start_ms < live + p.vote_start_min_ms)
    return {starts_too_early, "a vote that starts at " + std::to_string(x.start_ms) +
                                " ms is less than " + std::to_string(p.vote_start_min_ms) +
                                " ms ahead of " + std::to_string(live)};
  if (x.start_ms > live + p.vote_start_max_ms)
    return {starts_too_late, "a vote that starts at " + std::to_string(x.start_ms) +
                               " ms is more than " + std::to_string(p.vote_start_max_ms) +
                               " ms ahead of " + std::to_string(live)};
  if (auto small = check_lock(now, sender, x.lock); !small.ok())
    return small;
  const auto& drafts = now.governance->drafts;
  if (drafts.size() >= drafts_max && drafts.at(smallest_draft(now)).pooled >= x.lock)
    return {drafts_full, std::to_string(drafts_max) + " drafts have " +
                           to_text(drafts.at(smallest_draft(now)).pooled) +
                           " or more behind them: lock more, or support one"};
  return {};
}

ruling<vote_check> check(const rulebook&, const state& now, const account_id& sender,
                         const tx::support& x) {
  const auto found = now.governance->drafts.find(x.proposal);
  if (found == now.governance->drafts.end())
    return {unknown_proposal, "no draft " + std::to_string(x.proposal) + " gathers its pool"};
  const auto& supporters = found->second.supporters;
  if (supporters.size() >= supporters_max && !supporters.contains(sender))
    return {too_many_supporters, "the draft has " + std::to_string(supporters_max) + " supporters"};
  return check_lock(now, sender, x.lock);
}

ruling<vote_check> check(const rulebook&, const state& now, const account_id& sender,
                         const tx::vote& x) {
  const auto& open = now.governance->open;
  if (!open || open->first != x.proposal)
    return {unknown_proposal, "proposal " + std::to_string(x.proposal) + " is not open"};
  const auto& [content, start_ms, end_ms, supporters, ballots, pooled, yes, no] = open->second;
  const auto live = now.clock->live_ms;
  if (live < start_ms)
    return {not_started, "the vote starts at " + std::to_string(start_ms) + " ms, now are " +
                           std::to_string(live)};
  if (live >= end_ms)
    return {over, "the vote ended at " + std::to_string(end_ms) + " ms"};
  if (ballots.contains(sender))
    return {already_voted, "the sender has voted"};
  return check_lock(now, sender, x.lock);
}

void apply(block_scope& b, const account_id& sender, const tx::propose& x) {
  if (b.now.governance->drafts.size() >= drafts_max)
    lapse(b, smallest_draft(b.now));
  auto& section = b.now.governance.edit();
  const auto number = ++section.drafted;
  section.drafts[number] = {.content = x.content, .start_ms = x.start_ms};
  b.announce(happened::proposal_drafted{number, sender, x.content, x.start_ms});
  add_support(b, number, sender, x.lock);
  open_next(b);
}

void apply(block_scope& b, const account_id& sender, const tx::support& x) {
  add_support(b, x.proposal, sender, x.lock);
  open_next(b);
}

void apply(block_scope& b, const account_id& sender, const tx::vote& x) {
  debit(b, sender, x.lock);
  auto& open = b.now.governance.edit().open->second;
  open.ballots[sender] = {x.yes, x.lock};
  (x.yes ? open.yes : open.no) += x.lock;
  b.announce(happened::vote_cast{x.proposal, sender, x.yes, x.lock});
}

void activate_parameters(block_scope& b) {
  const auto& scheduled = b.now.governance->scheduled;
  if (scheduled.empty() || scheduled.begin()->first > b.height())
    return;
  auto& section = b.now.governance.edit();
  section.params = section.scheduled.extract(section.scheduled.begin()).mapped();
}

void run_votes(block_scope& b) {
  if (const auto& open = b.now.governance->open; open && open->second.end_ms <= b.live_ms())
    count(b);
  std::vector<std::uint64_t> late;  // a vote is announced `vote_start_min_ms` before it starts
  for (const auto& [number, draft] : b.now.governance->drafts)
    if (draft.start_ms < b.live_ms() + b.params().vote_start_min_ms)
      late.push_back(number);
  for (const auto number : late)
    lapse(b, number);
  open_next(b);
}

proposals_in_sight proposals_of(const governance_section& now) {
  const auto bare = [](const proposal_record& x) {
    return proposal_record{.content = x.content,
                           .start_ms = x.start_ms,
                           .end_ms = x.end_ms,
                           .supporters = {},
                           .ballots = {},
                           .pooled = x.pooled,
                           .yes = x.yes,
                           .no = x.no};
  };
  proposals_in_sight result;
  for (const auto& [number, x] : now.drafts)
    result.drafts[number] = bare(x);
  if (now.open)
    result.open = {now.open->first, bare(now.open->second)};
  return result;
}

}  // namespace datagen::protocol::ledger
