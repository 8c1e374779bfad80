// What the chains say to a validator: where its leaves are, what it is paid, what it may forget.

#include "actors/validator.hpp"

#include "actors/storage/rows.hpp"

#include "protocol/fast/events.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

namespace {

constexpr std::size_t draws_kept_max = 1024;
constexpr std::size_t ends_kept_max = 64;  ///< Epochs; of older ones an author tells no block.

}  // namespace

void validator_state::leaf_news(const v1::block_news& news) {
  for (const auto& raw : news.events) {
    const auto what = decode<fast::event>(raw);
    const auto ordered = what ? std::get_if<fast::happened::leaf_ordered>(&*what) : nullptr;
    if (ordered && ordered->payable)
      mark_paid(ordered->content.session, ordered->content.sequence);
    if (!ordered || ordered->content.validator() != id_)
      continue;
    if (const auto end = ends_.find(news.epoch);
        end != ends_.end() && ordered->checkpoint > end->second)
      continue;  // void
    if (ordered->payable)
      book_.ordered(*ordered);
    const auto it = jobs_.find({ordered->content.job, ordered->content.attempt()});
    if (it == jobs_.end())
      continue;
    it->second.checkpoint = ordered->checkpoint;
    it->second.index = ordered->index;
    resolve_draw(it->first);
  }
}

void validator_state::learn(const std::vector<ledger::block_events>& news) {
  for (const auto& block : news)
    for (const auto& what : block.events) {
      supply_.hear(what);
      echo_.hear(what);
      std::visit([this](const auto& x) { on(x); }, what);
    }
}

void validator_state::follow(const peer& from, const v1::snapshot_piece& x) {
  const auto open = heavy_.take(from, x);
  if (!open.empty())
    first_checkpoint_.reset();
  learn(open);
}

void validator_state::on(const happened::checkpoint_drawn& x) {
  draws_[x.sequence] = {x.drawn.begin(), x.drawn.end()};
  if (draws_.size() > draws_kept_max)
    draws_.erase(draws_.begin());
  std::vector<job_key> waiting;
  for (const auto& [key, job] : jobs_)
    if (job.checkpoint == x.sequence)
      waiting.push_back(key);
  for (const auto& key : waiting)
    resolve_draw(key);
}

/// A leaf that was not drawn can never be audited: its value no longer counts against the cap. A
/// state tells all checkpoints of which audits are open: one of before is over.
void validator_state::resolve_draw(const job_key& key) {
  const auto& job = jobs_.at(key);
  const auto draw = draws_.find(*job.checkpoint);
  const bool bygone = first_checkpoint_ && *job.checkpoint < *first_checkpoint_;
  const bool spared = draw != draws_.end() && draw->second.count(job.index) == 0;
  if (!bygone && !spared)
    return;
  canaries_.undrawn(key);
  settle(key);
}

/// A Fast committee's checkpoints behind the one that its successor begins after count for nothing
/// (consensus.md 2.13): leaves in them are sent again.
void validator_state::on(const happened::committee_seated& x) {
  if (!x.base)
    return;
  ends_[x.now.epoch - 1] = x.base->sequence;
  if (ends_.size() > ends_kept_max)
    ends_.erase(ends_.begin());
  book_.rewound(x.base->sequence);
  for (auto& [key, job] : jobs_)
    if (job.checkpoint && *job.checkpoint > x.base->sequence) {
      job.checkpoint.reset();
      job.submitted_ms = 0;
    }
}

void validator_state::on(const happened::session_closed& x) {
  paid_.erase(x.session);
  promised_.erase(x.session);
}

void validator_state::settle(const job_key& key) {
  const auto it = jobs_.find(key);
  if (it == jobs_.end() || !it->second.reply)
    return;
  // Its user may have been out of reach all the while, and nobody else can do the job any more.
  const bool may_be_asked = !it->second.acknowledged;
  if (may_be_asked && it->second.reply->output.size() > 0)
    shelf_.keep(*it->second.reply, asked_until(it->second.reply->receipt));
  const auto now_ms = config_.context.net->now().unix_ms;
  const auto live_until_ms =
    asked_until(it->second.reply->receipt) + heavy_.view().rules().audit_grace_ms;
  const auto until_ms = now_ms + live_until_ms - std::min(live_until_ms, heavy_.live_ms());
  std::uint64_t bytes = 0;
  for (const auto* data : {content_.find(it->second.input), content_.find(it->second.parameters)})
    bytes += data ? data->size() : 0;
  const bool keep = may_be_asked && until_ms > now_ms &&
                    content_.may_stay(bytes, until_ms, now_ms, config_.content_bytes_max);
  auto batch = std::make_shared<storage::write_batch>();
  batch->receipts.push_back({.job = key.first,
                             .attempt = key.second,
                             .state = receipt_settled,
                             .body = encode(it->second.reply->receipt, it->second.reply->result)});
  batch->expire_blobs_at_ms = now_ms;
  forget(key, *batch, keep ? until_ms : 0);
  write(std::move(batch));
}

void validator_state::on(const happened::checkpoint_settled& x) {
  if (!first_checkpoint_)
    first_checkpoint_ = x.content.sequence;
  book_.settled(x.content);
}

// Jobs of closed epochs that Heavy asks for (step 9): unshown, the entry is void. --------------------

void validator_state::on(const happened::count_asked& x) {
  counts_.insert({x.epoch, x.entry, x.job});
}

void validator_state::on(const happened::count_shown& x) {
  const ledger::count_key key{x.counted.epoch, x.counted.entry_index, x.asked};
  counts_.erase(key);
  duties_.done({hash("count", key), 0, duty_kind::count, 0});
}

void validator_state::on(const happened::entry_voided& x) {
  std::erase_if(counts_, [&](const ledger::count_key& key) {
    if (key.epoch != x.epoch || key.entry != x.entry)
      return false;
    duties_.done({hash("count", key), 0, duty_kind::count, 0});
    return true;
  });
}

/// The own author knows whose entry it is, and the way to the totals.
void validator_state::ask_entries() {
  std::set<std::pair<std::uint64_t, std::uint32_t>> entries;
  for (const auto& key : counts_)
    entries.emplace(key.epoch, key.entry);
  for (const auto& [epoch, entry] : entries)
    config_.context.net->send(config_.self, {role::fast_author, id_.value},
                              v1::entry_query{epoch, entry, {}, {}});
}

void validator_state::show_job(const v1::entry_reply& reply) {
  if (!reply.entry || reply.entry->validator != id_ || reply.entry->entries.size() != 1)
    return;
  const auto first = counts_.lower_bound({reply.epoch, reply.entry->first, 0});
  for (auto it = first; it != counts_.end() && it->epoch == reply.epoch &&
                        it->entry == reply.entry->first;
       ++it)
    if (auto shown = book_.answer(*reply.entry, it->job))
      duties_.owe(heavy_, {hash("count", *it), 0, duty_kind::count, 0},
                  ledger::make_unsigned(heavy_chain_, std::move(*shown)));
}

void validator_state::claim(const v1::claims_reply& reply) {
  for (const auto& x : reply.claims)
    send_heavy(x);
}

void validator_state::send_heavy(ledger::transaction_body body) {
  config_.context.net->send(config_.self, heavy_.author(),
                            v1::submit_transaction{ledger::make_transaction(
                              heavy_chain_, config_.key, 0, std::move(body))});
}

}  // namespace datagen
