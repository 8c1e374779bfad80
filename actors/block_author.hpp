#pragma once
// One chain's author: a shell round the consensus core and the chain's state machine. Vertices are
// durable before they are sent; blocks are executed in order, certified by votes that travel in
// vertices, and told to whoever follows.

#include "messages/interfaces.hpp"

#include "actors/chain/chain_service.hpp"
#include "actors/transport.hpp"

#include "protocol/consensus/core.hpp"
#include "protocol/consensus/verify.hpp"

#include <deque>
#include <set>

namespace datagen {

/// What an author finds in its archive when it starts again.
struct author_memory {
  std::vector<protocol::consensus::vertex_ptr> vertices;    ///< Above the last commit's floor.
  std::vector<protocol::consensus::commit> recent;          ///< See `event::start`.
  std::vector<v1::block_news> blocks;                       ///< All executed ones, by height.
  std::vector<std::pair<protocol::consensus::certificate, protocol::bytes>> certificates;
};

struct block_author_config {
  peer self;  ///< heavy_author or fast_author; index = place in the committee.
  role_context context;
  protocol::key_pair key;
  protocol::consensus::committee members;
  protocol::consensus::engine_params engine;
  std::shared_ptr<const protocol::consensus::coin_source> coin;
  std::shared_ptr<chain_service> service;
  archive_actor archive;
  std::shared_ptr<const author_memory> memory;
  mempool_limits pool;
  std::uint64_t snapshot_blocks = 500;  ///< A restart executes at most so many blocks again.
  std::size_t recent_blocks_max = 4096; ///< Kept at hand for followers of blocks.
};

class block_author_state {
public:
  explicit block_author_state(block_author_actor::pointer self) : self_(self) {}
  static inline const char* name = "block_author";

  void start(block_author_config config);
  void hear(const peer& from, const v1::vertex_gossip& x);
  void hear(const peer& from, const v1::vertex_query& x);
  void hear(const peer& from, const v1::vertices_since_query& x);
  void hear(const peer& from, const v1::vertices_reply& x);
  void hear(const peer& from, const v1::submit_transaction& x);
  void hear(const peer& from, const v1::follow_blocks& x);
  void hear(const peer& from, const v1::heavy_news& x);
  void wake(const v1::alarm& alarm);
  chain_service& service() { return *config_.service; }

private:
  enum alarm_kind : std::uint32_t { housekeeping = 0, core_tick = 1 };
  using event = protocol::consensus::any_event;

  /// Feeds the core and everything that follows from it, one event after the other.
  void drive(event first);
  void act(protocol::consensus::effect::persist& x);
  void act(protocol::consensus::effect::broadcast& x);
  void act(protocol::consensus::effect::send_vertices& x);
  void act(protocol::consensus::effect::fetch& x);
  void act(protocol::consensus::effect::fetch_since& x);
  void act(protocol::consensus::effect::output& x);
  void act(protocol::consensus::effect::want_payload& x);
  void act(protocol::consensus::effect::requeue& x);
  void act(protocol::consensus::effect::wake_at& x);
  void act(protocol::consensus::effect::evidence& x);
  void act(protocol::consensus::effect::alarm& x);

  protocol::consensus::vertex_ptr verified(const blob& raw);
  void count_votes(const protocol::consensus::sealed_vertex& x);
  void count_vote(protocol::consensus::author_index author,
                  const protocol::consensus::finality_vote& vote);
  void try_certify(std::uint64_t height);
  void speak_for(const v1::block_news& news);
  protocol::consensus::finality_statement statement_of(const v1::block_news& news) const;
  void store(const v1::block_news& news, const protocol::consensus::commit& block);
  void tell_outcomes(const v1::block_news& news);
  void publish(const v1::block_news& news);
  void tell_refused();
  void offer_work();
  peer peer_of(protocol::consensus::author_index author) const;
  void write(std::shared_ptr<storage::write_batch> batch);

  block_author_actor::pointer self_;
  block_author_config config_;
  std::optional<protocol::consensus::core> core_;
  std::optional<protocol::consensus::verify_context> rules_;
  std::optional<protocol::consensus::vote_collector> votes_;
  mempool pool_;
  std::deque<event> events_;
  bool driving_ = false;
  bool dead_ = false;                            ///< The archive failed: nothing more is signed.
  std::uint64_t wake_at_ms_ = 0;
  std::set<std::uint64_t> restored_proofs_;      ///< Heights certified in an earlier run.
  std::map<std::uint64_t, std::map<protocol::consensus::author_index,
                                   protocol::consensus::finality_vote>> early_votes_;
  std::set<std::uint64_t> released_;             ///< Beacon shares given out in an earlier run.
  std::set<std::uint64_t> voted_;                ///< Votes given out in an earlier run.
  std::deque<v1::block_news> recent_;
  std::set<peer> followers_;              ///< Of blocks.
  std::set<peer> certificate_followers_;
};

/// Executes the next block on `service` and describes it.
v1::block_news execute_block(chain_service& service, const protocol::consensus::commit& block,
                             const std::vector<protocol::consensus::vertex_ptr>& vertices);

block_author_actor::behavior_type block_author(
  block_author_actor::stateful_pointer<block_author_state> self, block_author_config config);

}  // namespace datagen
