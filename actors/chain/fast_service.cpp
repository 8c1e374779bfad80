#include "actors/chain/fast_service.hpp"

#include "protocol/fast/events.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

namespace {

/// One author delivers at once; the others step in one after the other.
constexpr std::uint64_t patience_ms = 300;
constexpr std::uint64_t resend_ms = 2000;
/// Who saw the deed after it was paid for asks in vain, but less and less often; so does who brings
/// a claim that is not to be paid.
constexpr std::uint32_t vain_doublings_max = 5;
/// A claim epoch is closed in the next one, open to proofs through a second, and its owners' affair
/// for a third.
constexpr std::uint64_t claims_overdue_epochs = 3;

}  // namespace

fast_service::fast_service(const peer& self, const role_context& context, const key_pair& key,
                           std::shared_ptr<fast::fast_machine> fast)
    : self_(self),
      context_(context),
      key_(key),
      heavy_chain_(heavy_chain_id(*context.chain)),
      members_(fast_roster(*context.chain)),
      fast_(std::move(fast)),
      rules_(*context.chain),
      heavy_(self, context),
      results_(context.chain->params.delivery_window_ms) {}

/// Of the block's leaves.
void fast_service::keep_receipts() {
  const auto& now = fast_->now();
  const bool made = now.checkpoint_digest != digest{};
  const auto& newest = made ? now.checkpoints.rbegin()->second.receipts : now.pending.receipts;
  for (auto x = newest.rbegin(); x != newest.rend(); ++x)
    if (!receipts_.add({x->content.job, x->content.attempt()}, *x))
      return;  // what came before it is known
}

void fast_service::executed(v1::block_news& news) {
  keep_receipts();
  auto checkpoint = fast_->checkpoint_made();
  if (!checkpoint)
    return;
  news.sections = checkpoint->sections;
  news.path = checkpoint->path;
  made_[news.height] = std::move(*checkpoint);
}

void fast_service::restored(const v1::block_news& news) {
  for (const auto& raw : news.events)
    if (const auto what = decode<fast::event>(raw))
      if (const auto x = std::get_if<fast::happened::checkpoint_made>(&*what))
        made_[news.height] = {x->content, {}, news.sections, news.path};
}

void fast_service::certified(const consensus::certificate& proof) {
  auto node = made_.extract(proof.statement.height);
  if (!node)
    return;
  auto& checkpoint = node.mapped();
  const auto sequence = checkpoint.content.sequence;
  if (sequence <= settled_)
    return;
  checkpoint.proof = proof;
  deliveries_[sequence] = {ledger::make_unsigned(heavy_chain_, std::move(checkpoint)),
                           {context_.net->now().monotonic_ms + patience(sequence)}};
  send_due();
}

std::uint64_t fast_service::patience(std::uint64_t turn) const {
  const auto size = members_.size();
  const auto own = members_.index_of(self_.index);
  return (own ? (*own + size - turn % size) % size : size) * patience_ms;
}

void fast_service::rewound(std::uint64_t height) {
  made_.erase(made_.upper_bound(height), made_.end());
  const auto kept = fast_->now().last_sequence;
  deliveries_.erase(deliveries_.upper_bound(kept), deliveries_.end());
  // The state knows less of Heavy again than the relay has forgotten: it follows once more.
  if (!heavy_.reaches(fast_->now().heavy.height))
    heavy_ = heavy_relay{self_, context_};
}

void fast_service::started_over() {
  made_.clear();
  deliveries_.clear();
  seated_.clear();
  heard_height_ = 0;  // who sat when is heard from Heavy again
  heavy_ = heavy_relay{self_, context_};
}

const happened::committee_seated* fast_service::successor_of(std::uint32_t epoch) const {
  const auto it = seated_.find(epoch);
  return it == seated_.end() ? nullptr : &it->second;
}

void fast_service::send_heavy(bytes transaction) {
  context_.net->send(self_, heavy_.author(), v1::submit_transaction{std::move(transaction)});
}

