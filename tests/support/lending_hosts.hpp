#pragma once
// Hosts of one operator that lend each other devices: actor systems with real links and kernels.

#include "tests/support/worker_jobs.hpp"

#include "actors/inside_link.hpp"
#include "actors/kernel_worker.hpp"
#include "actors/lending_door.hpp"

#include "messages/register.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace datagen::tests {

using keys_path = std::optional<std::filesystem::path>;

inline std::shared_ptr<const kernels::registry> all_kernels() {
  static const auto result = std::make_shared<const kernels::registry>(kernels::registry::load());
  REQUIRE_MESSAGE(result->ok(), result->error());
  return result;
}

/// One host: an actor system with inside links, and whatever runs there.
struct host {
  struct config : caf::actor_system_config {
    explicit config(const keys_path& keys) {
      add_messages(*this);
      add_inside_links(*this, keys);
    }
  };
  config cfg;
  caf::actor_system system;
  connecting_end links_end{system};
  caf::actor running;

  explicit host(const keys_path& keys = {}) : cfg(keys), system(cfg) {}
  ~host() { stop(); }
  template <class Handle>
  Handle keep(const Handle& x) {
    running = caf::actor_cast<caf::actor>(x);
    return x;
  }
  sharing_worker_actor run_worker(kernel_worker_config x) {
    x.kernels = all_kernels();
    x.threads = 1;
    return keep(system.spawn<caf::detached>(kernel_worker, x));
  }
  /// As `datagen worker` lends what runs here.
  std::uint16_t publish(std::uint16_t port = 0) {
    const auto door =
      system.spawn(lending_door, caf::actor_cast<kernel_lender_actor>(running));
    door_ = caf::actor_cast<caf::actor>(door);
    const auto opened =
      publish_inside(system, caf::actor_cast<caf::strong_actor_ptr>(door_), "127.0.0.1", port);
    REQUIRE(opened);
    port_ = *opened;
    return port_;
  }
  void stop() {
    if (!running)
      return;
    caf::scoped_actor owner{system};
    if (door_) {
      unpublish_inside(system, caf::actor_cast<caf::strong_actor_ptr>(door_), port_);
      owner->send_exit(door_, caf::exit_reason::kill);
      owner->wait_for(door_);
    }
    owner->send_exit(running, caf::exit_reason::kill);
    owner->wait_for(running);
    running = door_ = caf::actor{};
  }
  /// What of this host other hosts know, and what runs behind it.
  std::vector<caf::actor> roles() const { return {door_, running}; }

private:
  caf::actor door_;
  std::uint16_t port_ = 0;  ///< Where it is published.
};

/// A host whose worker has few lanes of its own and those of one lender.
struct borrower : host, worker_client {
  borrower(std::uint16_t lender, std::uint32_t lanes, const keys_path& keys = {},
           std::uint64_t silence_ms = 10'000, std::uint32_t grace_ms = 10'000)
      : host(keys),
        worker_client(system, run_worker({.lanes = lanes,
                                          .lenders = {{.where = {"127.0.0.1", lender},
                                                       .probe_ms = 20,
                                                       .silence_ms = silence_ms,
                                                       .retry_min_ms = 20,
                                                       .retry_max_ms = 100}},
                                          .lender_grace = std::chrono::milliseconds{grace_ms}})) {}
  ~borrower() {
    for (std::uint64_t i = 1; i <= 10; ++i)
      cancel(i);
  }
  /// Until all of them take jobs, the lender's too.
  void wait_for_devices() {
    wait_until([](const auto& x) { return lent(x) && lent(x)->failure.empty(); });
    const auto worker = caf::actor_cast<kernel_lender_actor>(running);
    bool tested = false;
    while (!tested)
      self->request(worker, patience, v1::kernel_offer_query{})
        .receive(
          [&](v1::kernel_offer& x) {
            tested =
              std::ranges::all_of(x.devices, [](const auto& d) { return d.failure.empty(); });
          },
          [&](const caf::error& e) { FAIL(system.render(e)); });
  }
  static const v1::kernel_device_status* lent(const v1::kernel_status& x) {
    for (const auto& device : x.devices)
      if (device.name.find(" on 127.0.0.1:") != std::string::npos)
        return &device;
    return nullptr;
  }
  static std::uint32_t running_far(const v1::kernel_status& x) {
    return lent(x) ? lent(x)->running : 0;
  }
};

}  // namespace datagen::tests
