// How an author executes, keeps and publishes its chain's blocks, whether an engine outputs them or
// peers sent them.
#include "actors/block_author.hpp"

#include "actors/chain/chain_number.hpp"

namespace datagen {

using namespace protocol;

namespace {

/// Who was alive when the block was made.
std::vector<std::uint32_t> authors_of(const std::vector<consensus::vertex_ptr>& content,
                                      const consensus::roster& members) {
  std::set<std::uint32_t> ids;
  for (const auto& v : content)
    ids.insert(members.ids[v->body.author]);
  return {ids.begin(), ids.end()};
}

}  // namespace

v1::block_news execute_block(chain_service& service, std::uint32_t epoch,
                             const consensus::commit& block,
                             const std::vector<consensus::vertex_ptr>& vertices) {
  v1::block_news news{.height = block.index,
                      .epoch = epoch,
                      .block = digest_of(block),
                      .previous = block.previous,
                      .timestamp_ms = block.timestamp_ms,
                      .author = block.leader.author,
                      .round = block.leader.round,
                      .vertices = static_cast<std::uint32_t>(vertices.size())};
  for (const auto& v : vertices)
    for (const auto& transaction : v->body.transactions)
      news.bytes += transaction.size();
  auto result =
    service.machine().execute({epoch, news.height, news.block, news.timestamp_ms, vertices});
  news.state_root = result.state_root;
  news.outcomes = std::move(result.outcomes);
  news.events = std::move(result.events);
  news.worth_certifying = result.worth_certifying;
  news.beacon_requests = std::move(result.beacon_requests);
  news.next = std::move(result.next);
  service.executed(news);
  return news;
}

void block_author_state::output(epoch_engine& from, const consensus::commit& block,
                                const std::vector<consensus::vertex_ptr>& content) {
  if (dead_ || rewinding_ || ended_ || from.epoch() != epoch() || block.index != head_.height + 1)
    return;  // executed already, or void
  const auto news = run(block, content, from.not_durable(content));
  from.executed(news);
  if (news.next) {
    from.close();
    if (config_.self.kind == role::heavy_author)
      begin_epoch({{*news.next, news.block, news.timestamp_ms}, news.height + 1});
  }
  succeed();
  if (news.worth_certifying)
    offer_work();  // what had to wait may be admitted now
}

v1::block_news block_author_state::run(const consensus::commit& block, const vertices& content,
                                       const vertices& to_store) {
  auto news = execute_block(service(), epoch(), block, content);
  news.authors = authors_of(content, term_.members);
  head_ = {news.height, news.block};
  head_ms_ = news.timestamp_ms;
  ended_ = news.next.has_value();
  remember(block);
  store(news, block, to_store);
  tell_outcomes(news);
  publish(news);
  for (const auto& what : service().heavy_events(news))
    ceremony_.hear(what);
  return news;
}

/// Keeps what an engine needs to start behind this block (`event::start`).
void block_author_state::remember(const consensus::commit& block) {
  const auto depth = config_.engine(term_.members.size()).gc_depth;
  commits_.push_back(block);
  const auto floor = block.leader.round > depth ? block.leader.round - depth : 0;
  while (commits_.size() > 1 && commits_[1].leader.round <= floor)
    commits_.pop_front();
}

void block_author_state::store(const v1::block_news& news, const consensus::commit& block,
                               const vertices& to_store) {
  auto batch = std::make_shared<storage::write_batch>();
  const auto chain = chain_number(config_.self);
  for (const auto& v : to_store)
    batch->vertices.push_back(row_of(chain, *v, false));
  batch->commits.push_back({.chain = chain,
                            .height = news.height,
                            .id = news.block,
                            .block = encode(news, block),
                            .state_root = news.state_root,
                            .time_ms = news.timestamp_ms});
  if (news.height % snapshot_blocks() == 0) {
    batch->snapshots.push_back(
      {chain, news.height, service().machine().snapshot(), service().returns_to()});
    prune(news, *batch);
  }
  write(std::move(batch));
}

void block_author_state::mark(const v1::block_news& news) {
  const auto depth = config_.engine(term_.members.size()).gc_depth;
  marks_.push_back({news.height, news.epoch, news.round > depth ? news.round - depth : 0});
}

void block_author_state::prune(const v1::block_news& news, storage::write_batch& batch) {
  mark(news);
  // A restart may execute from the older of two snapshots on, a rewind from the one below its height.
  const auto kept = std::max(config_.retain_blocks, 2 * snapshot_blocks());
  for (const auto& mark : marks_)
    if (mark.height <= service().returns_to())
      way_back_ = mark.height;
  while (marks_.front().height + kept <= news.height && marks_.front().height <= way_back_) {
    const auto& mark = marks_.front();
    batch.prunes.push_back({chain_number(config_.self), mark.epoch, mark.floor});
    marks_.pop_front();
  }
}

void block_author_state::persist(epoch_engine& from, std::uint64_t sequence,
                                 std::shared_ptr<storage::write_batch> batch) {
  if (std::any_of(batch->vertices.begin(), batch->vertices.end(),
                  [](const auto& x) { return x.own; }))
    fresh_since_ms_.reset();  // from here on, all that is signed is also stored
  write_then(std::move(batch), [engine = from.weak_from_this(), sequence] {
    if (const auto alive = engine.lock())
      alive->persisted(sequence);
  });
}

void block_author_state::write(std::shared_ptr<storage::write_batch> batch) {
  write_then(std::move(batch), [] {});
}

void block_author_state::write_then(std::shared_ptr<storage::write_batch> batch,
                                    std::function<void()> then) {
  self_->request(config_.archive, caf::infinite, v1::archive_write{std::move(batch)})
    .then([this, then = std::move(then)](const v1::archive_written& written) {
      if (written.code != ec::ok)
        halt();
      if (!dead_)
        then();
    });
}

/// Nothing is signed any more; what is known is still served.
void block_author_state::halt() {
  dead_ = true;
  for (const auto& engine : {engine_, tail_})
    if (engine)
      engine->halt();
}

void block_author_state::tell_outcomes(const v1::block_news& news) {
  for (const auto& outcome : news.outcomes)
    if (const auto tell = pool_.executed(outcome.transaction))
      config_.context.net->send(config_.self, *tell, v1::transaction_done{outcome, news.height});
}

void block_author_state::tell_refused() {
  for (auto& x : pool_.take_refused())
    if (x.tell)
      config_.context.net->send(config_.self, *x.tell,
                                v1::transaction_done{std::move(x.outcome), 0});
}

void block_author_state::publish(const v1::block_news& news) {
  for (const auto& follower : followers_)
    config_.context.net->send(config_.self, follower, news);
  recent_.push_back(news);
  if (recent_.size() <= config_.recent_blocks_max)
    return;
  recent_.pop_front();
  proven_.erase(proven_.begin(), proven_.lower_bound(recent_.front().height));
}

void block_author_state::certified(const consensus::certificate& proof) {
  const auto height = proof.statement.height;
  auto batch = std::make_shared<storage::write_batch>();
  batch->certificates.push_back({chain_number(config_.self), height, encode(proof)});
  write(std::move(batch));
  certified_height_ = std::max(certified_height_, height);
  certified_here_ = certified_here_ || proof.statement.epoch == epoch();
  proven_.insert(height);
  service().certified(proof);
  for (const auto& follower : certificate_followers_)
    config_.context.net->send(config_.self, follower, v1::block_certified{proof});
}

void block_author_state::alarmed(consensus::alarm_kind kind, const consensus::vertex_ref& about) {
  auto batch = std::make_shared<storage::write_batch>();
  batch->records.push_back({"alarm", encode(config_.context.net->now().unix_ms, about),
                            bytes{static_cast<std::uint8_t>(kind)}});
  write(std::move(batch));
  if (kind == consensus::alarm_kind::diverged)
    halt();
}

void block_author_state::equivocated(const consensus::vertex_ptr& first,
                                     const consensus::vertex_ptr& second) {
  auto batch = std::make_shared<storage::write_batch>();
  for (const auto& v : {first, second})
    batch->records.push_back({"equivocation", encode(v->ref), encode_vertex(*v)});
  write(std::move(batch));
  // In one order, so that everybody who saw it brings the same transaction.
  const auto& [low, high] =
    std::minmax(first, second, [](const auto& a, const auto& b) { return a->ref < b->ref; });
  auto proof = ledger::make_unsigned(heavy_chain_id(*config_.context.chain),
                                     ledger::tx::equivocation{header_of(*low), header_of(*high)});
  const auto engine = engine_of(first->body.epoch);
  if (config_.self.kind == role::heavy_author || !engine)
    return to_heavy(std::move(proof));
  const auto& ids = engine->term().members.ids;
  service().accuse(first->body.epoch, validator_id{ids[first->body.author]}, std::move(proof));
}

}  // namespace datagen
