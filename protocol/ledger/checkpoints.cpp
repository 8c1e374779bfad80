#include "protocol/ledger/checkpoints.hpp"

#include "protocol/job/placed_leaf.hpp"
#include "protocol/audit/draw.hpp"
#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/canaries.hpp"
#include "protocol/ledger/effects.hpp"
#include "protocol/ledger/stages.hpp"
#include "protocol/ledger/staking.hpp"
#include "protocol/ledger/succession.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

checkpoint_record& edit(block_scope& b, std::uint64_t sequence) {
  return b.now.checkpoints.edit().recent.at(sequence);
}

/// Once everything drawn of checkpoint `sequence` is opened, its claim epoch waits for one less: the
/// audits keep back their own validators' claims only.
void note_if_known(block_scope& b, std::uint64_t sequence) {
  auto& section = b.now.checkpoints.edit();
  const auto& record = section.recent.at(sequence);
  if (!record.known())
    return;
  auto& epoch = section.epochs.at(record.content.claim_epoch);
  invariant(epoch.checkpoints_open > 0, "a checkpoint becomes known once");
  --epoch.checkpoints_open;
}

void fine_signers(block_scope& b, std::uint64_t sequence) {
  auto& record = edit(b, sequence);
  record.fined = true;
  for (const auto id : record.signers) {
    auto& validator = b.now.validators.edit().at(id);
    const auto fine = min(b.params().unopened_fine, validator.stake);
    if (fine == amount{})
      continue;
    validator.stake -= fine;
    validator.slashed += fine;
    b.now.treasury.edit().audit_fund += fine;
    b.announce(happened::slashed{id, fine, validator.stake, "unopened", false});
  }
}

/// A committee ends with the block that names the successor Heavy has made ready for it.
bool hands_over_rightly(const tx::checkpoint& x, const chain_committees& fast) {
  return fast.next && fast.next->ready_height &&
         x.proof.statement.next_committee == digest_of(fast.next->next);
}

bool is_drawn_index(const checkpoint_record& record, std::uint32_t index) {
  return std::binary_search(record.drawn.begin(), record.drawn.end(), index);
}

/// Of a validator on probation every leaf is audited (section 4): what the draw leaves out may be
/// opened too, and must be before it is paid.
bool may_volunteer(const state& now, const checkpoint_record& record, validator_id id) {
  const auto* validator = find_validator(now, id);
  const auto epoch = record.content.claim_epoch;
  return record.beacon && validator != nullptr && must_prove(*validator, epoch) &&
         now.checkpoints->epochs.contains(epoch);
}

void pay_opening(block_scope& b, const account_id& sender) {
  if (sender == account_id{})
    return;
  const auto fee = min(b.params().opening_fee, b.now.treasury->audit_fund);
  b.now.treasury.edit().audit_fund -= fee;
  credit(b, sender, fee);
}

amount prepaid_checks(const parameters& p, const leaf& x) {
  return {check_fee(p, x).units * p.checkers};
}

/// The validator on probation prepays.
void volunteer(block_scope& b, const tx::open_leaf& x) {
  const auto& content = x.content.content;
  const auto cost = prepaid_checks(b.params(), content);
  debit(b, b.now.validators->at(content.validator()).key, cost);
  b.now.treasury.edit().audit_fund += cost;
  edit(b, x.checkpoint).volunteered.insert(x.index);
}

/// The epoch remembers which checkpoints hold its leaves, in one root.
void note_checkpoint(epoch_record& epoch, const tx::checkpoint_content& x) {
  if (epoch.history.size() == 0)
    epoch.first_checkpoint = x.sequence;
  epoch.history.append(merkle_leaf(digest_of(x).view()));
}

void forget_closed(block_scope& b) {
  const auto& section = *b.now.checkpoints;
  std::vector<std::uint64_t> old;
  for (const auto& [sequence, record] : section.recent) {
    if (sequence + closed_checkpoints_kept >= section.last)
      break;
    if (record.closed())
      old.push_back(sequence);
  }
  for (const auto sequence : old)
    b.now.checkpoints.edit().recent.erase(sequence);
}

}  // namespace

