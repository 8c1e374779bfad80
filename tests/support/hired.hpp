#pragma once
// Roles that a test runs in place of a virtual cluster's own, on kernels that lie while they are told
// to.

#include <caf/all.hpp>

#include "tests/support/virtual_cluster.hpp"

#include "actors/adversary/bent_worker.hpp"
#include "actors/archive.hpp"
#include "actors/cross_checker.hpp"
#include "actors/kernel_worker.hpp"
#include "actors/validator.hpp"

namespace datagen::tests {

class hired {
public:
  explicit hired(virtual_cluster& net) : net_(net) {
    auto& system = net.sim.system();
    honest_ = keep(system.spawn(
      kernel_worker,
      kernel_worker_config{
        .kernels = std::make_shared<const kernels::registry>(kernels::registry::load()),
        .threads = 1,
        .own_threads = false}));
    liar_ = keep(system.spawn(
      bent_worker, bent_worker_config{.conduct = {{.what = conduct::lie_on_result}},
                                      .told = std::make_shared<told_lies>(),
                                      .clock = net.net,
                                      .honest = honest_}));
  }
  ~hired() { dismiss(); }
  hired(const hired&) = delete;
  hired& operator=(const hired&) = delete;

  /// Validator `i` checks with a kernel that lies while `*lie`.
  void check(std::uint32_t i, std::shared_ptr<const bool> lie) {
    const peer self{role::cross_checker, i};
    net_.net->attach(self, keep(net_.sim.system().spawn(
                             cross_checker,
                             cross_checker_config{.self = self,
                                                  .context = net_.net_cluster->context(),
                                                  .key = key_of(i),
                                                  .worker = moody(std::move(lie)),
                                                  .routers = {{role::router, 0}}})));
  }
  /// Validator `i` runs its jobs on one; its database is in memory.
  void validate(std::uint32_t i, std::shared_ptr<const bool> lie) {
    const peer self{role::validator, i};
    auto store = storage::store::open({.path = ":memory:"});
    REQUIRE(store);
    const auto files = keep(net_.sim.system().spawn(
      archive, std::make_shared<storage::store>(std::move(*store)), std::chrono::microseconds{0}));
    const auto actor = keep(net_.sim.system().spawn(
      validator, validator_config{.self = self,
                                  .context = net_.net_cluster->context(),
                                  .key = key_of(i),
                                  .worker = moody(std::move(lie)),
                                  .archive = files}));
    net_.net->attach(self, actor);
  }
  /// Ends them all: call before the cluster stops.
  void dismiss() {
    for (const auto& x : actors_)
      caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
    actors_.clear();
    net_.sim.settle();
  }

private:
  static protocol::key_pair key_of(std::uint32_t i) {
    return protocol::development_key(protocol::development_kind::validator, i);
  }
  template <class Handle>
  Handle keep(Handle x) {
    actors_.push_back(caf::actor_cast<caf::actor>(x));
    return x;
  }
  kernel_worker_actor moody(std::shared_ptr<const bool> lie) {
    return keep(net_.sim.system().spawn(
      [lie = std::move(lie), honest = honest_, liar = liar_](kernel_worker_actor::pointer self)
        -> kernel_worker_actor::behavior_type {
        return {[=](const v1::kernel_run& job) {
                  return self->delegate(*lie ? liar : honest, job);
                },
                [=](const v1::kernel_cancel& which) { self->send(*lie ? liar : honest, which); },
                [=](const v1::kernel_status_query& x) { return self->delegate(honest, x); }};
      }));
  }

  virtual_cluster& net_;
  std::vector<caf::actor> actors_;
  kernel_worker_actor honest_;
  kernel_worker_actor liar_;
};

}  // namespace datagen::tests
