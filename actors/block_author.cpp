#include "actors/block_author.hpp"

#include "actors/storage/rows.hpp"

namespace datagen {

using namespace protocol;
namespace effect = consensus::effect;

namespace {

constexpr std::uint64_t housekeeping_ms = 250;
constexpr std::size_t early_votes_max = 4096;

std::uint8_t chain_number(const peer& self) { return self.kind == role::heavy_author ? 0 : 1; }

}  // namespace

void block_author_state::start(block_author_config config) {
  config_ = std::move(config);
  pool_ = mempool{config_.pool};
  rules_.emplace(config_.members, config_.engine, config_.coin);
  votes_.emplace(config_.members);
  const auto own = static_cast<consensus::author_index>(config_.self.index);
  core_.emplace(consensus::core_config{
    .members = config_.members,
    .params = config_.engine,
    .self = own,
    .key = config_.key,
    .coin = config_.coin});
  const auto& memory = *config_.memory;
  for (const auto& x : memory.vertices)
    if (x->body.author == own) {
      for (const auto& share : x->body.beacon_shares)
        released_.insert(share.height);
      for (const auto& vote : x->body.finality_votes)
        voted_.insert(vote.height);
    }
  for (const auto& news : memory.blocks) {
    service().restored(news);
    recent_.push_back(news);
    if (recent_.size() > config_.recent_blocks_max)
      recent_.pop_front();
  }
  for (const auto& [proof, extra] : memory.certificates) {
    service().restored(proof, extra);
    restored_proofs_.insert(proof.statement.height);
  }
  drive(consensus::event::start{memory.vertices, memory.recent});
  // Votes and shares that the last run owed: it can have given them only in vertices above the floor.
  if (!memory.recent.empty())
    for (const auto& news : memory.blocks)
      if (news.height >= memory.recent.front().index)
        speak_for(news);
  for (const auto& x : memory.vertices)
    count_votes(*x);
  wake({housekeeping, 0});
}

peer block_author_state::peer_of(consensus::author_index author) const {
  return {config_.self.kind, author};
}

// Events in, effects out ---------------------------------------------------------------------------

void block_author_state::drive(event first) {
  events_.push_back(std::move(first));
  if (std::exchange(driving_, true))
    return;  // an effect led to another event: its turn comes
  while (!events_.empty() && !dead_) {
    const auto next = std::move(events_.front());
    events_.pop_front();
    for (auto& what : core_->handle(next, config_.context.net->now()))
      std::visit([this](auto& x) { act(x); }, what);
  }
  driving_ = false;
}

void block_author_state::act(effect::persist& x) {
  auto batch = std::make_shared<storage::write_batch>();
  const auto add = [&](const consensus::vertex_ptr& v, bool own) {
    batch->vertices.push_back({.chain = chain_number(config_.self),
                               .epoch = v->body.epoch,
                               .round = v->body.round,
                               .author = v->body.author,
                               .id = v->ref.id,
                               .own = own,
                               .body = encode_vertex(*v)});
  };
  for (const auto& v : x.accepted)
    add(v, false);
  if (x.own)
    add(x.own, true);
  self_->request(config_.archive, caf::infinite, v1::archive_write{std::move(batch)})
    .then([this, sequence = x.sequence](const v1::archive_written& written) {
      dead_ = dead_ || written.code != ec::ok;
      if (!dead_)
        drive(consensus::event::persisted{sequence});
    });
}

void block_author_state::act(effect::broadcast& x) {
  const v1::vertex_gossip gossip{blob{encode_vertex(*x.own)}};
  for (consensus::author_index i = 0; i < config_.members.size(); ++i)
    if (i != config_.self.index)
      config_.context.net->send(config_.self, peer_of(i), gossip);
  count_votes(*x.own);
}

void block_author_state::act(effect::send_vertices& x) {
  v1::vertices_reply reply{.request = x.request};
  for (const auto& v : x.vertices)
    reply.vertices.push_back(blob{encode_vertex(*v)});
  config_.context.net->send(config_.self, peer_of(x.to), std::move(reply));
}

void block_author_state::act(effect::fetch& x) {
  config_.context.net->send(config_.self, peer_of(x.peer), v1::vertex_query{x.request, x.refs});
}

void block_author_state::act(effect::fetch_since& x) {
  config_.context.net->send(config_.self, peer_of(x.peer),
                            v1::vertices_since_query{x.request, x.round});
}

void block_author_state::act(effect::want_payload& x) {
  const auto now = config_.context.net->now().monotonic_ms;
  service().before_proposal(pool_, now);
  auto chosen = pool_.select(service().machine(), x.bytes_max, x.transactions_max);
  tell_refused();
  drive(consensus::event::payload{std::move(chosen.transactions), chosen.more});
}

void block_author_state::act(effect::requeue& x) {
  pool_.requeue(std::move(x.transactions), config_.context.net->now().monotonic_ms);
}

void block_author_state::act(effect::wake_at& x) {
  const auto now = config_.context.net->now().monotonic_ms;
  wake_at_ms_ = x.monotonic_ms;
  const auto delay = x.monotonic_ms > now ? x.monotonic_ms - now : 0;
  self_->delayed_send(self_, std::chrono::milliseconds{delay}, v1::alarm{core_tick, x.monotonic_ms});
}

void block_author_state::act(effect::evidence& x) {
  // Both headers stay provable in the archive; the slashing transaction reads them from there.
  auto batch = std::make_shared<storage::write_batch>();
  batch->records.push_back({"equivocation", encode(x.first->ref), encode_vertex(*x.first)});
  batch->records.push_back({"equivocation", encode(x.second->ref), encode_vertex(*x.second)});
  write(std::move(batch));
}

void block_author_state::act(effect::alarm& x) {
  auto batch = std::make_shared<storage::write_batch>();
  batch->records.push_back({"alarm", encode(config_.context.net->now().unix_ms, x.about),
                            bytes{static_cast<std::uint8_t>(x.kind)}});
  write(std::move(batch));
}

// Blocks -----------------------------------------------------------------------------------------------

void block_author_state::act(effect::output& x) {
  const auto news = execute_block(service(), x.block, x.vertices);
  store(news, x.block);
  tell_outcomes(news);
  publish(news);
  speak_for(news);
  if (news.worth_certifying)
    offer_work();  // what had to wait may be admitted now
}

/// Vote and beacon shares for an executed block, unless an earlier run has given them out.
void block_author_state::speak_for(const v1::block_news& news) {
  consensus::event::commit_executed done{.index = news.height};
  if (news.worth_certifying && restored_proofs_.count(news.height) == 0) {
    const auto statement = statement_of(news);
    if (voted_.count(news.height) == 0)
      done.vote = sign_finality(statement, config_.key);
    votes_->expect(statement);
    if (auto node = early_votes_.extract(news.height))
      for (const auto& [author, vote] : node.mapped())
        count_vote(author, vote);
  }
  for (const auto request : news.beacon_requests)
    if (released_.count(request) == 0)
      done.beacon_shares.push_back(
        {request, config_.coin->share(consensus::coin_domain::audits, request)});
  done.urgent = done.vote || !done.beacon_shares.empty();
  drive(std::move(done));
}

consensus::finality_statement block_author_state::statement_of(const v1::block_news& news) const {
  return {.chain = config_.members.chain,
          .epoch = config_.members.epoch,
          .height = news.height,
          .block = news.block,
          .state_root = news.state_root,
          .next_committee = consensus::committee_digest(config_.members.authors)};
}

v1::block_news execute_block(chain_service& service, const consensus::commit& block,
                             const std::vector<consensus::vertex_ptr>& vertices) {
  v1::block_news news{.height = block.index,
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
    service.machine().execute({news.height, news.block, news.timestamp_ms, vertices});
  news.state_root = result.state_root;
  news.outcomes = std::move(result.outcomes);
  news.events = std::move(result.events);
  news.worth_certifying = result.worth_certifying;
  news.beacon_requests = std::move(result.beacon_requests);
  service.executed(news);
  return news;
}

void block_author_state::store(const v1::block_news& news, const consensus::commit& block) {
  auto batch = std::make_shared<storage::write_batch>();
  const auto chain = chain_number(config_.self);
  batch->commits.push_back({.chain = chain,
                            .height = news.height,
                            .id = news.block,
                            .block = encode(news, block),
                            .state_root = news.state_root,
                            .time_ms = news.timestamp_ms});
  if (news.height % config_.snapshot_blocks == 0) {
    batch->snapshots.push_back({chain, news.height, service().machine().snapshot()});
    // A restart executes from here: older commits' vertices are no longer needed.
    const auto depth = 2 * config_.engine.gc_depth;
    if (news.round > depth)
      batch->prunes.push_back({chain, config_.members.epoch, news.round - depth});
  }
  write(std::move(batch));
}

void block_author_state::write(std::shared_ptr<storage::write_batch> batch) {
  self_->request(config_.archive, caf::infinite, v1::archive_write{std::move(batch)})
    .then([this](const v1::archive_written& written) { dead_ = dead_ || written.code != ec::ok; });
}

void block_author_state::tell_outcomes(const v1::block_news& news) {
  for (const auto& outcome : news.outcomes)
    if (const auto tell = pool_.executed(outcome.transaction))
      config_.context.net->send(config_.self, *tell, v1::transaction_done{outcome, news.height});
}

void block_author_state::tell_refused() {
  for (auto& x : pool_.take_refused())
    if (x.tell)
      config_.context.net->send(config_.self, *x.tell, v1::transaction_done{std::move(x.outcome), 0});
}

void block_author_state::publish(const v1::block_news& news) {
  for (const auto& follower : followers_)
    config_.context.net->send(config_.self, follower, news);
  recent_.push_back(news);
  if (recent_.size() > config_.recent_blocks_max)
    recent_.pop_front();
}

// Certificates -------------------------------------------------------------------------------------------

void block_author_state::count_votes(const consensus::sealed_vertex& x) {
  for (const auto& vote : x.body.finality_votes)
    count_vote(x.body.author, vote);
}

void block_author_state::count_vote(consensus::author_index author,
                                    const consensus::finality_vote& vote) {
  if (vote.height > service().machine().height()) {
    if (early_votes_.size() < early_votes_max)
      early_votes_[vote.height][author] = vote;
    return;
  }
  const auto counted = votes_->add(author, vote, *config_.context.signatures);
  if (counted == consensus::vote_check::ok)
    try_certify(vote.height);
}

void block_author_state::try_certify(std::uint64_t height) {
  const auto proof = votes_->take(height);
  if (!proof)
    return;
  auto batch = std::make_shared<storage::write_batch>();
  batch->certificates.push_back({chain_number(config_.self), height,
                                 encode(*proof, service().proof_at(height))});
  write(std::move(batch));
  service().certified(*proof);
  for (const auto& follower : certificate_followers_)
    config_.context.net->send(config_.self, follower, v1::block_certified{*proof});
}

// Messages --------------------------------------------------------------------------------------------------

consensus::vertex_ptr block_author_state::verified(const blob& raw) {
  if (raw.size() > config_.engine.vertex_bytes_max)
    return nullptr;
  auto v = consensus::decode_vertex(raw.view());
  if (!v || check(*v, *rules_, *config_.context.signatures) != consensus::vertex_check::ok)
    return nullptr;
  return v;
}

void block_author_state::hear(const peer& from, const v1::vertex_gossip& x) {
  const auto v = verified(x.vertex);
  if (!v)
    return;
  drive(consensus::event::vertices_verified{static_cast<consensus::author_index>(from.index), {v}});
  count_votes(*v);
}

void block_author_state::hear(const peer& from, const v1::vertices_reply& x) {
  consensus::event::fetch_reply reply{.from = static_cast<consensus::author_index>(from.index),
                                      .request = x.request};
  for (const auto& raw : x.vertices)
    if (auto v = verified(raw))
      reply.vertices.push_back(std::move(v));
  const auto vertices = reply.vertices;
  drive(std::move(reply));
  for (const auto& v : vertices)
    count_votes(*v);
}

void block_author_state::hear(const peer& from, const v1::vertex_query& x) {
  drive(consensus::event::fetch_query{static_cast<consensus::author_index>(from.index), x.request,
                                      x.refs});
}

void block_author_state::hear(const peer& from, const v1::vertices_since_query& x) {
  drive(consensus::event::since_query{static_cast<consensus::author_index>(from.index), x.request,
                                      x.round});
}

void block_author_state::hear(const peer& from, const v1::submit_transaction& x) {
  const auto now = config_.context.net->now().monotonic_ms;
  if (pool_.add(x.transaction, x.tell ? std::optional{from} : std::nullopt, now))
    drive(consensus::event::transactions_waiting{});
  tell_refused();
}

void block_author_state::hear(const peer& from, const v1::follow_blocks& x) {
  followers_.insert(from);
  if (x.certificates)
    certificate_followers_.insert(from);
  for (const auto& news : recent_)
    if (news.height > x.height)
      config_.context.net->send(config_.self, from, news);
}

void block_author_state::hear(const peer& from, const v1::heavy_news& x) {
  service().take(from, x);
  offer_work();
}

void block_author_state::offer_work() {
  service().before_proposal(pool_, config_.context.net->now().monotonic_ms);
  if (pool_.waiting())
    drive(consensus::event::transactions_waiting{});
}

void block_author_state::wake(const v1::alarm& alarm) {
  if (alarm.what == core_tick) {
    if (alarm.subject == wake_at_ms_)  // not replaced by a later wish
      drive(consensus::event::tick{});
    return;
  }
  pool_.expire(config_.context.net->now().monotonic_ms);
  tell_refused();
  service().wake();
  offer_work();
  self_->delayed_send(self_, std::chrono::milliseconds{housekeeping_ms}, v1::alarm{housekeeping, 0});
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
    [&state](const peer& from, const v1::submit_transaction& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::follow_heavy& x) { state.service().take(from, x); },
    [&state](const peer& from, const v1::heavy_news& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::follow_blocks& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::state_query& x) { state.service().take(from, x); },
    [&state](const peer& from, const v1::leaf_query& x) { state.service().take(from, x); },
    [&state](const peer& from, const v1::claims_query& x) { state.service().take(from, x); },
    [&state](const v1::alarm& x) { state.wake(x); },
  };
}

}  // namespace datagen