void fast_service::accuse(std::uint32_t epoch, validator_id whom, bytes proof) {
  accusations_[{epoch, whom}] = {std::move(proof), {context_.net->now().monotonic_ms}};
  send_due();
}

void fast_service::send_due() {
  for (auto& [sequence, x] : deliveries_)
    send_due(x, 0);
  for (auto& [deed, x] : accusations_)
    send_due(x, vain_doublings_max);
}

bool fast_service::attempts::take(std::uint64_t now_ms, std::uint32_t doublings_max) {
  if (next_ms > now_ms)
    return false;
  next_ms = now_ms + (resend_ms << std::min(tries++, doublings_max));
  return true;
}

void fast_service::send_due(delivery& x, std::uint32_t doublings_max) {
  if (x.when.take(context_.net->now().monotonic_ms, doublings_max))
    send_heavy(x.transaction);
}

/// Claims have their time, and a price is paid at maturity whether its validator is there or not
/// (protocol.md section 3, outcomes): what its owner has not brought, others bring.
void fast_service::claim_for_absent() {
  const auto& closed = fast_->now().closed;
  std::erase_if(overdue_, [&closed](const auto& x) { return !closed.contains(x.first); });
  const auto now = context_.net->now();
  const auto running = fast::claim_epoch_at(rules_, now.unix_ms);
  for (const auto& [epoch, entries] : closed) {
    if (running < epoch + claims_overdue_epochs)
      return;
    auto& when = overdue_.try_emplace(epoch, attempts{now.monotonic_ms + patience(epoch)})
                   .first->second;
    if (!when.take(now.monotonic_ms, vain_doublings_max))
      continue;
    for (auto& claim : fast::unpaid_claims(fast_->now(), epoch))
      send_heavy(ledger::make_transaction(heavy_chain_, key_, 0, std::move(claim)));
  }
}

void fast_service::wake() {
  heavy_.wake();
  heavy_.prune(fast_->now().heavy.height);  // also where nothing is proposed
  send_due();
  claim_for_absent();
}

void fast_service::serving(const consensus::roster& members) {
  members_ = members;
  // The one before may still say that a state on its way here is void.
  const auto oldest = members.epoch == 0 ? 0 : members.epoch - 1;
  seated_.erase(seated_.begin(), seated_.lower_bound(oldest));
  accusations_.erase(accusations_.begin(), accusations_.lower_bound({oldest, validator_id{0}}));
}

std::uint64_t fast_service::restores_from() const {
  for (const auto& [sequence, x] : fast_->now().checkpoints)  // their certificates go to Heavy
    if (sequence > fast_->now().settled_sequence)
      return x.content.fast_height;
  return chain_service::restores_from();
}

std::vector<ledger::block_events> fast_service::take(const peer&, const v1::heavy_news& news) {
  return heard(heavy_.take(news));
}

std::vector<ledger::block_events> fast_service::take(const peer& from,
                                                     const v1::snapshot_piece& x) {
  return heard(heavy_.take(from, x));
}

std::vector<ledger::block_events> fast_service::heard(std::vector<ledger::block_events> blocks) {
  heavy_.prune(fast_->now().heavy.height);
  std::erase_if(blocks, [this](const auto& x) { return x.height <= heard_height_; });
  for (const auto& block : blocks) {
    heard_height_ = block.height;
    for (const auto& what : block.events)
      hear(what);
    results_.expire(block.live_ms);
  }
  deliveries_.erase(deliveries_.begin(), deliveries_.upper_bound(settled_));
  std::erase_if(made_, [this](const auto& x) { return x.second.content.sequence <= settled_; });
  return blocks;
}

void fast_service::hear(const ledger::event& what) {
  inputs_.hear(what);
  results_.hear(what);
  if (const auto x = std::get_if<happened::checkpoint_settled>(&what)) {
    settled_ = std::max(settled_, x->content.sequence);
    settled_height_ = std::max(settled_height_, x->content.fast_height);
  }
  if (const auto x = std::get_if<happened::slashed>(&what); x && x->reason == "twins")
    std::erase_if(accusations_, [x](const auto& y) { return y.first.second == x->validator; });
  if (const auto x = std::get_if<happened::committee_seated>(&what);
      x && x->base && x->now.epoch >= members_.epoch)
    seated_[x->now.epoch - 1] = *x;
}

