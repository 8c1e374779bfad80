#pragma once
// The least that a replicated log must do: order opaque leaves of one size and hash them into a
// chain. It is what the consensus benchmark orders, so that rules of the ledger cost nothing there.

#include "actors/chain/chain_service.hpp"

namespace datagen::bench {

inline constexpr std::size_t leaf_bytes = 128;

class log_machine final : public protocol::chain::state_machine {
public:
  admission check(protocol::byte_view transaction) const override;
  /// The head becomes the hash of itself and of the leaves' digests; blocks are not certified.
  protocol::chain::block_result execute(const protocol::chain::block_input& block) override;
  protocol::digest state_root() const override { return head_; }
  std::uint64_t height() const override { return height_; }
  protocol::bytes snapshot() const override;
  bool restore(protocol::byte_view data) override;

private:
  std::uint64_t height_ = 0;
  protocol::digest head_;
};

/// Nobody follows a log's certificates, so there is nothing to serve.
class log_service final : public chain_service {
public:
  protocol::chain::state_machine& machine() override { return machine_; }
  void executed(v1::block_news&) override {}
  void restored(const v1::block_news&) override {}
  void certified(const protocol::consensus::certificate&) override {}

private:
  log_machine machine_;
};

}  // namespace datagen::bench
