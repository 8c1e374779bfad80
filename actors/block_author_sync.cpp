// How an author comes back from behind (consensus.md 2.15): by blocks that its peers keep, and by
// their state where they keep none that follow on its own.
#include "actors/block_author.hpp"

#include "actors/chain/block_server.hpp"
#include "actors/chain/chain_number.hpp"
#include "actors/chain/snapshot_server.hpp"

#include "protocol/chain/take_over.hpp"

namespace datagen {

using namespace protocol;

namespace {

/// A state that could not be had, or not be proven, is asked for again after so long.
constexpr std::uint64_t state_again_ms = 1'000;

}  // namespace

// By blocks
// ------------------------------------------------------------------------------------------

/// The committee. A Heavy author that does not serve asks everybody: those whom it knows may all
/// have left since. Fast's committees it would hear of from Heavy.
std::vector<std::uint32_t> block_author_state::helpers() const {
  auto result = term_.members.ids;
  if (engine_ || config_.self.kind != role::heavy_author)
    return result;
  const auto others = config_.context.net->known(config_.self.kind);
  result.insert(result.end(), others.begin(), others.end());
  return result;
}

void block_author_state::ask_for_blocks() {
  if (dead_ || rewinding_ || joining_)
    return;
  sync_.ask_among(helpers());
  const consensus::catch_up::position own{epoch(), head_.height, engine_ != nullptr};
  for (const auto& x : sync_.poll(own, now_ms()))
    config_.context.net->send(config_.self, {config_.self.kind, x.peer},
                              v1::block_query{x.number, x.first, x.last});
  if (incoming_ && incoming_->fetch.late(now_ms()))
    give_up_state();
  if (const auto whose = sync_.whose_state(own, now_ms()))
    ask_for_state(*whose);
  if (!engine_ && !lost_ && sync_.gap() <= rejoin_gap)
    rejoin();
}

void block_author_state::hear(const peer& from, const v1::block_answer& x) {
  if (from.kind != config_.self.kind)
    return;
  sync_.replied(from.index, x.request, x.epoch, x.height, x.blocks, x.state);
  ask_for_blocks();  // judges anew how far behind we are
  advance_sync();
  ask_for_blocks();
}

void block_author_state::advance_sync() {
  while (!dead_ && !rewinding_ && !joining_ && !ended_ && (!engine_ || sync_.behind())) {
    const auto found = sync_.take(head_.height + 1);
    if (!found)
      return;
    const auto& [from, range] = *found;
    if (range.last.statement.epoch != epoch())
      return;  // its committee is not known here yet
    const auto checked = check(range, head_, term_.members, *config_.context.signatures);
    if (checked.check != consensus::range_check::ok)
      return sync_.blame(from, now_ms());
    sync_.credit(from);
    execute(range, checked.vertices);
  }
}

/// Executes what a quorum stands behind. What it leads to must be what they found, too.
void block_author_state::execute(const consensus::block_range& range,
                                 const std::vector<vertices>& content) {
  retire_engine();
  v1::block_news news;
  for (std::size_t i = 0; i < content.size() && !ended_; ++i)
    news = run(range.commits[i], content[i], content[i]);
  if (statement_of(term_.members, news) != range.last.statement)
    return alarmed(consensus::alarm_kind::diverged, {0, 0, news.block});
  certified(range.last);
  if (news.next && config_.self.kind == role::heavy_author)
    begin_epoch({{*news.next, news.block, news.timestamp_ms}, news.height + 1});
  succeed();
}

bool block_author_state::reaches_floor() const {
  if (commits_.empty())
    return head_.height + 1 == term_.first;
  const auto depth = config_.engine(term_.members.size()).gc_depth;
  return commits_.front().index == term_.first ||
         commits_.front().leader.round + depth <= commits_.back().leader.round;
}

/// Near enough: an engine starts behind the last block, on the vertices that are stored.
void block_author_state::rejoin() {
  if (ended_ || !reaches_floor() || !term_.members.index_of(config_.self.index))
    return;
  joining_ = true;
  const auto depth = config_.engine(term_.members.size()).gc_depth;
  const auto round = commits_.empty() ? 0 : commits_.back().leader.round;
  self_
    ->request(
      config_.archive, caf::infinite,
      v1::epoch_query{chain_number(config_.self), epoch(), round > depth ? round - depth : 0})
    .then([this, which = epoch()](const v1::epoch_reply& found) {
      joining_ = false;
      if (found.code != ec::ok)
        return halt();
      if (which == epoch() && !engine_ && !ended_)
        enter({decode_all(found.vertices), {commits_.begin(), commits_.end()}}, false);
    });
}

// By state
// -------------------------------------------------------------------------------------------

void block_author_state::hear(const peer& from, const v1::snapshot_query& x) {
  if (servings_ >= config_.servings_max || rewinding_)
    return;  // it asks elsewhere
  ++servings_;
  v1::snapshot_read wanted{.chain = chain_number(config_.self),
                           .hands_over = {},
                           .epoch = x.epoch,
                           .height = x.height,
                           .offset = x.offset};
  if (config_.self.kind == role::heavy_author)
    wanted.hands_over = term_.members.chain;
  self_->request(config_.archive, caf::infinite, wanted)
    .then([this, from, request = x.request](v1::snapshot_piece& found) {
      --servings_;
      found.request = request;
      config_.context.net->send(config_.self, from, std::move(found));
    });
}

void block_author_state::ask_for_state(std::uint32_t whose) {
  if (incoming_ || now_ms() < state_again_ms_)
    return;
  state_again_ms_ = now_ms() + state_again_ms;
  incoming_ = {consensus::state_fetch{whose}, {}, {}};
  ask_for_piece();
}

void block_author_state::ask_for_piece() {
  const auto wanted = incoming_->fetch.next(now_ms());
  config_.context.net->send(
    config_.self, {config_.self.kind, incoming_->fetch.peer()},
    v1::snapshot_query{wanted.number, epoch(), wanted.height, wanted.offset});
}

void block_author_state::give_up_state() {
  sync_.blame(incoming_->fetch.peer(), now_ms());
  incoming_.reset();
}

void block_author_state::hear(const peer& from, const v1::snapshot_piece& x) {
  if (config_.self.kind == role::fast_author && from.kind == role::heavy_author)
    return learn(service().take(from, x));
  if (dead_ || rewinding_ || !incoming_ || from.kind != config_.self.kind ||
      !incoming_->fetch.expects(from.index, x.request))
    return;
  auto& fetch = incoming_->fetch;
  if (fetch.height() == 0 && !(x.proof && trust(*x.proof, x.height, x.size)))
    return give_up_state();
  if (!fetch.add(x.height, x.offset, x.data))
    return give_up_state();
  if (fetch.complete())
    adopt();
  else
    ask_for_piece();
}

std::optional<epoch_term> block_author_state::term_of(const consensus::state_proof& proof) const {
  auto term = term_;
  const auto wanted = proof.proof.statement.epoch;
  if (config_.self.kind == role::heavy_author) {  // the chain itself says who follows
    for (const auto& end : proof.ends)
      if (const auto next = seated_by(end, term, *config_.context.signatures))
        term = *next;
    return term.members.epoch == wanted ? std::optional{term} : std::nullopt;
  }
  if (term.members.epoch < wanted) {  // Heavy says so
    const auto* seat = config_.service->successor_of(wanted - 1);
    if (!seat)
      return std::nullopt;
    term = term_behind(*seat);
  }
  const auto* end = config_.service->successor_of(wanted);
  const bool is_void = end && end->base->fast_height < proof.block.index;
  return is_void ? std::nullopt : std::optional{term};
}

bool block_author_state::trust(const consensus::state_proof& proof, std::uint64_t height,
                               std::uint64_t size) {
  const auto term = term_of(proof);
  if (!term || proof.block.index != height || height <= head_.height ||
      check(proof.block, proof.proof, *term, *config_.context.signatures) !=
        consensus::state_check::ok)
    return false;
  incoming_->proof = proof;
  incoming_->term = *term;
  return incoming_->fetch.begin(height, size);
}

/// The state of a stranger, if it is what a quorum has signed: this author goes on from there.
void block_author_state::adopt() {
  const auto x = std::move(*incoming_);
  incoming_.reset();
  const auto& said = x.proof.proof.statement;
  if (said.height <= head_.height)
    return;  // blocks came after all
  if (!chain::take_over(service().machine(), x.fetch.data(), said))
    return sync_.blame(x.fetch.peer(), now_ms());
  retire_engine();
  if (tail_)
    retired_.push_back(std::exchange(tail_, nullptr));
  auto batch = std::make_shared<storage::write_batch>();
  keep(x, *batch);
  term_ = x.term;
  head_ = {said.height, said.block};
  head_ms_ = x.proof.block.timestamp_ms;
  commits_ = {x.proof.block};
  lost_ = ended_ = false;
  certified_here_ = true;
  certified_height_ = said.height;
  recent_.clear();
  proven_.clear();
  marks_.clear();
  service().adopted(said.height);
  service().serving(term_.members);
  sync_.end_at(std::nullopt);
  stay_silent_if_fresh(*batch);
  write(std::move(batch));
  succeed();
  ask_for_blocks();
}

/// What a restart continues from, and what proves the state to the next one who asks.
void block_author_state::keep(const incoming_state& x, storage::write_batch& batch) const {
  const auto chain = chain_number(config_.self);
  const auto& id = x.term.members.chain;
  if (const auto* seat = config_.service->successor_of(epoch()); seat && seat->base)
    batch.cuts.push_back({chain, seat->base->fast_height});  // the rest is void
  const auto keep_block = [&](const consensus::commit& block, const consensus::certificate& proof,
                              const std::optional<consensus::roster>& next) {
    const auto& said = proof.statement;
    const v1::block_news news{.height = said.height,
                              .epoch = said.epoch,
                              .block = said.block,
                              .previous = block.previous,
                              .timestamp_ms = block.timestamp_ms,
                              .state_root = said.state_root,
                              .worth_certifying = true,
                              .next = next};
    batch.commits.push_back({.chain = chain,
                             .height = said.height,
                             .id = said.block,
                             .block = encode(news, block),
                             .state_root = said.state_root,
                             .time_ms = block.timestamp_ms});
    batch.certificates.push_back({chain, said.height, encode(proof)});
  };
  for (const auto& end : x.proof.ends) {
    keep_block(end.last, end.over.last, end.over.next);
    batch.records.push_back({epoch_end_record, encode(id, end.over.last.statement.epoch),
                             encode(end.over.last.statement.height)});
  }
  keep_block(x.proof.block, x.proof.proof, std::nullopt);
  batch.snapshots.push_back({chain, x.fetch.height(), x.fetch.data()});
  batch.records.push_back({base_record, encode(id), encode(x.fetch.height())});
  if (x.term.members.epoch == epoch())
    return;
  for (auto old = epoch() == 0 ? 0 : epoch() - 1; old <= epoch(); ++old)
    batch.records.push_back({epoch_record, encode(id, old), std::nullopt});
  batch.records.push_back({epoch_record, encode(id, x.term.members.epoch), encode(x.term)});
}

}  // namespace datagen
