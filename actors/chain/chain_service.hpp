#pragma once
// What a block author does beyond consensus and execution, by chain: Heavy feeds followers, Fast
// relays Heavy's decisions and brings checkpoints to Heavy.

#include "messages/interfaces.hpp"

#include "actors/chain/mempool.hpp"

#include <functional>
#include <limits>

namespace datagen {

/// Reads certified Heavy events above a height from the archive, then calls back.
using feed_source =
  std::function<void(std::uint64_t height,
                     std::function<void(std::optional<protocol::ledger::certified_events>)> then)>;

class chain_service {
public:
  virtual ~chain_service() = default;
  virtual protocol::chain::state_machine& machine() = 0;
  /// The machine's state as a snapshot has it, bytes.
  virtual std::size_t state_bytes() const { return 0; }
  /// A block was executed just now: completes `news` with what only this chain knows.
  virtual void executed(v1::block_news& news) = 0;
  /// A block of an earlier run, not executed again.
  virtual void restored(const v1::block_news& news) = 0;
  /// Of an executed or restored block.
  virtual void certified(const protocol::consensus::certificate& proof) = 0;
  /// `members` serve from now on; this author may be one of them.
  virtual void serving(const protocol::consensus::roster&) {}
  /// The machine's state is that after the block at `height`, and came by itself: of the blocks up
  /// to there nothing is known here.
  virtual void adopted(std::uint64_t) {}
  /// Of earlier runs, blocks above `height` are restored; the ones below are in the archive alone.
  virtual void restores_after(std::uint64_t) {}
  /// The first block that `restored` must be told about after a restart, by the machine's state.
  virtual std::uint64_t restores_from() const { return std::numeric_limits<std::uint64_t>::max(); }
  /// How to read what is not at hand.
  virtual void reads_from(feed_source) {}
  /// Entries held beside the machine's state; bounded, however long the chain is.
  virtual std::size_t kept() const { return 0; }
  /// Blocks up to this height are never void; those above it may still become so.
  virtual std::uint64_t returns_to() const { return std::numeric_limits<std::int64_t>::max(); }
  /// Blocks above `height` are void.
  virtual void rewound(std::uint64_t) {}
  /// The machine's state is that before block 1 again, and nothing is known.
  virtual void started_over() {}
  /// What Heavy decided in a block of its own chain.
  virtual std::vector<protocol::ledger::event> heavy_events(const v1::block_news&) { return {}; }
  /// Fast: who follows epoch `epoch`, and after which block, once Heavy has seated them.
  virtual const protocol::ledger::happened::committee_seated* successor_of(std::uint32_t) const {
    return nullptr;
  }
  /// Fast: on its way to the Heavy Chain, once; resending is the caller's.
  virtual void send_heavy(protocol::bytes) {}
  /// Fast: likewise the proof that `whom` equivocated in `epoch`, and again until it has paid or its
  /// committee answers no more (consensus.md 2.11).
  virtual void accuse(std::uint32_t /*epoch*/, protocol::validator_id /*whom*/, protocol::bytes) {}
  /// The author is about to choose transactions.
  virtual void before_proposal(mempool&, std::uint64_t) {}
  /// About four times a second.
  virtual void wake() {}

  virtual void take(const peer&, const v1::follow_heavy&) {}
  virtual void take(const peer&, const v1::state_query&) {}
  /// @returns what Heavy decided, as far as it is new.
  virtual std::vector<protocol::ledger::block_events> take(const peer&, const v1::heavy_news&) {
    return {};
  }
  virtual std::vector<protocol::ledger::block_events> take(const peer&, const v1::snapshot_piece&) {
    return {};
  }
  virtual void take(const peer&, const v1::leaf_query&) {}
  virtual void take(const peer&, const v1::claims_query&) {}
  virtual void take(const peer&, const v1::input_offer&) {}
  virtual void take(const peer&, const v1::content_query&) {}
  virtual void take(const peer&, const v1::leaf_place_query&) {}
  virtual void take(const peer&, const v1::entry_query&) {}
  virtual void take(const peer&, const v1::result_offer&) {}
  virtual void take(const peer&, const v1::result_query&) {}
};

}  // namespace datagen
