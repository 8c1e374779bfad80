#pragma once
// One chain's author: mempool, execution, storage and followers round the engine of the present
// epoch. Blocks are executed in order, whether an engine outputs them or peers send them;
// committees come and go (consensus.md 2.13), and an author that is behind, or not elected, follows
// by blocks.

#include "messages/interfaces.hpp"

#include "actors/chain/block_server.hpp"
#include "actors/chain/ceremony.hpp"
#include "actors/chain/chain_service.hpp"
#include "actors/chain/epoch_engine.hpp"
#include "actors/transport.hpp"

#include "protocol/consensus/catch_up.hpp"

#include <deque>
#include <set>

namespace datagen {

/// What an author finds in its archive when it starts again.
struct author_memory {
  epoch_term term;       ///< The present epoch.
  epoch_memory present;  ///< Of it.
  std::optional<std::pair<epoch_term, epoch_memory>>
    tail;                              ///< The epoch before, if it may be needed.
  std::optional<stored_block> base;    ///< After it the state was taken over, without its blocks.
  std::vector<v1::block_news> blocks;  ///< The last executed ones, by height.
  std::vector<protocol::ledger::event> elections;  ///< Heavy's, since the one that may be under way.
  std::vector<protocol::consensus::certificate> certificates;  ///< Of `base` and `blocks`.
  protocol::bytes genesis_state;  ///< A snapshot before block 1.
  ceremony_memory ceremonies;
  /// Nothing is signed up to this epoch: what was signed in it before is not known (2.12).
  std::optional<std::uint32_t> silent_through;
};

/// Closer to the others than this, the DAG closes the gap: they still hold the vertices.
inline constexpr std::uint64_t rejoin_gap = 24;

/// So many blocks an author holds in memory beside its machine's state; its archive has them all.
inline constexpr std::size_t kept_blocks_default = 4096;

/// Records of an author: its epochs' terms by (chain, epoch); by chain, the height after which it
/// took the state over, and the last epoch in which it signs nothing.
inline constexpr const char* epoch_record = "epoch";
inline constexpr const char* base_record = "base";
inline constexpr const char* silent_record = "silent";

struct block_author_config {
  peer self;  ///< heavy_author or fast_author; index = id in the chain's registry.
  role_context context;
  protocol::key_pair key;
  /// The engine's numbers for a committee of this size.
  std::function<protocol::consensus::engine_params(std::size_t)> engine;
  std::optional<protocol::coin_scalar> genesis_secret;  ///< Of the dealt coin, in epoch 0.
  /// Stands before each epoch's coin; unset: nothing does.
  std::function<std::shared_ptr<const protocol::consensus::coin_source>(
    std::shared_ptr<const protocol::consensus::coin_source>)>
    coin_seam;
  std::shared_ptr<chain_service> service;
  archive_actor archive;
  std::shared_ptr<const author_memory> memory;
  mempool_limits pool;
  std::uint64_t retain_blocks = 10'000;  ///< So many keep their vertices, for peers behind.
  std::size_t recent_blocks_max = kept_blocks_default;  ///< At hand for followers of blocks.
  std::size_t followers_max = 16'384;    ///< Of blocks; further ones ask another author.
  std::size_t servings_max = 8;          ///< Block queries read from disk at a time.
};

class block_author_state : public engine_host {
public:
  explicit block_author_state(block_author_actor::pointer self) : self_(self) {}
  static inline const char* name = "block_author";

  void start(block_author_config config);
  void hear(const peer& from, const v1::vertex_gossip& x);
  void hear(const peer& from, const v1::vertex_query& x);
  void hear(const peer& from, const v1::vertices_since_query& x);
  void hear(const peer& from, const v1::vertices_reply& x);
  void hear(const peer& from, const v1::block_query& x);
  void hear(const peer& from, const v1::block_answer& x);
  void hear(const peer& from, const v1::snapshot_query& x);
  void hear(const peer& from, const v1::snapshot_piece& x);
  void hear(const peer& from, const v1::submit_transaction& x);
  void hear(const peer& from, const v1::follow_blocks& x);
  void hear(const peer& from, const v1::heavy_news& x);
  void learn(const std::vector<protocol::ledger::block_events>& heavy);
  void wake(const v1::alarm& alarm);
  chain_service& service() { return *config_.service; }
  ceremony& coin_ceremony() { return ceremony_; }

  // engine_host
  void persist(epoch_engine& from, std::uint64_t sequence,
               std::shared_ptr<storage::write_batch> batch) override;
  void output(epoch_engine& from, const protocol::consensus::commit& block,
              const std::vector<protocol::consensus::vertex_ptr>& vertices) override;
  protocol::consensus::event::payload choose(
    const protocol::consensus::effect::want_payload& limits) override;
  void requeue(std::vector<protocol::bytes> transactions) override;
  void wake_at(epoch_engine& from, std::uint64_t monotonic_ms) override;
  void certified(const protocol::consensus::certificate& proof) override;
  void equivocated(const protocol::consensus::vertex_ptr& first,
                   const protocol::consensus::vertex_ptr& second) override;
  void alarmed(protocol::consensus::alarm_kind kind,
               const protocol::consensus::vertex_ref& about) override;
  void heard_of(const peer& author, std::uint32_t epoch, std::uint64_t height) override;

private:
  enum alarm_kind : std::uint32_t { housekeeping = 0, engine_tick = 1 };
  using vertices = std::vector<protocol::consensus::vertex_ptr>;

  /// A state on its way here, what proves it, and who served when it was made.
  struct incoming_state {
    protocol::consensus::state_fetch fetch;
    protocol::consensus::state_proof proof;
    epoch_term term;
  };

