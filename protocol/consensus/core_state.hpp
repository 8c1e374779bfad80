#pragma once
// What a core holds between two events; included by its own sources only.

#include "protocol/consensus/bygone.hpp"
#include "protocol/consensus/core.hpp"
#include "protocol/consensus/linearizer.hpp"
#include "protocol/consensus/proposer.hpp"
#include "protocol/consensus/synchroniser.hpp"

namespace datagen::protocol::consensus {

struct core::state {
  explicit state(core_config c)
      : config(std::move(c)),
        graph(config.members.size(), config.params),
        past(config.params.gc_depth),
        door(graph),
        coins(config.coin, config.members.size(), config.params.leaders),
        order(config.first_commit, config.members.previous_commit, config.members.genesis_time_ms),
        pace(config.params, config.self, genesis_refs(config.members)),
        sync(config.params, config.members.size(), config.self),
        exposed(config.members.size(), false),
        executed(config.first_commit - 1) {}

  void on(const event::start& e);
  void on(const event::vertices_verified& e) { offer_all(e.vertices, e.from); }
  void on(const event::fetch_reply& e);
  void on(const event::fetch_query& e);
  void on(const event::since_query& e);
  void on(const event::transactions_waiting&) { mempool_waiting = true; }
  void on(const event::payload& e);
  void on(const event::tick&) {}
  void on(const event::persisted& e);
  void on(const event::peer_up& e);
  void on(const event::peer_down& e);
  void on(const event::commit_executed& e);
  void on(const event::epoch_closed& e);

  void resume(const std::vector<commit>& recent);
  void offer_all(const std::vector<vertex_ptr>& vertices, author_index from);
  void offer(const vertex_ptr& v, author_index from);
  void meet_twin(const vertex_ptr& v);
  void decide();
  void output(const slot& s);
  bool collect();
  void propose();
  void seal_own(round_number round, std::vector<bytes> transactions);
  std::vector<bytes> trim(std::vector<bytes> transactions);
  void give_back(const std::vector<bytes>& transactions);
  void give_back_uncommitted();
  void synchronise();
  void set_wake();
  round_number lag() const { return graph.highest_round() - order.last_leader_round(); }
  /// Blocks that are ordered and not executed.
  std::uint64_t backlog() const { return order.last_index() - executed; }
  /// Commits, or their execution, fall so far behind that more rounds would only make it worse:
  /// where a quorum cannot keep up, all wait; a slower minority alone holds up nobody (2.14).
  bool strained() const {
    return lag() > config.params.gc_depth / 2 || backlog() > 2 * config.params.backlog_max;
  }
  /// Accepted, or collected and kept for peers that are behind; null otherwise.
  vertex_ptr held(const vertex_ref& ref) const;
  vertex_ptr own_of(round_number round) const;
  bool known_peer(author_index a) const { return a < config.members.size() && a != config.self; }
  void emit(any_effect e) { effects.push_back(std::move(e)); }

  core_config config;
  dag graph;
  bygone past;
  admission door;
  coin_elector coins;
  committer rule;
  linearizer order;
  proposer pace;
  synchroniser sync;

  instant now;
  std::vector<any_effect> effects;
  bool started = false;
  bool proposing = true;
  bool conflict_told = false;
  std::vector<bool> exposed;  ///< Authors whose equivocation was reported.
  std::set<vertex_ref> done;  ///< Committed by an earlier run; marked when they come in again.
  std::size_t work = 0;       ///< Accepted, uncommitted vertices that carry work.
  std::vector<vertex_ptr> unpersisted;  ///< Others' vertices accepted since the last record.
  vertex_ptr pending;                   ///< Own vertex whose record is not durable yet.
  std::uint64_t pending_ms = 0;
  std::uint64_t sequence = 0;
  bool mempool_waiting = false;
  bool payload_asked = false;
  std::optional<std::vector<bytes>> payload;
  std::vector<finality_vote> votes;  ///< For the next own vertices, in order.
  std::vector<beacon_share> shares;
  bool urgent = false;
  commit_index executed;
  /// Own vertices with transactions, by the commit they are in, until that is executed.
  std::multimap<commit_index, vertex_ptr> unexecuted;
  bool closed = false;          ///< The epoch is over (2.13).
  std::uint64_t resync_ms = 0;  ///< When every peer is asked unless a round comes first.
  std::uint64_t wake_ms = 0;    ///< The wake-up asked for last; 0 once it is due.
  std::uint64_t pace_ms = 0;    ///< The proposer's next look.
};

}  // namespace datagen::protocol::consensus