ruling<checkpoint_check> check(const rulebook& rules, const state& now, const tx::checkpoint& x) {
  const auto& section = *now.checkpoints;
  const auto& content = x.content;
  if (content.sequence != section.last + 1)
    return {checkpoint_check::wrong_sequence, "checkpoint " + std::to_string(content.sequence) +
                                                " does not follow " + std::to_string(section.last)};
  if (content.leaves > checkpoint_leaves_max)
    return {checkpoint_check::too_many_leaves, std::to_string(content.leaves) +
                                                 " leaves exceed the limit of " +
                                                 std::to_string(checkpoint_leaves_max)};
  if (content.claim_epoch < section.claim_epoch ||
      (content.leaves > 0 && content.claim_epoch < section.closing_next) ||
      (content.closes && (content.closes->epoch < section.closing_next ||
                          content.closes->epoch > content.claim_epoch)))
    return {checkpoint_check::epoch_order,
            "claim epochs run and close in order: epoch " + std::to_string(content.claim_epoch) +
              " after " + std::to_string(section.claim_epoch) + ", closed below " +
              std::to_string(section.closing_next)};
  if (!merkle_verify(x.proof.statement.state_root, merkle_leaf(digest_of(content).view()), 0,
                     x.sections, x.path))
    return {checkpoint_check::bad_proof, "the content is not in the certified Fast state"};
  if (const auto why = consensus::check(x.proof, now.committees->fast.now, *rules.signatures);
      why != consensus::certificate_check::ok)
    return {checkpoint_check::bad_certificate, "the Fast committee's certificate fails rule " +
                                                 std::to_string(static_cast<int>(why))};
  if (content.last && !hands_over_rightly(x, now.committees->fast))
    return {checkpoint_check::not_its_last, "no successor, or another one, is ready"};
  return {};
}

void apply(block_scope& b, const tx::checkpoint& x) {
  auto& section = b.now.checkpoints.edit();
  const auto& content = x.content;
  section.last = content.sequence;
  section.claim_epoch = content.claim_epoch;
  section.newest = {.sequence = content.sequence,
                    .fast_height = content.fast_height,
                    .block = x.proof.statement.block,
                    .state_root = x.proof.statement.state_root,
                    .timestamp_ms = content.timestamp_ms};
  checkpoint_record record{.content = content, .height = b.height()};
  for (const auto& [author, by] : x.proof.signatures)
    record.signers.push_back({b.now.committees->fast.now.ids[author]});
  if (content.leaves == 0) {
    record.beacon = digest{};  // nothing to draw
  } else {
    ++section.epochs[content.claim_epoch].checkpoints_open;
    b.wants_beacon = true;
  }
  if (content.closes) {
    auto& closed = section.epochs[content.closes->epoch];
    closed.closes = content.closes;
    closed.signers = record.signers;
    section.closing_next = content.closes->epoch + 1;
  }
  if (const auto epoch = section.epochs.find(content.claim_epoch); epoch != section.epochs.end())
    note_checkpoint(epoch->second, content);
  section.recent.emplace(content.sequence, std::move(record));
  b.announce(happened::checkpoint_settled{content});
  if (content.last)
    seat_fast(b, section.newest);
}

void draw_checkpoints(block_scope& b, std::uint64_t height, const digest& beacon) {
  std::vector<std::uint64_t> due;
  for (const auto& [sequence, record] : b.now.checkpoints->recent)
    if (record.height == height && !record.beacon)
      due.push_back(sequence);
  for (const auto sequence : due) {
    auto& record = edit(b, sequence);
    const auto id = digest_of(record.content);
    for (std::uint32_t i = 0; i < record.content.leaves; ++i)
      if (is_drawn(beacon, id, i, b.params().audit_rate_ppm))
        record.drawn.push_back(i);
    record.beacon = beacon;
    record.unopened.insert(record.drawn.begin(), record.drawn.end());
    record.open_deadline_ms = b.live_ms() + b.params().open_deadline_ms;
    b.announce(happened::checkpoint_drawn{sequence, beacon, record.drawn});
    note_if_known(b, sequence);
  }
}

