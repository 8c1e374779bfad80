// What each event changes; what follows from it is in core_progress.cpp.
#include "protocol/consensus/core_state.hpp"

#include <algorithm>

namespace datagen::protocol::consensus {

namespace {

constexpr round_number stretch_rounds = 3;  // a longer gap is asked for by round, not by reference

/// Adds `v` to an answer unless it is full. @returns whether it was added.
bool add_within(effect::send_vertices& answer, const vertex_ptr& v, std::size_t& size,
                const engine_params& params) {
  for (const auto& transaction : v->body.transactions)
    size += transaction.size();
  if (answer.vertices.size() >= params.fetch_batch_max || size > params.reply_bytes_max)
    return false;
  answer.vertices.push_back(v);
  return true;
}

}  // namespace

core::core(core_config config) : state_(std::make_unique<state>(std::move(config))) {}
core::~core() = default;
core::core(core&&) noexcept = default;
core& core::operator=(core&&) noexcept = default;

std::vector<any_effect> core::handle(const any_event& what, instant now) {
  auto& s = *state_;
  s.now = now;
  std::visit([&](const auto& e) { s.on(e); }, what);
  if (s.started) {
    s.decide();
    s.propose();
    s.synchronise();
    s.set_wake();
  }
  return std::exchange(s.effects, {});
}

core_status core::status() const {
  const auto& s = *state_;
  return {s.pace.own_round(),
          s.rule.decided_round(),
          s.graph.highest_round(),
          s.graph.floor(),
          s.order.last_index(),
          s.order.last_leader_round(),
          s.graph.size(),
          s.door.waiting(),
          s.sync.missing(),
          s.proposing,
          s.closed,
          s.past.size()};
}

const dag& core::graph() const { return state_->graph; }

// Stored vertices come back in causal order; commits that follow are output again, for the shell to
// compare with its log (2.12). The last own vertex was durable, so it may be sent again verbatim.
void core::state::on(const event::start& e) {
  if (std::exchange(started, true))
    return;
  proposing = e.may_propose;
  resync_ms = now.monotonic_ms + config.params.resync_ms;
  resume(e.recent);
  auto stored = e.stored;
  std::sort(stored.begin(), stored.end(),
            [](const vertex_ptr& a, const vertex_ptr& b) { return a->ref < b->ref; });
  vertex_ptr last_own;
  for (const auto& v : stored) {
    if (v->ref.round <= graph.floor())
      past.add(v);
    if (const auto twin = door.twin_of(v->ref)) {
      exposed[v->ref.author] = true;  // reported by an earlier run
      pace.expose(v->ref.author);
    }
    door.restore(v);
    decide();
    if (v->ref.author == config.self) {
      last_own = v;
      pace.remember(*v, now.monotonic_ms, false);
    }
  }
  unpersisted.clear();
  if (last_own)
    emit(effect::broadcast{last_own});
  if (closed)
    give_back_uncommitted();
}

// The state behind the last commit is a function of it and of which vertices above its floor are in
// a commit already (2.10); skipped slots behind it are decided again, to the same end.
void core::state::resume(const std::vector<commit>& recent) {
  if (recent.empty())
    return;
  const auto& last = recent.back();
  order.resume(last, config.params);
  const auto leaders = coins.leaders(last.coin);
  const auto slot = std::find(leaders.begin(), leaders.end(), last.leader.author);
  rule = committer{
    {last.leader.round, static_cast<std::uint32_t>(std::distance(leaders.begin(), slot)) + 1}};
  graph.collect(order.floor());
  past.raise(order.floor());
  executed = last.index;
  for (const auto& block : recent)
    done.insert(block.vertices.begin(), block.vertices.end());
}

void core::state::offer_all(const std::vector<vertex_ptr>& vertices, author_index from) {
  if (!started || !known_peer(from))
    return;
  for (const auto& v : vertices)
    offer(v, from);
}

void core::state::offer(const vertex_ptr& v, author_index from) {
  const auto& ref = v->ref;
  if (ref.author == config.self && ref.round > graph.floor() && !graph.find(ref) && proposing) {
    proposing = false;
    emit(effect::alarm{alarm_kind::own_equivocation, ref});
  }
  if (ref.round > graph.floor())
    meet_twin(v);
  switch (door.offer(v, from)) {
    case admission_outcome::author_full:
      emit(effect::alarm{alarm_kind::suspended_full, ref});
      break;
    case admission_outcome::too_far:
      sync.want_since(from, graph.highest_of(from) + 1, now.monotonic_ms);
      break;
    case admission_outcome::suspended:  // a whole stretch is missing: not one round trip per round
      if (ref.round > graph.highest_of(ref.author) + stretch_rounds)
        sync.want_since(ref.author, graph.highest_of(ref.author) + 1, now.monotonic_ms);
      break;
    default:
      break;
  }
  for (const auto& missing : door.take_wanted())
    sync.want(missing, now.monotonic_ms);
}

void core::state::meet_twin(const vertex_ptr& v) {
  if (exposed[v->ref.author])
    return;
  const auto other = door.twin_of(v->ref);
  if (!other)
    return;
  exposed[v->ref.author] = true;
  pace.expose(v->ref.author);
  emit(effect::evidence{other, v});
}

void core::state::on(const event::fetch_reply& e) {
  if (!known_peer(e.from))
    return;
  sync.replied(e.from, e.request, e.vertices, now.monotonic_ms);
  offer_all(e.vertices, e.from);  // late answers are welcome too
}

void core::state::on(const event::fetch_query& e) {
  effect::send_vertices answer{e.from, e.request, {}};
  std::size_t size = 0;
  for (const auto& ref : e.refs) {
    const auto v = held(ref);
    if (v && !add_within(answer, v, size, config.params))
      break;
  }
  emit(std::move(answer));
}

void core::state::on(const event::since_query& e) {
  effect::send_vertices answer{e.from, e.request, {}};
  std::size_t size = 0;
  for (auto round = std::max(e.round, past.floor() + 1); round <= graph.highest_of(config.self);
       ++round) {
    const auto own = own_of(round);
    if (own && !add_within(answer, own, size, config.params))
      break;
  }
  emit(std::move(answer));
}

vertex_ptr core::state::held(const vertex_ref& ref) const {
  const auto* accepted = ref.author < graph.authors() ? graph.find(ref) : nullptr;
  return accepted ? accepted->v : past.find(ref);
}

vertex_ptr core::state::own_of(round_number round) const {
  const auto* accepted = graph.first(round, config.self);
  return accepted ? accepted->v : past.first(round, config.self);
}

void core::state::on(const event::payload& e) {
  if (!std::exchange(payload_asked, false))
    return;
  if (closed) {
    give_back(e.transactions);
    return;
  }
  mempool_waiting = mempool_waiting || e.more;
  payload = trim(e.transactions);
}

void core::state::on(const event::persisted& e) {
  if (!pending || e.sequence != sequence)
    return;
  const auto own = std::exchange(pending, nullptr);
  pace.remember(*own, pending_ms, strained());
  door.offer(own, config.self);
  emit(effect::broadcast{own});
}

void core::state::on(const event::peer_up& e) {
  if (!known_peer(e.peer))
    return;
  sync.set_up(e.peer, true);
  sync.want_since(e.peer, graph.highest_of(e.peer) + 1, now.monotonic_ms);
}

void core::state::on(const event::peer_down& e) {
  if (known_peer(e.peer))
    sync.set_up(e.peer, false);
}

void core::state::on(const event::commit_executed& e) {
  executed = std::max(executed, e.index);
  unexecuted.erase(unexecuted.begin(), unexecuted.upper_bound(executed));
  if (e.vote)
    votes.push_back(*e.vote);
  shares.insert(shares.end(), e.beacon_shares.begin(), e.beacon_shares.end());
  urgent = urgent || e.urgent;
}

// Execution runs behind the output: what was output behind the last commit is void like the rest.
void core::state::on(const event::epoch_closed&) {
  if (!std::exchange(closed, true) && started)
    give_back_uncommitted();
}

void core::state::give_back_uncommitted() {
  for (const auto& [index, own] : std::exchange(unexecuted, {}))
    give_back(own->body.transactions);
  for (auto round = graph.floor() + 1; round <= graph.highest_of(config.self); ++round)
    if (const auto* own = graph.first(round, config.self); own && !own->committed)
      give_back(own->v->body.transactions);
  if (pending)
    give_back(pending->body.transactions);
  if (payload)
    give_back(*std::exchange(payload, std::nullopt));
}

void core::state::give_back(const std::vector<bytes>& transactions) {
  if (!transactions.empty())
    emit(effect::requeue{transactions});
}

}  // namespace datagen::protocol::consensus
