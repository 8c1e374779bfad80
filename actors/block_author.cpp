// Transactions and messages; blocks in block_author_blocks.cpp, committees that come and go in
// block_author_epochs.cpp, and how an author comes back from behind in block_author_sync.cpp.
#include "actors/block_author.hpp"

#include "actors/chain/block_server.hpp"
#include "actors/chain/chain_number.hpp"

namespace datagen {

using namespace protocol;

namespace {

constexpr std::uint64_t housekeeping_ms = 250;
constexpr std::uint64_t hand_on_again_ms = 2000;
constexpr std::size_t hand_on_max = 256;
constexpr std::size_t early_max = 512;
constexpr std::size_t vertex_bytes_max = 1 << 20;

/// How far a vertex's author has come, by its own word.
std::uint64_t height_in(const consensus::sealed_vertex& v) {
  std::uint64_t height = 0;
  for (const auto& vote : v.body.finality_votes)
    height = std::max(height, vote.height);
  return height;
}

}  // namespace

// Transactions
// -------------------------------------------------------------------------------------

consensus::event::payload block_author_state::choose(
  const consensus::effect::want_payload& limits) {
  service().before_proposal(pool_, now_ms());
  auto chosen = pool_.select(service().machine(), limits.bytes_max, limits.transactions_max);
  tell_refused();
  return {std::move(chosen.transactions), chosen.more};
}

void block_author_state::requeue(std::vector<bytes> transactions) {
  pool_.requeue(std::move(transactions), now_ms());
}

void block_author_state::offer_work() {
  if (!engine_ || ended_)
    return;
  service().before_proposal(pool_, now_ms());
  if (pool_.waiting())
    engine_->transactions_waiting();
}

void block_author_state::to_heavy(bytes transaction) {
  if (config_.self.kind != role::heavy_author)
    return service().send_heavy(std::move(transaction));
  if (!engine_)
    return hand_on(transaction);
  if (pool_.add(std::move(transaction), std::nullopt, now_ms()))
    engine_->transactions_waiting();
}

/// Whoever does not serve asks a member to propose for it.
void block_author_state::hand_on(const bytes& transaction) {
  const auto& ids = term_.members.ids;
  const peer member{config_.self.kind, ids[hand_on_to_++ % ids.size()]};
  if (member != config_.self)
    config_.context.net->send(config_.self, member, v1::submit_transaction{transaction});
}

void block_author_state::hand_on_waiting() {
  if (engine_ || now_ms() < hand_on_ms_)
    return;
  hand_on_ms_ = now_ms() + hand_on_again_ms;
  for (const auto& transaction : pool_.front(hand_on_max))
    hand_on(transaction);
}

// Messages
// -----------------------------------------------------------------------------------------

std::shared_ptr<epoch_engine> block_author_state::engine_of(std::uint32_t which) const {
  for (const auto& engine : {engine_, tail_})
    if (engine && engine->epoch() == which)
      return engine;
  return nullptr;
}

void block_author_state::hear(const peer& from, const v1::vertex_gossip& x) {
  auto v = dead_ || from.kind != config_.self.kind || x.vertex.size() > vertex_bytes_max
             ? nullptr
             : consensus::decode_vertex(x.vertex.view());
  if (!v)
    return;
  if (const auto engine = engine_of(v->body.epoch))
    return engine->hear(from, v);
  heard_of(from, v->body.epoch, height_in(*v));
  if (v->body.epoch < epoch())
    return;
  if (early_.size() >= early_max)
    early_.pop_front();
  early_.emplace_back(from, std::move(v));
}

void block_author_state::heard_of(const peer& author, std::uint32_t which, std::uint64_t height) {
  if (author.kind == config_.self.kind)
    sync_.heard(author.index, which, height);
}

void block_author_state::hear(const peer& from, const v1::vertices_reply& x) {
  if (const auto engine = engine_of(x.epoch); engine && !dead_)
    engine->hear(from, x);
}

void block_author_state::hear(const peer& from, const v1::vertex_query& x) {
  if (const auto engine = engine_of(x.epoch); engine && !dead_)
    engine->hear(from, x);
}

void block_author_state::hear(const peer& from, const v1::vertices_since_query& x) {
  if (const auto engine = engine_of(x.epoch); engine && !dead_)
    engine->hear(from, x);
}

void block_author_state::hear(const peer& from, const v1::block_query& x) {
  if (servings_ >= config_.servings_max || rewinding_)
    return;  // it asks elsewhere
  ++servings_;
  self_
    ->request(config_.archive, caf::infinite,
              v1::range_query{chain_number(config_.self), x.first, x.last})
    .then([this, from, request = x.request](v1::block_answer& found) {
      --servings_;
      found.request = request;
      found.epoch = epoch();
      found.height = certified_height_;
      config_.context.net->send(config_.self, from, std::move(found));
    });
}

void block_author_state::hear(const peer& from, const v1::submit_transaction& x) {
  if (pool_.add(x.transaction, x.tell ? std::optional{from} : std::nullopt, now_ms())) {
    if (engine_)
      engine_->transactions_waiting();
    else
      hand_on(x.transaction);
  }
  tell_refused();
}

void block_author_state::hear(const peer& from, const v1::follow_blocks& x) {
  if (followers_.size() >= config_.followers_max && followers_.count(from) == 0)
    return;  // it asks elsewhere
  followers_.insert(from);
  if (x.certificates)
    certificate_followers_.insert(from);
  for (const auto& news : recent_)
    if (news.height > x.height)
      config_.context.net->send(config_.self, from, news);
}

void block_author_state::hear(const peer& from, const v1::heavy_news& x) {
  learn(service().take(from, x));
}

/// What Heavy has decided (Fast authors only).
void block_author_state::learn(const std::vector<ledger::block_events>& heavy) {
  for (const auto& block : heavy)
    for (const auto& what : block.events)
      ceremony_.hear(what);
  succeed();
  offer_work();
}

void block_author_state::wake_at(epoch_engine& from, std::uint64_t monotonic_ms) {
  (&from == tail_.get() ? tail_wake_ms_ : wake_at_ms_) = monotonic_ms;
  const auto now = now_ms();
  const auto delay = monotonic_ms > now ? monotonic_ms - now : 0;
  self_->delayed_send(self_, std::chrono::milliseconds{delay},
                      v1::alarm{engine_tick, monotonic_ms});
}

void block_author_state::wake(const v1::alarm& alarm) {
  if (alarm.what == engine_tick) {  // unless it was replaced by a later wish
    if (engine_ && alarm.subject == wake_at_ms_)
      engine_->tick();
    if (tail_ && alarm.subject == tail_wake_ms_)
      tail_->tick();
    return;
  }
  self_->delayed_send(self_, std::chrono::milliseconds{housekeeping_ms},
                      v1::alarm{housekeeping, 0});
  retired_.clear();
  if (certified_here_)
    tail_.reset();
  pool_.expire(now_ms());
  tell_refused();
  service().wake();
  if (dead_)
    return;
  ceremony_.wake();
  succeed();
  ask_for_blocks();
  hand_on_waiting();
  offer_work();
}

block_author_actor::behavior_type block_author(
  block_author_actor::stateful_pointer<block_author_state> self, block_author_config config) {
  auto& state = self->state;
  state.start(std::move(config));
  return {
    [&state](const peer& from, const v1::vertex_gossip& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::vertex_query& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::vertices_since_query& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::vertices_reply& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::block_query& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::block_answer& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::snapshot_query& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::snapshot_piece& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::ceremony_key& x) { state.coin_ceremony().take(from, x); },
    [&state](const peer& from, const v1::ceremony_share& x) {
      state.coin_ceremony().take(from, x);
    },
    [&state](const peer& from, const v1::ceremony_ack& x) { state.coin_ceremony().take(from, x); },
    [&state](const peer& from, const v1::submit_transaction& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::follow_heavy& x) { state.service().take(from, x); },
    [&state](const peer& from, const v1::heavy_news& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::follow_blocks& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::state_query& x) { state.service().take(from, x); },
    [&state](const peer& from, const v1::leaf_query& x) { state.service().take(from, x); },
    [&state](const peer& from, const v1::input_offer& x) { state.service().take(from, x); },
    [&state](const peer& from, const v1::content_query& x) { state.service().take(from, x); },
    [&state](const peer& from, const v1::leaf_place_query& x) { state.service().take(from, x); },
    [&state](const peer& from, const v1::claims_query& x) { state.service().take(from, x); },
    [&state](const peer& from, const v1::entry_query& x) { state.service().take(from, x); },
    [&state](const peer& from, const v1::result_offer& x) { state.service().take(from, x); },
    [&state](const peer& from, const v1::result_query& x) { state.service().take(from, x); },
    [&state](const v1::alarm& x) { state.wake(x); },
  };
}

}  // namespace datagen
