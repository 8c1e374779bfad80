#pragma once
// A Heavy author's service: certified events for everyone who follows.

#include "actors/chain/chain_service.hpp"
#include "actors/chain/heavy_feed.hpp"
#include "actors/transport.hpp"

#include "protocol/ledger/machine.hpp"

namespace datagen {

/// Who has not asked for so long follows somebody else, or is gone.
inline constexpr std::uint64_t follower_lease_ms = 60'000;

class heavy_service : public chain_service {
public:
  heavy_service(const peer& self, role_context context,
                std::shared_ptr<protocol::ledger::ledger_machine> ledger)
      : self_(self), context_(std::move(context)), ledger_(std::move(ledger)) {}

  protocol::chain::state_machine& machine() override { return *ledger_; }
  void executed(v1::block_news& news) override;
  void restored(const v1::block_news& news) override;
  void certified(const protocol::consensus::certificate& proof) override;
  void adopted(std::uint64_t height) override { feed_.begin_after(height); }
  std::vector<protocol::ledger::event> heavy_events(const v1::block_news& news) override;
  void wake() override;
  using chain_service::take;
  void take(const peer& from, const v1::follow_heavy& wish) override;
  void take(const peer& from, const v1::state_query& query) override;

private:
  std::optional<protocol::bytes> record_of(const v1::state_query& query) const;
  void tell(const peer& to, std::uint64_t& height);

  peer self_;
  role_context context_;
  std::shared_ptr<protocol::ledger::ledger_machine> ledger_;
  heavy_feed feed_;
  struct following {
    std::uint64_t height = 0;  ///< That it was told up to.
    std::uint64_t until_ms = 0;
  };
  std::map<peer, following> followers_;
};

}  // namespace datagen
