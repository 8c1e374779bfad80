#pragma once
// How a Fast author brings Heavy's decisions onto its chain (the RPC of L255): it follows Heavy,
// checks every certificate, and offers what the Fast state does not know yet as a transaction.

#include "actors/heavy_follower.hpp"

#include <map>

namespace datagen {

class heavy_relay {
public:
  heavy_relay() = default;
  heavy_relay(const peer& self, const role_context& context) : heavy_(self, context) {}

  /// @returns the new blocks.
  std::vector<protocol::ledger::block_events> take(const v1::heavy_news& news);
  /// Likewise what is under way in a state, which itself is nothing to relay.
  std::vector<protocol::ledger::block_events> take(const peer& from, const v1::snapshot_piece& x);
  /// What a Fast state that has followed up to `known` lacks, as one transaction's bytes; up to the
  /// end of a Heavy epoch at most.
  std::optional<protocol::bytes> lacking(std::uint64_t known) const;
  /// Forgets what the Fast state knows.
  void prune(std::uint64_t known);
  /// What a Fast state that has followed up to `known` lacks is still here, or yet to come.
  bool reaches(std::uint64_t known) const { return pruned_ <= known; }
  void wake() { heavy_.wake(); }
  std::size_t kept() const { return blocks_.size() + proofs_.size(); }
  peer author() const { return heavy_.author(); }
  std::uint64_t height() const { return heavy_.view().position.height; }
  const protocol::ledger::view& view() const { return heavy_.view(); }

private:
  heavy_follower heavy_;
  std::uint64_t pruned_ = 0;
  std::map<std::uint64_t, protocol::ledger::block_events> blocks_;
  std::map<std::uint64_t, protocol::ledger::certified_events> proofs_;  ///< Without their blocks.
};

}  // namespace datagen
