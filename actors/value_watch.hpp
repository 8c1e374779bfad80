#pragma once
// What validators have at risk, as an edge sees it: jobs it forwarded itself at their declared value,
// everybody else's leaves at their fee, until the draw spares them or their audit is final.

#include "messages/chain.hpp"

#include "protocol/fast/events.hpp"
#include "protocol/ledger/dispute_record.hpp"
#include "protocol/ledger/view.hpp"

namespace datagen {

class value_watch {
public:
  using leaf_key = protocol::ledger::leaf_key;

  /// A job went to its validator. @returns false when this very attempt is counted already
  bool forwarded(const leaf_key& key, const protocol::account_id& user, std::uint64_t value);
  /// Nothing came of it.
  void withdrawn(const leaf_key& key);
  /// Forgets what a Fast author has said; draws are Heavy's word, and stay.
  void restart();
  /// A Fast block; `now` names the users of leaves that went another way.
  void take(const v1::block_news& news, const protocol::ledger::view& now);
  /// Every event of the Heavy Chain, in order.
  void hear(const protocol::ledger::event& what);

  const protocol::ledger::exposure& at_risk() const { return at_risk_; }
  std::uint64_t fast_height() const { return fast_height_; }
  std::size_t open() const { return open_.size(); }

private:
  struct entry {
    protocol::account_id user;
    std::uint64_t value = 0;
    std::uint64_t checkpoint = 0;  ///< Sequence that holds the leaf; 0 before it is ordered.
    std::uint32_t index = 0;
  };
  void ordered(const protocol::fast::happened::leaf_ordered& x, const protocol::ledger::view& now);
  void resolve(const leaf_key& key);
  void on(const protocol::ledger::happened::checkpoint_drawn& x);
  void on(const protocol::ledger::happened::audit_settled& x);
  void on(const protocol::ledger::happened::committee_seated& x);
  template <class Other>
  void on(const Other&) {}

  protocol::ledger::exposure at_risk_;
  std::map<leaf_key, entry> open_;
  std::map<std::uint64_t, std::vector<leaf_key>> placed_;  ///< By checkpoint, undrawn ones.
  std::map<std::uint64_t, std::set<std::uint32_t>> draws_;  ///< Lately drawn indices.
  std::uint64_t fast_height_ = 0;
};

}  // namespace datagen