void fast_service::before_proposal(mempool& pool, std::uint64_t now_ms) {
  const auto known = fast_->now().heavy.height;
  heavy_.prune(known);
  const auto news = heavy_.lacking(known);
  if (!news) {
    relay_since_ms_ = 0;
    return;
  }
  if (relay_since_ms_ == 0)
    relay_since_ms_ = now_ms;
  // Every author could relay; one is enough, and the others follow when it does not.
  if (now_ms >= relay_since_ms_ + patience(known))
    pool.add(*news, std::nullopt, now_ms);
}

void fast_service::take(const peer& from, const v1::leaf_query& query) {
  if (auto opening = fast_->open_leaf(query.sequence, query.index))
    context_.net->send(self_, from, v1::leaf_reply{std::move(*opening)});
}

void fast_service::take(const peer& from, const v1::claims_query& query) {
  context_.net->send(self_, from, v1::claims_reply{fast_->claims_of(query.validator)});
}

void fast_service::take(const peer& from, const v1::entry_query& query) {
  const auto& now = fast_->now();
  context_.net->send(
    self_, from,
    v1::entry_reply{query.epoch, query.index
                                   ? fast::entry_at(now, query.epoch, *query.index)
                                   : fast::entry_of(now, query.epoch,
                                                    {query.validator, query.session})});
}

void fast_service::take(const peer& from, const v1::input_offer& offer) {
  const auto input = inputs_.offer(offer);
  if (!input || !members_.index_of(self_.index))
    return;
  context_.net->send(
    self_, from,
    v1::input_kept{offer.job, offer.attempt, self_.index,
                   sign(key_, ledger::stored_statement(heavy_chain_, offer.job, offer.attempt,
                                                       *input))});
}

void fast_service::take(const peer& from, const v1::content_query& query) {
  if (const auto* found = inputs_.find(query.content))
    context_.net->send(self_, from, v1::content_reply{query.content, ec::ok, *found});
}

void fast_service::take(const peer& from, const v1::result_offer& offer) {
  const auto commitment = results_.offer(offer);
  if (!commitment || !members_.index_of(self_.index))
    return;
  const auto statement =
    ledger::delivered_statement(heavy_chain_, offer.job, offer.attempt, *commitment);
  context_.net->send(
    self_, from, v1::result_kept{offer.job, offer.attempt, self_.index, sign(key_, statement)});
}

/// To whoever asks, since only its user can open it.
void fast_service::take(const peer& from, const v1::result_query& query) {
  const auto* found = results_.find(query.job, query.attempt);
  const auto session = found == nullptr ? fast_->now().sessions.end()
                                        : fast_->now().sessions.find(found->held.content.session);
  if (session == fast_->now().sessions.end() ||
      !context_.signatures->check(
        session->second.user,
        result_query_statement(heavy_chain_, query.job, query.attempt, query.to), query.user))
    return;
  const auto own = box_key_pair::from_secret({context_.entropy().value});
  if (auto sealed = seal_result(own, query.to, *found))
    context_.net->send(self_, from, v1::result_sealed{query.job, query.attempt, own.published,
                                                      blob{std::move(*sealed)}});
}

void fast_service::take(const peer& from, const v1::leaf_place_query& query) {
  v1::leaf_place reply{.job = query.job, .attempt = query.attempt};
  if (const auto* held = receipts_.find({query.job, query.attempt}))
    reply.held = *held;
  const auto where = fast_->leaf_status(query.job, query.attempt);
  if (where.stage == fast::leaf_stage::settled)
    if (auto path = fast_->leaf_path(where.checkpoint, where.index)) {
      reply.checkpoint = where.checkpoint;
      reply.index = where.index;
      reply.path = std::move(*path);
    }
  context_.net->send(self_, from, std::move(reply));
}

}  // namespace datagen
