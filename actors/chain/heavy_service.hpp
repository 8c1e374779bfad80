#pragma once
// A Heavy author's service: certified events for everyone who follows, from memory for those who
// keep up, from the archive for the others.

#include "actors/chain/chain_service.hpp"
#include "actors/chain/heavy_feed.hpp"
#include "actors/transport.hpp"

#include "protocol/ledger/machine.hpp"

namespace datagen {

/// Who has not asked for so long follows somebody else, or is gone.
inline constexpr std::uint64_t follower_lease_ms = 60'000;

struct heavy_service_limits {
  std::size_t feed_blocks_max = 4096;  ///< At hand; followers further behind cost the archive reads.
  std::size_t followers_max = 16'384;  ///< Further ones ask another author.
  std::size_t readings_max = 8;        ///< Of the archive at a time.
  /// Of one follower between two wakes: it must take in what it is sent.
  std::uint32_t follower_readings_max = 8;
};

class heavy_service : public chain_service {
public:
  heavy_service(const peer& self, role_context context,
                std::shared_ptr<protocol::ledger::ledger_machine> ledger,
                heavy_service_limits limits = {})
      : self_(self),
        context_(std::move(context)),
        ledger_(std::move(ledger)),
        limits_(limits),
        feed_(limits.feed_blocks_max) {}

  protocol::chain::state_machine& machine() override { return *ledger_; }
  const protocol::ledger::ledger_machine& ledger() const { return *ledger_; }
  std::size_t state_bytes() const override { return ledger_->snapshot().size(); }
  void executed(v1::block_news& news) override;
  void restored(const v1::block_news& news) override;
  void certified(const protocol::consensus::certificate& proof) override;
  void adopted(std::uint64_t height) override { feed_.begin_after(height); }
  void restores_after(std::uint64_t height) override { feed_.hold_after(height); }
  void reads_from(feed_source source) override { source_ = std::move(source); }
  std::size_t kept() const override { return feed_.kept() + followers_.size(); }
  std::vector<protocol::ledger::event> heavy_events(const v1::block_news& news) override;
  void wake() override;
  using chain_service::take;
  void take(const peer& from, const v1::follow_heavy& wish) override;
  void take(const peer& from, const v1::state_query& query) override;

private:
  bool is_far() const;
  std::optional<protocol::bytes> record_of(const v1::state_query& query) const;
  struct following {
    std::uint64_t height = 0;  ///< That it was told up to.
    std::uint64_t until_ms = 0;
    bool reading = false;      ///< The archive is asked on its behalf.
    std::uint32_t readings = 0;  ///< Since the last wake.
  };
  void tell(const peer& to, following& x);
  void read_for(const peer& to, following& x);
  void was_read(const peer& to, std::uint64_t above,
                std::optional<protocol::ledger::certified_events> news);

  peer self_;
  role_context context_;
  std::shared_ptr<protocol::ledger::ledger_machine> ledger_;
  heavy_service_limits limits_;
  heavy_feed feed_;
  feed_source source_;
  std::size_t readings_ = 0;
  std::map<peer, following> followers_;
};

}  // namespace datagen
