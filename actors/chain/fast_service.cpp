#include "actors/chain/fast_service.hpp"

#include "protocol/fast/events.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

namespace {

/// One author delivers at once; the others step in one after the other.
constexpr std::uint64_t patience_ms = 300;
constexpr std::uint64_t resend_ms = 2000;

}  // namespace

fast_service::fast_service(const peer& self, const role_context& context,
                           std::shared_ptr<fast::fast_machine> fast)
    : self_(self),
      context_(context),
      heavy_chain_(heavy_chain_id(*context.chain)),
      authors_(static_cast<std::uint32_t>(fast_committee(*context.chain).size())),
      fast_(std::move(fast)),
      heavy_(self, context) {}

void fast_service::executed(v1::block_news& news) {
  note_checkpoint(news);
  const auto it = by_height_.find(news.height);
  if (it == by_height_.end())
    return;
  auto checkpoint = fast_->checkpoint_of(it->second);
  invariant(checkpoint.has_value(), "a checkpoint just made is not in the state");
  news.sections = checkpoint->sections;
  news.path = std::move(checkpoint->path);
}

void fast_service::note_checkpoint(const v1::block_news& news) {
  for (const auto& raw : news.events)
    if (const auto what = decode<fast::event>(raw))
      if (const auto made = std::get_if<fast::happened::checkpoint_made>(&*what))
        by_height_[news.height] = made->content.sequence;
}

void fast_service::certified(const consensus::certificate& proof) {
  const auto it = by_height_.find(proof.statement.height);
  if (it == by_height_.end())
    return;
  const auto sequence = it->second;
  by_height_.erase(it);
  auto checkpoint = fast_->checkpoint_of(sequence);
  if (sequence <= settled_ || !checkpoint)
    return;
  checkpoint->proof = proof;
  const auto rank = (self_.index + authors_ - sequence % authors_) % authors_;
  deliveries_[sequence] = {ledger::make_unsigned(heavy_chain_, std::move(*checkpoint)),
                           context_.net->now().monotonic_ms + rank * patience_ms};
  send_due();
}

void fast_service::send_due() {
  const auto now = context_.net->now().monotonic_ms;
  for (auto& [sequence, x] : deliveries_) {
    if (x.send_at_ms > now)
      continue;
    x.send_at_ms = now + resend_ms;
    context_.net->send(self_, heavy_.author(), v1::submit_transaction{x.transaction});
  }
}

void fast_service::wake() {
  heavy_.wake();
  send_due();
}

void fast_service::take(const peer&, const v1::heavy_news& news) {
  for (const auto& block : heavy_.take(news))
    for (const auto& what : block.events)
      if (const auto x = std::get_if<happened::checkpoint_settled>(&what))
        settled_ = std::max(settled_, x->content.sequence);
  deliveries_.erase(deliveries_.begin(), deliveries_.upper_bound(settled_));
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
  const auto rank = (self_.index + authors_ - known % authors_) % authors_;
  if (now_ms >= relay_since_ms_ + rank * patience_ms)
    pool.add(*news, std::nullopt, now_ms);
}

void fast_service::take(const peer& from, const v1::leaf_query& query) {
  if (auto opening = fast_->open_leaf(query.sequence, query.index))
    context_.net->send(self_, from, v1::leaf_reply{std::move(*opening)});
}

void fast_service::take(const peer& from, const v1::claims_query& query) {
  context_.net->send(self_, from, v1::claims_reply{fast_->claims_of(query.validator)});
}

}  // namespace datagen
