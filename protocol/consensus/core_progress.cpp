// What follows after every event: decide, propose, fetch, sleep. All of it is judged anew each
// time, so that no signal can be missed.
#include "protocol/consensus/core_state.hpp"

#include <algorithm>

namespace datagen::protocol::consensus {

namespace {

/// Does ordering this vertex change anything? Finality votes do not need to be ordered (2.4).
bool is_work(const vertex& v) { return !v.transactions.empty() || !v.beacon_shares.empty(); }

}  // namespace

// Runs the rule on every acceptance: waiting for an own proposal would only add latency (2.3).
void core::state::decide() {
  bool again = true;
  while (again) {
    for (const auto* n : door.take_accepted()) {
      if (!done.empty() && done.erase(n->v->ref) > 0)
        graph.mark_committed(*n);
      work += is_work(n->v->body) && !n->committed;
      if (n->author() != config.self && proposing)
        unpersisted.push_back(n->v);
    }
    if (closed)
      return;
    const auto decided = rule.advance(graph, coins);
    if (rule.conflict() && !std::exchange(conflict_told, true))
      emit(effect::alarm{alarm_kind::two_certified_twins, {}});
    for (const auto& s : decided)
      if (s.leader)
        output(s);
    again = collect();
  }
}

void core::state::output(const slot& s) {
  auto next = order.take(graph, s);
  for (const auto& v : next.vertices) {
    work -= is_work(v->body);
    if (v->ref.author == config.self && !v->body.transactions.empty())
      unexecuted.emplace(next.block.index, v);
  }
  emit(effect::output{std::move(next.block), std::move(next.vertices)});
}

/// @returns whether vertices that waited below the new floor came in.
bool core::state::collect() {
  if (order.floor() <= graph.floor())
    return false;
  const auto before = graph.size();
  const auto gone = graph.collect(order.floor());
  past.raise(graph.floor());
  for (const auto& n : gone) {
    past.add(n->v);
    if (n->committed)
      continue;
    work -= is_work(n->v->body);
    if (n->author() == config.self)
      give_back(n->v->body.transactions);
  }
  while (!done.empty() && done.begin()->round <= graph.floor())
    done.erase(done.begin());
  door.release();
  return graph.size() + gone.size() > before;
}

void core::state::propose() {
  pace_ms = ~std::uint64_t{0};
  if (!proposing || pending || payload_asked)
    return;
  const auto& p = config.params;
  // Who may not propose what waits gains nothing by haste: more blocks, and execution never catches
  // up.
  const bool behind = backlog() > p.backlog_max;
  const bool waiting = urgent || (!closed && ((mempool_waiting && !behind) || work > 0 || payload));
  const auto moment = pace.when(graph, {rule.decided_round(), lag(), waiting}, now.monotonic_ms);
  pace_ms = moment.wake_ms;
  if (!moment.ready)
    return;
  const bool pressed = behind || lag() > 3 * p.wave;
  if (!payload && mempool_waiting && !pressed && !moment.catch_up && !closed) {
    payload_asked = true;
    mempool_waiting = false;  // set again by what arrives while the question is open
    emit(effect::want_payload{p.payload_bytes_max, p.transactions_max});
    return;
  }
  seal_own(moment.round, std::exchange(payload, std::nullopt).value_or(std::vector<bytes>{}));
}

// The record goes out first; the vertex enters our own DAG and the network when it is durable, so
// that neither a peer nor our own decisions ever rest on a vertex a crash could take back (2.12).
void core::state::seal_own(round_number round, std::vector<bytes> transactions) {
  const auto& p = config.params;
  vertex own;
  own.chain = config.members.chain;
  own.epoch = config.members.epoch;
  own.round = round;
  own.author = config.self;
  own.timestamp_ms = std::max(now.unix_ms, pace.own_timestamp_ms());
  own.ancestors = pace.ancestors(graph, round);
  if (const auto slot = p.slot_decided_at(round))
    own.coin_share = config.coin->share(coin_domain::leaders, *slot);
  own.transactions = std::move(transactions);
  const auto move_some = [](auto& from, auto& to, std::size_t max) {
    const auto end = from.begin() + static_cast<std::ptrdiff_t>(std::min(from.size(), max));
    to.assign(from.begin(), end);
    from.erase(from.begin(), end);
  };
  move_some(votes, own.finality_votes, p.finality_votes_max);
  move_some(shares, own.beacon_shares, p.beacon_shares_max);
  urgent = urgent && !(votes.empty() && shares.empty());
  pending = sign_vertex(std::move(own), config.key);
  pending_ms = now.monotonic_ms;
  resync_ms = now.monotonic_ms + p.resync_ms;
  emit(effect::persist{++sequence, pending, std::exchange(unpersisted, {})});
}

/// What fits the limits of 2.2; the rest goes back to the mempool.
std::vector<bytes> core::state::trim(std::vector<bytes> transactions) {
  std::size_t size = 0, count = 0;
  while (count < transactions.size() && count < config.params.transactions_max &&
         size + transactions[count].size() <= config.params.payload_bytes_max)
    size += transactions[count++].size();
  if (count < transactions.size()) {
    const auto end = transactions.begin() + static_cast<std::ptrdiff_t>(count);
    emit(effect::requeue{{end, transactions.end()}});
    transactions.erase(end, transactions.end());
  }
  return transactions;
}

void core::state::synchronise() {
  if (now.monotonic_ms >= resync_ms) {
    resync_ms = now.monotonic_ms + config.params.resync_ms;
    for (author_index a = 0; a < config.members.size(); ++a)
      sync.want_since(a, graph.highest_of(a) + 1, now.monotonic_ms);
  }
  for (auto& e : sync.poll(door, now.monotonic_ms))
    emit(std::move(e));
}

void core::state::set_wake() {
  if (wake_ms <= now.monotonic_ms)
    wake_ms = 0;
  const auto next = std::min({pace_ms, sync.due_ms(), resync_ms});
  if (next == wake_ms)
    return;
  wake_ms = next;
  emit(effect::wake_at{next});
}

}  // namespace datagen::protocol::consensus
