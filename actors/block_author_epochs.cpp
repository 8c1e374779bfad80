// How an author starts, and changes from one committee to the next (consensus.md 2.13).
#include "actors/block_author.hpp"

#include "actors/chain/block_server.hpp"
#include "actors/chain/snapshot_server.hpp"
#include "actors/chain/chain_number.hpp"

#include "protocol/chain/committees.hpp"
#include "protocol/consensus/threshold_coin.hpp"

namespace datagen {

using namespace protocol;

namespace {

/// Clocks of correct authors differ by less.
constexpr std::uint64_t clock_skew_ms = 10'000;

}  // namespace

// Start
// --------------------------------------------------------------------------------------------

void block_author_state::start(block_author_config config) {
  config_ = std::move(config);
  pool_ = mempool{config_.pool};
  sync_ = consensus::catch_up{config_.self.index};
  const auto memory = std::exchange(config_.memory, nullptr);
  term_ = memory->term;
  silent_through_ = memory->silent_through;
  commits_.assign(memory->present.recent.begin(), memory->present.recent.end());
  head_ = {0, digest_of(*config_.context.chain)};
  head_ms_ = config_.context.chain->time_ms;
  genesis_state_ = memory->genesis_state;
  if (memory->blocks.empty() && !memory->base)
    fresh_since_ms_ = config_.context.net->now().unix_ms;
  begin_ceremonies(memory->ceremonies);
  recall(*memory);
  if (memory->tail && !certified_here_)
    if (auto engine = make_engine(memory->tail->first)) {
      tail_ = engine;
      start_engine(*engine, memory->tail->second, true);
    }
  enter(memory->present, ended_);
  wake({housekeeping, 0});
}

/// Goes on from the last blocks of earlier runs; the ones before stay in the archive.
void block_author_state::recall(const author_memory& memory) {
  service().reads_from([this](std::uint64_t height, auto then) {
    self_->request(config_.archive, caf::infinite, v1::feed_query{height})
      .then([then = std::move(then)](v1::feed_reply& found) { then(std::move(found.news)); });
  });
  if (memory.base) {
    const auto& base = memory.base->news;
    head_ = {base.height, base.block};
    head_ms_ = base.timestamp_ms;
    service().adopted(base.height);
  }
  if (!memory.blocks.empty())
    service().restores_after(memory.blocks.front().height - 1);
  service().serving(term_.members);
  for (const auto& what : memory.elections)
    ceremony_.hear(what);
  for (const auto& news : memory.blocks) {
    service().restored(news);
    if (news.height % snapshot_blocks() == 0)
      mark(news);
    recent_.push_back(news);
    if (recent_.size() > config_.recent_blocks_max)
      recent_.pop_front();
  }
  if (!memory.blocks.empty()) {
    const auto& last = memory.blocks.back();
    head_ = {last.height, last.block};
    head_ms_ = last.timestamp_ms;
    ended_ = last.next.has_value() && last.epoch == epoch();
  }
  for (const auto& proof : memory.certificates) {
    service().certified(proof);
    certified_height_ = std::max(certified_height_, proof.statement.height);
    certified_here_ = certified_here_ || proof.statement.epoch == epoch();
    proven_.insert(proof.statement.height);
  }
}

void block_author_state::begin_ceremonies(const ceremony_memory& memory) {
  ceremony_ =
    ceremony{{.self = config_.self,
              .context = config_.context,
              .key = config_.key,
              .chain = term_.members.chain,
              .durable =
                [this](std::shared_ptr<storage::write_batch> batch, std::function<void()> then) {
                  write_then(std::move(batch), std::move(then));
                },
              .to_heavy = [this](bytes transaction) { to_heavy(std::move(transaction)); }},
             memory};
}

// One committee after the other
// --------------------------------------------------------------------

/// Fails where this author does not serve in `term`.
std::shared_ptr<epoch_engine> block_author_state::make_engine(const epoch_term& term) {
  const auto& members = term.members;
  const auto own = members.index_of(config_.self.index);
  if (!own || members.authors[*own] != config_.key.identity)
    return nullptr;
  const auto secret =
    members.epoch == 0 ? config_.genesis_secret : ceremony_.secret_of(members.epoch);
  const bool silent = silent_through_ && members.epoch <= *silent_through_;
  std::shared_ptr<const consensus::coin_source> coin = std::make_shared<consensus::threshold_coin>(
    members, config_.context.coins, secret, config_.context.entropy());
  if (config_.coin_seam)
    coin = config_.coin_seam(std::move(coin));
  return std::make_shared<epoch_engine>(
    engine_config{.self = config_.self,
                  .context = config_.context,
                  .key = config_.key,
                  .term = term,
                  .params = config_.engine(members.size()),
                  .coin = std::move(coin),
                  .may_propose = secret.has_value() && !silent},
    *this);
}

/// Starts `engine` on what is stored, and lets it speak for blocks that were executed before.
void block_author_state::start_engine(epoch_engine& engine, const epoch_memory& memory, bool over) {
  const auto executed = head_.height;
  engine.start(memory, over);
  const auto first = memory.recent.empty() ? engine.term().first : memory.recent.front().index;
  for (const auto& news : std::deque<v1::block_news>{recent_})
    if (news.epoch == engine.epoch() && news.height >= first && news.height <= executed)
      engine.restored(news, proven_.count(news.height) != 0);
}

void block_author_state::enter(const epoch_memory& memory, bool over) {
  if (dead_ || !reaches_floor() || !(engine_ = make_engine(term_)))
    return;
  const auto engine = engine_;
  start_engine(*engine, memory, over);
  for (const auto& [from, v] : std::exchange(early_, {}))
    if (v->body.epoch == engine->epoch())
      engine->hear(from, v);
  offer_work();
}

/// `next` serves from now on; its first block follows the last executed one.
void block_author_state::begin_epoch(epoch_term next) {
  auto batch = std::make_shared<storage::write_batch>();
  batch->records.push_back(
    {epoch_record, encode(next.members.chain, next.members.epoch), encode(next)});
  if (config_.self.kind == role::heavy_author)
    batch->records.push_back(
      {epoch_end_record, encode(next.members.chain, epoch()), encode(head_.height)});
  else
    batch->cuts.push_back({chain_number(config_.self), head_.height});  // the rest is void
  if (epoch() > 0)  // only the epoch before may still be needed
    batch->records.push_back({epoch_record, encode(next.members.chain, epoch() - 1), std::nullopt});
  const bool live = engine_ != nullptr || sync_.gap() <= rejoin_gap;
  if (tail_)
    retired_.push_back(tail_);
  tail_ = std::exchange(engine_, nullptr);
  tail_wake_ms_ = wake_at_ms_;
  term_ = std::move(next);
  commits_.clear();
  lost_ = ended_ = false;
  certified_here_ = false;
  service().serving(term_.members);
  stay_silent_if_fresh(*batch);
  write(std::move(batch));
  if (live)
    enter({}, false);
}

/// An author whose database is new cannot know what it signed in an epoch that began before it
/// started: either it lost its store, or it joined late, and then it has waited anyway (2.12).
void block_author_state::stay_silent_if_fresh(storage::write_batch& batch) {
  if (!fresh_since_ms_)
    return;
  if (term_.members.genesis_time_ms >= *fresh_since_ms_ + clock_skew_ms)
    return fresh_since_ms_.reset();
  silent_through_ = epoch();
  batch.records.push_back({silent_record, encode(term_.members.chain), encode(epoch())});
}

void block_author_state::retire_engine() {
  if (!engine_)
    return;
  engine_->close();  // its transactions come back
  engine_->halt();
  retired_.push_back(std::exchange(engine_, nullptr));
}

/// Fast: moves into the next epoch once Heavy has seated its committee, and this author's state is
/// that of the block after which it begins.
void block_author_state::succeed() {
  while (const auto* seat = dead_ || rewinding_ ? nullptr : service().successor_of(epoch())) {
    const auto base = *seat->base;
    sync_.end_at(base.fast_height);
    if (head_.height < base.fast_height)
      return;  // the tail or its peers bring what is missing
    if (head_.height > base.fast_height)
      return rewind(base);
    if (head_.block != base.block)
      return alarmed(consensus::alarm_kind::diverged, {0, 0, base.block});
    sync_.end_at(std::nullopt);
    begin_epoch(term_behind(*seat));
  }
}

epoch_term block_author_state::term_behind(
  const ledger::happened::committee_seated& seat) const {
  const auto& base = *seat.base;
  return {{seat.now, base.block,
           base.fast_height == 0 ? config_.context.chain->time_ms : base.timestamp_ms},
          base.fast_height + 1};
}

// What a committee ordered after its last settled checkpoint is void where Heavy replaced it: back
// to that block, and its own transactions into the pool again.
void block_author_state::rewind(const ledger::fast_base& base) {
  rewinding_ = true;
  retire_engine();
  tail_.reset();
  self_
    ->request(config_.archive, caf::infinite,
              v1::rewind_query{chain_number(config_.self), base.fast_height})
    .then([this, base](const v1::rewind_reply& found) { rewound(base, found); });
}

void block_author_state::rewound(const ledger::fast_base& base, const v1::rewind_reply& found) {
  auto& machine = service().machine();
  bool good =
    found.code == ec::ok && machine.restore(found.snapshot ? *found.snapshot : genesis_state_);
  for (const auto& raw : found.blocks) {
    const auto x = good ? decode<stored_block>(raw.block) : std::nullopt;
    good = x && machine
                    .execute({x->news.epoch, x->news.height, x->news.block, x->news.timestamp_ms,
                              decode_all(raw.vertices)})
                    .state_root == x->news.state_root;
  }
  if (!good || machine.height() != base.fast_height)
    return start_over();  // this disk does not lead back, as after a state that was taken over
  while (!recent_.empty() && recent_.back().height > base.fast_height)
    recent_.pop_back();
  while (!marks_.empty() && marks_.back().height > base.fast_height)
    marks_.pop_back();
  proven_.erase(proven_.upper_bound(base.fast_height), proven_.end());
  certified_height_ = std::min(certified_height_, base.fast_height);
  head_ = {base.fast_height, base.block};
  head_ms_ = base.fast_height == 0 ? config_.context.chain->time_ms : base.timestamp_ms;
  ended_ = false;
  service().rewound(base.fast_height);
  for (const auto& v : decode_all(found.void_own))
    for (const auto& transaction : v->body.transactions)
      pool_.add(transaction, std::nullopt, now_ms());
  rewinding_ = false;
  succeed();
}

/// As one who joins late: others give what this author has lost. Only what it signed stays on its disk,
/// and it signs nothing more in the epochs that it has seen.
void block_author_state::start_over() {
  if (!service().machine().restore(genesis_state_))
    return halt();
  const auto& id = term_.members.chain;
  silent_through_ = epoch();
  auto batch = std::make_shared<storage::write_batch>();
  batch->cuts.push_back({chain_number(config_.self), 0});
  batch->records.push_back({base_record, encode(id), std::nullopt});
  batch->records.push_back({silent_record, encode(id), encode(epoch())});
  for (auto old = epoch() == 0 ? 0 : epoch() - 1; old <= epoch(); ++old)
    batch->records.push_back({epoch_record, encode(id, old), std::nullopt});
  write(std::move(batch));
  term_ = {fast_committee(*config_.context.chain), 1};
  head_ = {0, digest_of(*config_.context.chain)};
  head_ms_ = config_.context.chain->time_ms;
  recent_.clear();
  marks_.clear();
  proven_.clear();
  commits_.clear();
  way_back_ = certified_height_ = 0;
  certified_here_ = ended_ = false;
  lost_ = true;
  rewinding_ = false;
  service().started_over();
  service().serving(term_.members);
  sync_ = consensus::catch_up{config_.self.index};
}

}  // namespace datagen
