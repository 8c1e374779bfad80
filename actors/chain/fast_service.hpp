#pragma once
// A Fast author's service: relays Heavy's decisions onto its chain, brings certified checkpoints to
// Heavy, opens drawn leaves, stores inputs that checkers cannot get and results that users did not get,
// tells its validator what it is owed, and claims for those that are away.

#include "actors/chain/chain_service.hpp"
#include "actors/chain/heavy_relay.hpp"
#include "actors/chain/input_store.hpp"
#include "actors/chain/result_store.hpp"
#include "actors/oldest_first.hpp"

#include "protocol/fast/machine.hpp"

namespace datagen {

class fast_service : public chain_service {
public:
  /// @param key signs what this author holds for an audit.
  fast_service(const peer& self, const role_context& context, const protocol::key_pair& key,
               std::shared_ptr<protocol::fast::fast_machine> fast);

  protocol::chain::state_machine& machine() override { return *fast_; }
  std::size_t state_bytes() const override { return fast_->snapshot().size(); }
  void executed(v1::block_news& news) override;
  void restored(const v1::block_news& news) override;
  void certified(const protocol::consensus::certificate& proof) override;
  void before_proposal(mempool& pool, std::uint64_t now_ms) override;
  void wake() override;

  void serving(const protocol::consensus::roster& members) override;
  void adopted(std::uint64_t) override { made_.clear(); }
  std::uint64_t restores_from() const override;
  std::size_t kept() const override {
    return made_.size() + deliveries_.size() + accusations_.size() + overdue_.size() +
           seated_.size() + heavy_.kept();
  }
  std::uint64_t returns_to() const override { return settled_height_; }
  void rewound(std::uint64_t height) override;
  void started_over() override;
  const protocol::ledger::happened::committee_seated* successor_of(
    std::uint32_t epoch) const override;
  void send_heavy(protocol::bytes transaction) override;
  void accuse(std::uint32_t epoch, protocol::validator_id whom, protocol::bytes proof) override;

  using chain_service::take;
  std::vector<protocol::ledger::block_events> take(const peer& from,
                                                   const v1::heavy_news& news) override;
  std::vector<protocol::ledger::block_events> take(const peer& from,
                                                   const v1::snapshot_piece& x) override;
  void take(const peer& from, const v1::leaf_query& query) override;
  void take(const peer& from, const v1::claims_query& query) override;
  void take(const peer& from, const v1::input_offer& offer) override;
  void take(const peer& from, const v1::content_query& query) override;
  void take(const peer& from, const v1::leaf_place_query& query) override;
  void take(const peer& from, const v1::entry_query& query) override;
  void take(const peer& from, const v1::result_offer& offer) override;
  void take(const peer& from, const v1::result_query& query) override;

private:
  /// When something is sent, and sent again.
  struct attempts {
    std::uint64_t next_ms = 0;
    std::uint32_t tries = 0;
    /// Is it due? If so, the next time follows, each twice as late, at most so many times.
    bool take(std::uint64_t now_ms, std::uint32_t doublings_max);
  };
  /// A certified checkpoint, or a proof, on its way to Heavy.
  struct delivery {
    protocol::bytes transaction;
    attempts when;
  };
  /// How long this author leaves duty number `turn` to those before it, ms; members take turns.
  std::uint64_t patience(std::uint64_t turn) const;
  void send_due();
  void send_due(delivery& x, std::uint32_t doublings_max);
  void claim_for_absent();
  std::vector<protocol::ledger::block_events> heard(
    std::vector<protocol::ledger::block_events> blocks);
  void hear(const protocol::ledger::event& what);
  void keep_receipts();

  peer self_;
  role_context context_;
  protocol::key_pair key_;
  protocol::chain_id heavy_chain_;
  protocol::consensus::roster members_;
  std::shared_ptr<protocol::fast::fast_machine> fast_;
  protocol::fast::setting rules_;
  heavy_relay heavy_;
  std::uint64_t heard_height_ = 0;  ///< Of Heavy: a relay that follows again brings nothing twice.
  input_store inputs_;
  result_store results_;
  /// Of the leaves ordered last, for users that were given none: the state forgets them with their draw.
  oldest_first<std::pair<protocol::job_id, std::uint8_t>, protocol::receipt> receipts_{1u << 14};
  std::map<std::uint64_t, protocol::ledger::tx::checkpoint> made_;  ///< By height, uncertified.
  std::map<std::uint64_t, delivery> deliveries_;      ///< By sequence, until settled.
  /// By the epoch of the deed and who did it, until it has paid.
  std::map<std::pair<std::uint32_t, protocol::validator_id>, delivery> accusations_;
  std::map<std::uint64_t, attempts> overdue_;         ///< Closed claim epochs, unpaid for long.
  std::uint64_t settled_ = 0;                         ///< Sequence settled on Heavy.
  std::uint64_t settled_height_ = 0;                  ///< Of this chain, likewise.
  std::uint64_t relay_since_ms_ = 0;                  ///< Since when there is something to relay.
  /// By the epoch before theirs; none that is behind this author.
  std::map<std::uint32_t, protocol::ledger::happened::committee_seated> seated_;
};

}  // namespace datagen
