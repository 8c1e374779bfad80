#pragma once
// One epoch of one chain at work: the core, what lets vertices in, and the votes that make
// certificates (consensus.md 2.13, 2.15). The author has one for the present epoch and, until the
// new committee has certified a block, one that serves the tail of the epoch before.

#include "messages/chain.hpp"

#include "actors/transport.hpp"

#include "protocol/consensus/core.hpp"
#include "protocol/consensus/verify.hpp"

#include <deque>

namespace datagen::storage {
struct write_batch;
}

namespace datagen {

using protocol::consensus::epoch_term;

/// What the committee `members` states about a block it ordered (consensus.md 2.13, 2.15).
protocol::consensus::finality_statement statement_of(const protocol::consensus::roster& members,
                                                     const v1::block_news& news);

class epoch_engine;

/// What an engine asks of the author that runs it.
class engine_host {
public:
  virtual ~engine_host() = default;
  /// Makes `batch` durable, then tells `from`, if it is still there.
  virtual void persist(epoch_engine& from, std::uint64_t sequence,
                       std::shared_ptr<storage::write_batch> batch) = 0;
  virtual void output(epoch_engine& from, const protocol::consensus::commit& block,
                      const std::vector<protocol::consensus::vertex_ptr>& vertices) = 0;
  virtual protocol::consensus::event::payload choose(
    const protocol::consensus::effect::want_payload& limits) = 0;
  virtual void requeue(std::vector<protocol::bytes> transactions) = 0;
  virtual void wake_at(epoch_engine& from, std::uint64_t monotonic_ms) = 0;
  virtual void certified(const protocol::consensus::certificate& proof) = 0;
  virtual void equivocated(const protocol::consensus::vertex_ptr& first,
                           const protocol::consensus::vertex_ptr& second) = 0;
  virtual void alarmed(protocol::consensus::alarm_kind kind,
                       const protocol::consensus::vertex_ref& about) = 0;
  /// `author` has voted for a block at `height`: a hint of how far the chain is.
  virtual void heard_of(const peer& author, std::uint32_t epoch, std::uint64_t height) = 0;
};

struct engine_config {
  peer self;  ///< Index = id in the chain's registry.
  role_context context;
  protocol::key_pair key;
  epoch_term term;
  protocol::consensus::engine_params params;
  std::shared_ptr<const protocol::consensus::coin_source> coin;
  bool may_propose = true;  ///< False: decides and executes, and signs nothing (2.12).
};

/// What an engine finds in the archive of its epoch.
struct epoch_memory {
  std::vector<protocol::consensus::vertex_ptr> vertices;  ///< Above the last commit's floor.
  std::vector<protocol::consensus::commit> recent;        ///< See `event::start`.
};

class epoch_engine : public std::enable_shared_from_this<epoch_engine> {
public:
  /// @pre `config.self` serves in the term; `host` outlives the engine.
  epoch_engine(engine_config config, engine_host& host);

  /// @param over the epoch's last block is executed already.
  void start(const epoch_memory& memory, bool over = false);
  /// The block that was just output was executed to this: votes and shares follow.
  void executed(const v1::block_news& news);
  /// A block of an earlier run or one that was synced: speaks for it unless a run before has.
  void restored(const v1::block_news& news, bool certified);
  /// The epoch's last block is executed.
  void close();
  /// Nothing more is handled or sent.
  void halt() { halted_ = true; }
  void tick();
  void transactions_waiting();
  void persisted(std::uint64_t sequence);

  void hear(const peer& from, const protocol::consensus::vertex_ptr& vertex);
  void hear(const peer& from, const v1::vertices_reply& x);
  void hear(const peer& from, const v1::vertex_query& x);
  void hear(const peer& from, const v1::vertices_since_query& x);

  const epoch_term& term() const { return config_.term; }
  std::uint32_t epoch() const { return config_.term.members.epoch; }
  bool proposing() const { return core_.status().proposing; }
  bool closed() const { return closed_; }
  /// Of the vertices of an output block, those that no record has made durable.
  std::vector<protocol::consensus::vertex_ptr> not_durable(
    const std::vector<protocol::consensus::vertex_ptr>& vertices) const;

private:
  using event = protocol::consensus::any_event;

  void drive(event first);
  void act(protocol::consensus::effect::persist& x);
  void act(protocol::consensus::effect::broadcast& x);
  void act(protocol::consensus::effect::send_vertices& x);
  void act(protocol::consensus::effect::fetch& x);
  void act(protocol::consensus::effect::fetch_since& x);
  void act(protocol::consensus::effect::output& x);
  void act(protocol::consensus::effect::want_payload& x);
  void act(protocol::consensus::effect::requeue& x) { host_.requeue(std::move(x.transactions)); }
  void act(protocol::consensus::effect::wake_at& x) { host_.wake_at(*this, x.monotonic_ms); }
  void act(protocol::consensus::effect::evidence& x) { host_.equivocated(x.first, x.second); }
  void act(protocol::consensus::effect::alarm& x) { host_.alarmed(x.kind, x.about); }

  std::optional<protocol::consensus::author_index> author_of(const peer& from) const;
  peer peer_of(protocol::consensus::author_index author) const;
  protocol::consensus::vertex_ptr admit(protocol::consensus::vertex_ptr v) const;
  void speak_for(const v1::block_news& news, bool certified);
  void count_votes(const protocol::consensus::sealed_vertex& x);
  void count_vote(protocol::consensus::author_index author,
                  const protocol::consensus::finality_vote& vote);
  void disagree(protocol::consensus::author_index author,
                const protocol::consensus::finality_vote& vote);

  engine_config config_;
  engine_host& host_;
  protocol::consensus::author_index own_;
  protocol::consensus::core core_;
  protocol::consensus::verify_context rules_;
  protocol::consensus::vote_collector votes_;
  std::deque<event> events_;
  bool driving_ = false;
  bool closed_ = false;
  bool halted_ = false;
  std::uint64_t height_ = 0;                           ///< Of the last executed block.
  std::set<protocol::consensus::vertex_ref> durable_;  ///< Above the floor of the last block.
  std::map<std::uint64_t,
           std::map<protocol::consensus::author_index, protocol::consensus::finality_vote>>
    early_votes_;
  /// Who says otherwise about a block, by height and by what they say.
  std::map<std::uint64_t, std::map<std::pair<protocol::digest, protocol::digest>,
                                   std::set<protocol::consensus::author_index>>>
    dissent_;
  std::set<std::uint64_t> released_;  ///< Beacon shares given out in an earlier run.
  std::set<std::uint64_t> voted_;     ///< Votes given out in an earlier run.
};

}  // namespace datagen
