#include "actors/chain/epoch_engine.hpp"

#include "actors/chain/chain_number.hpp"
#include "actors/storage/rows.hpp"

namespace datagen {

using namespace protocol;
namespace effect = consensus::effect;

namespace {

constexpr std::size_t early_votes_max = 4096;  ///< Heights.
constexpr std::size_t dissent_max = 64;

consensus::author_index place_of(const engine_config& config) {
  const auto own = config.term.members.index_of(config.self.index);
  invariant(own.has_value(), "an engine runs for members of the committee alone");
  return *own;
}

}  // namespace

epoch_engine::epoch_engine(engine_config config, engine_host& host)
    : config_(std::move(config)),
      host_(host),
      own_(place_of(config_)),
      core_({.members = config_.term.members,
             .params = config_.params,
             .self = own_,
             .key = config_.key,
             .coin = config_.coin,
             .first_commit = config_.term.first}),
      rules_(config_.term.members, config_.params, config_.coin),
      votes_(config_.term.members),
      height_(config_.term.first - 1) {}

void epoch_engine::start(const epoch_memory& memory, bool over) {
  for (const auto& v : memory.vertices) {
    durable_.insert(v->ref);
    count_votes(*v);  // early, all of them: they wait until their block is spoken for
    if (v->body.author != own_)
      continue;
    for (const auto& share : v->body.beacon_shares)
      released_.insert(share.height);
    for (const auto& vote : v->body.finality_votes)
      voted_.insert(vote.height);
  }
  if (!memory.recent.empty())
    height_ = memory.recent.back().index;
  if (over)
    close();
  drive(consensus::event::start{memory.vertices, memory.recent, config_.may_propose});
}

std::optional<consensus::author_index> epoch_engine::author_of(const peer& from) const {
  return from.kind == config_.self.kind ? config_.term.members.index_of(from.index) : std::nullopt;
}

peer epoch_engine::peer_of(consensus::author_index author) const {
  return {config_.self.kind, config_.term.members.ids[author]};
}

// Events in, effects out
// ---------------------------------------------------------------------------

void epoch_engine::drive(event first) {
  events_.push_back(std::move(first));
  if (std::exchange(driving_, true))
    return;  // an effect led to another event: its turn comes
  while (!events_.empty() && !halted_) {
    const auto next = std::move(events_.front());
    events_.pop_front();
    for (auto& what : core_.handle(next, config_.context.net->now()))
      std::visit([this](auto& x) { act(x); }, what);
  }
  driving_ = false;
}

void epoch_engine::act(effect::persist& x) {
  auto batch = std::make_shared<storage::write_batch>();
  const auto add = [&](const consensus::vertex_ptr& v, bool own) {
    batch->vertices.push_back(row_of(chain_number(config_.self), *v, own));
    durable_.insert(v->ref);
  };
  for (const auto& v : x.accepted)
    add(v, false);
  if (x.own)
    add(x.own, true);
  host_.persist(*this, x.sequence, std::move(batch));
}

void epoch_engine::act(effect::broadcast& x) {
  const v1::vertex_gossip gossip{blob{encode_vertex(*x.own)}};
  for (consensus::author_index i = 0; i < config_.term.members.size(); ++i)
    if (i != own_)
      config_.context.net->send(config_.self, peer_of(i), gossip);
  count_votes(*x.own);
}

void epoch_engine::act(effect::send_vertices& x) {
  v1::vertices_reply reply{.request = x.request, .epoch = epoch()};
  for (const auto& v : x.vertices)
    reply.vertices.push_back(blob{encode_vertex(*v)});
  config_.context.net->send(config_.self, peer_of(x.to), std::move(reply));
}

void epoch_engine::act(effect::fetch& x) {
  config_.context.net->send(config_.self, peer_of(x.peer),
                            v1::vertex_query{x.request, x.refs, epoch()});
}

void epoch_engine::act(effect::fetch_since& x) {
  config_.context.net->send(config_.self, peer_of(x.peer),
                            v1::vertices_since_query{x.request, x.round, epoch()});
}

void epoch_engine::act(effect::output& x) {
  if (closed_)
    return;  // behind the epoch's last block: void
  host_.output(*this, x.block, x.vertices);
  const auto floor = x.block.leader.round > config_.params.gc_depth
                       ? x.block.leader.round - config_.params.gc_depth
                       : 0;
  while (!durable_.empty() && durable_.begin()->round <= floor)
    durable_.erase(durable_.begin());
}

void epoch_engine::act(effect::want_payload& x) { drive(host_.choose(x)); }

void epoch_engine::close() {
  if (!std::exchange(closed_, true))
    drive(consensus::event::epoch_closed{});
}

void epoch_engine::tick() { drive(consensus::event::tick{}); }

void epoch_engine::transactions_waiting() {
  if (!closed_)
    drive(consensus::event::transactions_waiting{});
}

void epoch_engine::persisted(std::uint64_t sequence) {
  drive(consensus::event::persisted{sequence});
}

std::vector<consensus::vertex_ptr> epoch_engine::not_durable(
  const std::vector<consensus::vertex_ptr>& vertices) const {
  std::vector<consensus::vertex_ptr> result;
  for (const auto& v : vertices)
    if (durable_.count(v->ref) == 0)
      result.push_back(v);
  return result;
}

// Blocks
// -------------------------------------------------------------------------------------------

void epoch_engine::executed(const v1::block_news& news) {
  height_ = news.height;
  speak_for(news, false);
}

void epoch_engine::restored(const v1::block_news& news, bool certified) {
  height_ = std::max(height_, news.height);
  speak_for(news, certified);
}

/// Vote and beacon shares for an executed block, unless an earlier run has given them out.
void epoch_engine::speak_for(const v1::block_news& news, bool certified) {
  consensus::event::commit_executed done{.index = news.height};
  if (!certified && (news.worth_certifying || news.height % protocol::certificate_interval == 0)) {
    const auto statement = statement_of(config_.term.members, news);
    if (config_.may_propose && voted_.count(news.height) == 0)
      done.vote = sign_finality(statement, config_.key);
    votes_.expect(statement);
    if (auto node = early_votes_.extract(news.height))
      for (const auto& [author, vote] : node.mapped())
        count_vote(author, vote);
  }
  early_votes_.erase(early_votes_.begin(), early_votes_.lower_bound(news.height));
  for (const auto request : news.beacon_requests)
    if (config_.may_propose && released_.count(request) == 0)
      if (auto share = config_.coin->share(consensus::coin_domain::audits, request); !share.empty())
        done.beacon_shares.push_back({request, std::move(share)});
  done.urgent = (done.vote && news.worth_certifying) || !done.beacon_shares.empty();
  drive(std::move(done));
}

consensus::finality_statement statement_of(const consensus::roster& members,
                                           const v1::block_news& news) {
  return {.chain = members.chain,
          .epoch = members.epoch,
          .height = news.height,
          .block = news.block,
          .state_root = news.state_root,
          .next_committee = digest_of(news.next ? *news.next : members)};
}

// Votes
// --------------------------------------------------------------------------------------------

void epoch_engine::count_votes(const consensus::sealed_vertex& x) {
  for (const auto& vote : x.body.finality_votes)
    count_vote(x.body.author, vote);
}

void epoch_engine::count_vote(consensus::author_index author,
                              const consensus::finality_vote& vote) {
  if (vote.height > height_) {
    if (early_votes_.size() < early_votes_max)
      early_votes_[vote.height][author] = vote;
    host_.heard_of(peer_of(author), epoch(), vote.height);
    return;
  }
  const auto counted = votes_.add(author, vote, *config_.context.signatures);
  if (counted == consensus::vote_check::diverged)
    return disagree(author, vote);
  if (counted != consensus::vote_check::ok)
    return;
  if (const auto proof = votes_.take(vote.height)) {
    dissent_.erase(dissent_.begin(), dissent_.upper_bound(vote.height));
    host_.certified(*proof);
  }
}

/// A quorum that agrees on something else means that this node is the one that erred (2.15).
void epoch_engine::disagree(consensus::author_index author, const consensus::finality_vote& vote) {
  if (dissent_.size() >= dissent_max && dissent_.count(vote.height) == 0)
    return;
  auto& voters = dissent_[vote.height][{vote.block, vote.state_root}];
  voters.insert(author);
  if (voters.size() == config_.term.members.quorum())
    host_.alarmed(consensus::alarm_kind::diverged, {0, author, vote.block});
}

// Messages
// -----------------------------------------------------------------------------------------

consensus::vertex_ptr epoch_engine::admit(consensus::vertex_ptr v) const {
  if (!v || check(*v, rules_, *config_.context.signatures) != consensus::vertex_check::ok)
    return nullptr;
  return v;
}

void epoch_engine::hear(const peer& from, const consensus::vertex_ptr& vertex) {
  const auto sender = author_of(from);
  const auto v = sender ? admit(vertex) : nullptr;
  if (!v)
    return;
  drive(consensus::event::vertices_verified{*sender, {v}});
  count_votes(*v);
}

void epoch_engine::hear(const peer& from, const v1::vertices_reply& x) {
  const auto sender = author_of(from);
  if (!sender)
    return;
  consensus::event::fetch_reply reply{.from = *sender, .request = x.request};
  for (const auto& raw : x.vertices)
    if (auto v = raw.size() <= config_.params.vertex_bytes_max
                   ? admit(consensus::decode_vertex(raw.view()))
                   : nullptr)
      reply.vertices.push_back(std::move(v));
  const auto vertices = reply.vertices;
  drive(std::move(reply));
  for (const auto& v : vertices)
    count_votes(*v);
}

void epoch_engine::hear(const peer& from, const v1::vertex_query& x) {
  if (const auto sender = author_of(from))
    drive(consensus::event::fetch_query{*sender, x.request, x.refs});
}

void epoch_engine::hear(const peer& from, const v1::vertices_since_query& x) {
  if (const auto sender = author_of(from))
    drive(consensus::event::since_query{*sender, x.request, x.round});
}

}  // namespace datagen
