#pragma once
// All actors in one thread under CAF's deterministic scheduler, with a virtual clock: the same run
// from the same seed, and hours in seconds.

#include "messages/register.hpp"

#include "protocol/crypto/hash.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <memory>
#include <optional>

namespace datagen {

struct deterministic_config : caf::actor_system_config {
  deterministic_config() {
    set("scheduler.policy", caf::atom("testing"));
    add_messages(*this);
  }
};

class deterministic_system {
public:
  caf::actor_system& system() { return system_; }

  /// Runs until `done` holds or `limit_ms` of virtual time have passed. @returns whether it held.
  template <class Predicate>
  bool run_until(Predicate done, std::uint64_t limit_ms) {
    const auto end = now() + std::chrono::milliseconds{limit_ms};
    while (!done()) {
      if (scheduler_.has_job())
        deliver();
      else if (now() >= end || !scheduler_.trigger_timeout())
        return false;
    }
    return true;
  }
  void run_for(std::uint64_t virtual_ms) {
    run_until([] { return false; }, virtual_ms);
  }
  /// Lets everything that is due now happen, without moving the clock.
  void settle() {
    while (scheduler_.has_job())
      deliver();
  }
  caf::actor_clock::time_point now() { return scheduler_.clock().now(); }
  /// Messages that actors have taken from their mailboxes.
  std::uint64_t deliveries() const { return deliveries_; }

  /// Sends a request and returns where its answer will appear.
  template <class Reply, class Handle, class Message>
  std::shared_ptr<std::optional<Reply>> ask(const Handle& whom, Message what) {
    auto answer = std::make_shared<std::optional<Reply>>();
    system_.spawn([=](caf::event_based_actor* self) {
      self->request(whom, caf::infinite, what).then([=](const Reply& reply) { *answer = reply; });
    });
    return answer;
  }

  /// 32 bytes that are the same in every run.
  std::function<protocol::digest()> entropy(std::uint64_t seed) {
    return [seed, count = std::uint64_t{0}]() mutable {
      return protocol::hash("test-entropy", seed, count++);
    };
  }

private:
  void deliver() {
    scheduler_.run_once();
    ++deliveries_;
  }
  deterministic_config config_;
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& scheduler_ =
    dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
  std::uint64_t deliveries_ = 0;
};

}  // namespace datagen