ruling<opening_check> check(const rulebook& rules, const state& now, const tx::open_leaf& x) {
  const auto found = now.checkpoints->recent.find(x.checkpoint);
  if (found == now.checkpoints->recent.end())
    return {opening_check::unknown_checkpoint, "no checkpoint " + std::to_string(x.checkpoint)};
  const auto& record = found->second;
  const auto index = "leaf " + std::to_string(x.index);
  const bool drawn = is_drawn_index(record, x.index);
  if (!drawn && !may_volunteer(now, record, x.content.content.validator()))
    return {opening_check::not_drawn, index + " is not drawn"};
  if (drawn ? !record.unopened.contains(x.index) : record.volunteered.contains(x.index))
    return {opening_check::already_open, index + " is open already"};
  const auto& content = x.content.content;
  const auto* session = find_session(now, content.session);
  if (session == nullptr)
    return {opening_check::unknown_session, "no session " + std::to_string(content.session.value)};
  const auto* validator = find_validator(now, content.validator());
  if (validator == nullptr)
    return {opening_check::unknown_validator,
            "no validator " + std::to_string(content.validator().value)};
  if (!find_placed(record.content.leaf_root, content, x.index, record.content.leaves, x.path))
    return {opening_check::bad_path, index + " does not lead to the settled root"};
  if (x.content.order.content.chain != rules.chain)
    return {opening_check::bad_receipt, "the ticket is for another chain"};
  if (const auto why = check(x.content, session->user, validator->key, *rules.signatures);
      why != receipt_check::ok)
    return {opening_check::bad_receipt,
            std::string{"the receipt does not hold: "} + to_string(why)};
  const auto cost = prepaid_checks(now.params(), content);
  if (const auto free = balance_of(now, validator->key); !drawn && cost > free)
    return {opening_check::insufficient_funds,
            "a newcomer prepays its checks: " + to_text(cost) + " exceed its balance " +
              to_text(free)};
  return {};
}

void apply(block_scope& b, const account_id& sender, const tx::open_leaf& x) {
  auto& record = edit(b, x.checkpoint);
  if (is_drawn_index(record, x.index)) {
    pay_opening(b, sender);
    record.unopened.erase(x.index);
    note_if_known(b, x.checkpoint);
  } else {
    volunteer(b, x);
  }
  const audit_key key{x.content.content.job, x.content.content.attempt()};
  if (b.now.audits->contains(key))  // a leaf that was ordered twice is audited once
    return;
  ++record.audits_open;
  const bool payable = *find_placed(record.content.leaf_root, x.content.content, x.index,
                                    record.content.leaves, x.path);
  const auto& user = b.now.sessions->all.at(x.content.content.session).user;
  open_audit(b, x, user, record.content.claim_epoch, payable);
  if (auto truth = truth_told(b.now, x.content.content, user, record.height)) {
    b.now.audits.edit().at(key).canary = truth;
    count_canary(b, x.content.content.validator());
  }
}

void close_audit_of(block_scope& b, std::uint64_t sequence) {
  auto& record = edit(b, sequence);
  invariant(record.audits_open > 0, "an audit closes once");
  --record.audits_open;
}

void run_checkpoint_deadlines(block_scope& b) {
  std::vector<std::uint64_t> late;
  for (const auto& [sequence, record] : b.now.checkpoints->recent)
    if (!record.unopened.empty() && !record.fined && record.open_deadline_ms <= b.live_ms())
      late.push_back(sequence);
  for (const auto sequence : late)
    fine_signers(b, sequence);
  std::vector<std::uint64_t> settled;
  std::vector<std::uint64_t> old;
  for (const auto& [epoch, record] : b.now.checkpoints->epochs) {
    if (record.closes && record.checkpoints_open == 0 && !record.settled_ms)
      settled.push_back(epoch);
    if (record.settled_ms && *record.settled_ms + b.params().unbonding_ms <= b.live_ms())
      old.push_back(epoch);
  }
  for (const auto epoch : settled)
    b.now.checkpoints.edit().epochs.at(epoch).settled_ms = b.live_ms();
  for (const auto epoch : old)
    b.now.checkpoints.edit().epochs.erase(epoch);
  forget_closed(b);
}

}  // namespace datagen::protocol::ledger
