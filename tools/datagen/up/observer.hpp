#pragma once
// Watches both chains from outside, as any follower can, and lets a plain thread wait for what
// happens there.

#include "actors/node/cluster.hpp"

#include "actors/heavy_follower.hpp"

#include "protocol/fast/events.hpp"
#include "protocol/ledger/state.hpp"
#include "protocol/ledger/supply.hpp"

#include <condition_variable>
#include <mutex>

namespace datagen::tools {

/// A job's way over both chains. Times are Unix milliseconds at this observer.
struct job_sighting {
  std::uint64_t fast_height = 0;
  std::uint64_t ordered_ms = 0;
  std::uint64_t checkpoint = 0;
  std::uint64_t heavy_height = 0;  ///< 0 until its checkpoint is settled.
  std::uint64_t settled_ms = 0;
  std::string outcome;             ///< Of its audit; empty when there was none.
};

class observer {
public:
  observer(caf::actor_system& system, cluster& net, std::shared_ptr<local_transport> seam,
           std::uint32_t index);
  ~observer();

  /// Called with every Heavy event from now on, in order, on the observer's thread.
  void listen(std::function<void(std::uint64_t height, const protocol::ledger::event&)> listener);
  job_sighting job(const protocol::job_id& id) const;
  /// Waits until `done` (called under the lock) holds. @returns whether it did in time.
  bool wait(const std::function<bool()>& done, std::chrono::milliseconds limit) const;
  bool wait_settled(const protocol::job_id& id, std::chrono::milliseconds limit) const;
  /// A record of the Heavy state, decoded; nothing when the author does not answer in 2 s.
  template <class Record>
  std::optional<Record> ask(v1::state_kind kind, protocol::bytes key = {}) {
    const auto raw = ask_raw(kind, std::move(key));
    return raw ? protocol::decode<Record>(*raw) : std::nullopt;
  }
  /// Live events are under this lock; hold it to read what a listener wrote.
  std::mutex& mutex() const { return mutex_; }

private:
  std::optional<protocol::bytes> ask_raw(v1::state_kind kind, protocol::bytes key);
  void hear(const v1::heavy_news& news);
  void hear(const v1::block_news& news);

  peer self_;
  std::shared_ptr<local_transport> seam_;
  caf::actor actor_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  heavy_follower follower_;
  std::function<void(std::uint64_t, const protocol::ledger::event&)> listener_;
  std::map<protocol::job_id, job_sighting> jobs_;
  std::map<std::uint64_t, std::vector<protocol::job_id>> by_checkpoint_;
  std::map<std::uint64_t, std::optional<protocol::bytes>> answers_;
  std::uint64_t next_request_ = 1;
};

}  // namespace datagen::tools