  // Blocks (block_author_blocks.cpp); transactions (block_author.cpp)
  std::uint32_t epoch() const { return term_.members.epoch; }
  std::uint64_t now_ms() const { return config_.context.net->now().monotonic_ms; }
  /// A restart executes at most so many blocks again.
  std::uint64_t snapshot_blocks() const { return config_.context.chain->params.snapshot_blocks; }
  v1::block_news run(const protocol::consensus::commit& block, const vertices& content,
                     const vertices& to_store);
  void store(const v1::block_news& news, const protocol::consensus::commit& block,
             const vertices& to_store);
  void mark(const v1::block_news& news);
  void prune(const v1::block_news& news, storage::write_batch& batch);
  void remember(const protocol::consensus::commit& block);
  void tell_outcomes(const v1::block_news& news);
  void publish(const v1::block_news& news);
  void tell_refused();
  void offer_work();
  void hand_on(const protocol::bytes& transaction);
  void hand_on_waiting();
  void to_heavy(protocol::bytes transaction);
  std::shared_ptr<epoch_engine> engine_of(std::uint32_t epoch) const;
  void write(std::shared_ptr<storage::write_batch> batch);
  void write_then(std::shared_ptr<storage::write_batch> batch, std::function<void()> then);
  void halt();

  // Epochs (block_author_epochs.cpp)
  void recall(const author_memory& memory);
  void begin_ceremonies(const ceremony_memory& memory);
  void begin_epoch(epoch_term next);
  void enter(const epoch_memory& memory, bool over);
  std::shared_ptr<epoch_engine> make_engine(const epoch_term& term);
  void start_engine(epoch_engine& engine, const epoch_memory& memory, bool over);
  void succeed();
  /// The term of the committee that Heavy has seated.
  epoch_term term_behind(const protocol::ledger::happened::committee_seated& seat) const;
  void rewind(const protocol::ledger::fast_base& base);
  void rewound(const protocol::ledger::fast_base& base, const v1::rewind_reply& found);
  void start_over();
  void stay_silent_if_fresh(storage::write_batch& batch);
  void retire_engine();

  // From behind (block_author_sync.cpp)
  /// Who serves in the epoch of `proof`, and since when, as far as that is known or proven by it.
  std::optional<epoch_term> term_of(const protocol::consensus::state_proof& proof) const;
  void ask_for_state(std::uint32_t peer);
  void ask_for_piece();
  bool trust(const protocol::consensus::state_proof& proof, std::uint64_t height,
             std::uint64_t size);
  void give_up_state();
  void adopt();
  void keep(const incoming_state& x, storage::write_batch& batch) const;
  void advance_sync();
  void execute(const protocol::consensus::block_range& range, const std::vector<vertices>& content);
  std::vector<std::uint32_t> helpers() const;
  void ask_for_blocks();
  /// The blocks known here reach down to the floor of an engine that starts behind the last one.
  bool reaches_floor() const;
  void rejoin();

  block_author_actor::pointer self_;
  block_author_config config_;
  epoch_term term_;
  protocol::consensus::chain_head head_;  ///< The last executed block.
  std::uint64_t head_ms_ = 0;             ///< Its timestamp.
  bool ended_ = false;                    ///< It is the last of its epoch.
  std::uint64_t certified_height_ = 0;
  bool certified_here_ = false;           ///< A block of the present epoch has its certificate.
  std::shared_ptr<epoch_engine> engine_;  ///< Of the present epoch; none while not serving in it.
  std::shared_ptr<epoch_engine> tail_;    ///< Of the epoch before.
  std::vector<std::shared_ptr<epoch_engine>> retired_;  ///< They may still be at work further up.
  std::uint64_t wake_at_ms_ = 0;
  std::uint64_t tail_wake_ms_ = 0;
  mempool pool_;
  ceremony ceremony_;
  protocol::consensus::catch_up sync_;
  std::optional<incoming_state> incoming_;
  std::uint64_t state_again_ms_ = 0;
  std::deque<protocol::consensus::commit> commits_;  ///< The last ones, for an engine's start.
  std::optional<std::uint32_t> silent_through_;
  /// Started then, Unix time, with an empty database, and has signed nothing since.
  std::optional<std::uint64_t> fresh_since_ms_;
  bool joining_ = false;  ///< An engine's start waits for the archive.
  bool rewinding_ = false;
  bool lost_ = false;  ///< Starts over: an engine must not go on from what is void.
  bool dead_ = false;  ///< The archive failed, or we diverged: nothing more is signed.
  /// Vertices of the next epoch that came before its time.
  std::deque<std::pair<peer, protocol::consensus::vertex_ptr>> early_;
  std::deque<v1::block_news> recent_;
  struct prune_mark {
    std::uint64_t height = 0;
    std::uint32_t epoch = 0;
    std::uint32_t floor = 0;  ///< No block above needs a vertex of this round or a lower one.
  };
  std::deque<prune_mark> marks_;    ///< Of every `snapshot_blocks()`-th block.
  /// Above the state at this height no vertex is let go: from there a rewind executes again.
  std::uint64_t way_back_ = 0;
  std::set<std::uint64_t> proven_;  ///< Heights among `recent_` that have certificates.
  std::set<peer> followers_;        ///< Of blocks.
  std::set<peer> certificate_followers_;
  protocol::bytes genesis_state_;
  std::size_t servings_ = 0;
  std::uint64_t hand_on_ms_ = 0;
  std::uint32_t hand_on_to_ = 0;
};

/// Executes the next block on `service` and describes it.
v1::block_news execute_block(chain_service& service, std::uint32_t epoch,
                             const protocol::consensus::commit& block,
                             const std::vector<protocol::consensus::vertex_ptr>& vertices);

block_author_actor::behavior_type block_author(
  block_author_actor::stateful_pointer<block_author_state> self, block_author_config config);

}  // namespace datagen
