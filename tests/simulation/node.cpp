#include "tests/simulation/node.hpp"

#include <algorithm>

namespace datagen::simulation {

node_process::node_process(stage& s, member_id id)
    : stage_(s), id_(id), machine_(s, dossier_, [this](const auto& e) { on_executed(e); }) {
  dossier_.author = s.author_of(id);
}

instant node_process::now() const {
  const auto skew = stage_.options.clock_skew_ms.find(author());
  const auto wall = unix_of(stage_.time.now(), author());
  return {stage_.time.now(), skew == stage_.options.clock_skew_ms.end()
                               ? wall
                               : wall + static_cast<std::uint64_t>(skew->second)};
}

void node_process::deliver(const any_event& e) {
  if (!engine_)
    return;
  const auto life = life_;
  auto effects = engine_->handle(e, now());
  if (stage_.options.watch_slots)
    watch();
  for (auto& effect : effects) {
    std::visit([&](auto& x) { on(x); }, effect);
    if (life_ != life)
      return;  // crashed while carrying out the effects
  }
  stage_.rules.look(dossier_, engine_->status());
}

/// Delivers `e` to the life that runs now, after `delay_ms`.
void node_process::later(std::uint64_t delay_ms, any_event e) {
  stage_.time.after(delay_ms, [this, e = std::move(e), life = life_] {
    if (life_ == life)
      deliver(e);
  });
}

void node_process::watch() {
  const auto coins = stage_.electing();
  for (const auto& s : shadow_.advance(engine_->graph(), coins))
    slots_.push_back({s.round, s.offset, s.decision, engine_->graph().highest_round()});
}

void node_process::crash() {
  engine_.reset();
  machine_.crash();
  ++life_;
}

void node_process::maybe_crash(crash_point point) {
  if (!plan_ || plan_->point != point)
    return;
  ++stage_.restarts;
  const auto pause = plan_->pause_ms;
  plan_.reset();
  crash();
  stage_.time.after(pause, [this] { boot(); });
}

void node_process::boot() {
  if (engine_)
    return;
  for (const auto& block : log_)
    machine_.replay(block);
  start_with(what_is_stored());
}

void node_process::start_with(const event::start& memory) {
  mempool_.clear();  // clients submit again what they have not seen committed
  for (const auto& [transaction, member] : stage_.submitted)
    if (member == id_ && !stage_.rules.committed().contains(transaction))
      mempool_.push_back(transaction);
  waiting_told_ = false;
  shadow_ = committer{};
  slots_.clear();
  engine_ = std::make_unique<core>(core_config{stage_.members, stage_.options.params, author(),
                                               stage_.keys[author()], stage_.coin_of(author()), 1});
  if (machine_.state().epoch_over)
    deliver(event::epoch_closed{});
  deliver(memory);
  wake_mempool();
  for (author_index peer = 0; peer < stage_.options.n; ++peer)
    deliver(event::peer_up{peer});
}

/// Every other life resumes behind the last block, from what a pruned store would hold.
event::start node_process::what_is_stored() {
  dossier_.output = 0;
  event::start result{stored_, {}, !dossier_.observer};
  if (log_.empty() || (life_ % 2 == 0 && !machine_.state().epoch_over))
    return result;
  const auto depth = stage_.options.params.gc_depth;
  const auto leader = log_.back().block.leader.round;
  const round_number floor = leader > depth ? leader - depth : 0;
  std::erase_if(result.stored, [&](const vertex_ptr& v) {
    return v->ref.round + depth <= floor && v->ref.author != author();
  });
  for (const auto& block : log_)
    if (block.block.leader.round > floor)
      result.recent.push_back(block.block);
  dossier_.output = log_.back().block.index;
  return result;
}

void node_process::lose_store() {
  crash();
  stored_.clear();
  log_.clear();
  dossier_.durable.clear();
  dossier_.observer = true;
  machine_.restore({});
}

void node_process::rebuild(const node_process& peer) {
  crash();
  std::erase_if(stored_, [&](const vertex_ptr& v) { return v->ref.author != author(); });
  for (const auto& v : peer.stored_)
    if (v->ref.author != author() || !dossier_.durable.contains(v->ref.id))
      stored_.push_back(v);
  for (const auto& v : stored_)
    dossier_.durable.insert(v->ref.id);
  log_ = peer.log_;
  dossier_.blocks = peer.dossier_.blocks;
  machine_.restore(peer.machine_.state());
  for (const auto& block : log_)
    machine_.replay(block);
  life_ |= 1;  // what a peer hands over is resumed behind, never replayed
  start_with(what_is_stored());
}

void node_process::submit(const bytes& transaction) {
  mempool_.push_back(transaction);
  wake_mempool();
}

void node_process::wake_mempool() {
  if (!mempool_.empty() && engine_ && !std::exchange(waiting_told_, true))
    deliver(event::transactions_waiting{});
}

void node_process::on_executed(const event::commit_executed& e) {
  const auto life = life_;
  deliver(e);
  if (life_ == life && machine_.state().epoch_over && !engine_->status().closed) {
    std::erase_if(log_, [&](const effect::output& o) { return o.block.index > e.index; });
    dossier_.blocks.resize(log_.size());
    deliver(event::epoch_closed{});
  }
}

void node_process::on(effect::persist& e) {
  stage_.rules.proposed(dossier_, e, status());
  payloads_ += !e.own->body.transactions.empty();
  const auto life = life_;
  maybe_crash(crash_point::before_write);
  if (life_ != life)
    return;
  stage_.time.after(stage_.random() % (stage_.options.write_max_ms + 1), [this, e, life] {
    if (life_ == life)
      write(e);
  });
}

// Only now does the vertex exist for anybody: one that a crash takes back before this point never
// left, and its author may sign another for the round. Counting both would judge one vote twice.
void node_process::write(const effect::persist& e) {
  stage_.publish(e.own);
  for (const auto& v : e.accepted) {
    stored_.push_back(v);
    dossier_.durable.insert(v->ref.id);
  }
  stored_.push_back(e.own);
  dossier_.durable.insert(e.own->ref.id);
  dossier_.own_round = e.own->ref.round;
  for (const auto& ancestor : e.own->body.ancestors)
    stage_.rules.require(ancestor.round == 0 || dossier_.durable.contains(ancestor.id),
                         "2.12: ancestors are durable with the vertex that refers to them");
  const auto life = life_;
  maybe_crash(crash_point::after_write);
  if (life_ == life)
    deliver(event::persisted{e.sequence});
}

void node_process::on(effect::broadcast& e) {
  stage_.rules.sent(dossier_, *e.own);
  if (stage_.valid(e.own))
    for (author_index to = 0; to < stage_.options.n; ++to)
      stage_.send(id_, to, event::vertices_verified{author(), {e.own}});
  maybe_crash(crash_point::after_send);
}

void node_process::on(effect::send_vertices& e) {
  stage_.send(id_, e.to, event::fetch_reply{author(), e.request, e.vertices});
}
void node_process::on(effect::fetch& e) {
  stage_.send(id_, e.peer, event::fetch_query{author(), e.request, e.refs});
}
void node_process::on(effect::fetch_since& e) {
  stage_.send(id_, e.peer, event::since_query{author(), e.request, e.round});
}

void node_process::on(effect::want_payload&) {
  waiting_told_ = false;
  later(0, event::payload{std::exchange(mempool_, {}), false});
}

void node_process::on(effect::requeue& e) {
  mempool_.insert(mempool_.end(), e.transactions.begin(), e.transactions.end());
  if (!std::exchange(waiting_told_, true))
    later(0, event::transactions_waiting{});
}

void node_process::on(effect::wake_at& e) {
  wake_ms_ = e.monotonic_ms;
  stage_.rules.require(wake_ms_ > stage_.time.now(), "a wake-up in the past would spin");
  stage_.time.at(wake_ms_, [this, time = wake_ms_, life = life_] {
    if (life_ == life && wake_ms_ == time)
      deliver(event::tick{});
  });
}

void node_process::on(effect::output& e) {
  stage_.note(e.block.index);
  stage_.rules.require(!machine_.state().epoch_over || e.block.index <= machine_.state().index,
                       "2.13: a block behind the last one of a closed epoch");
  stage_.rules.output(dossier_, e, stage_.time.now());
  if (e.block.index > log_.size())
    log_.push_back(e);
  machine_.take(e);
}

}  // namespace datagen::simulation
