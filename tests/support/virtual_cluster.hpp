#pragma once
// The whole network in virtual time: production roles, rules, databases in memory, real signatures.

#include "actors/node/deterministic_system.hpp"

#include "actors/node/cluster.hpp"
#include "actors/node/development.hpp"
#include "actors/heavy_follower.hpp"

#include "protocol/chain/development.hpp"

#include <doctest/doctest.h>

namespace datagen::tests {

struct virtual_options {
  std::uint32_t validators = 7;
  std::uint32_t authors = 4;
  std::set<std::uint32_t> liars;  ///< Validators that lie on results.
  std::map<peer, std::vector<behaviour>> conduct;
  protocol::parameters params = protocol::dev_preset();
  std::string data_dir;
  std::uint64_t seed = 1;
  std::uint64_t unix_ms = 1'750'000'000'000;
  std::size_t kept_blocks = kept_blocks_default;
  std::shared_ptr<stage_watch> stages;
  /// Beyond the distance, microseconds; asked for every message.
  std::function<std::uint64_t(const peer&, const peer&)> extra_delay_us;
};

class virtual_cluster {
public:
  explicit virtual_cluster(virtual_options options = {}) : options_(options) {
    auto points = std::make_shared<places>();
    // Validators 3, 6, 9 … ms from the users; authors close together.
    for (std::uint32_t i = 0; i < options.validators; ++i)
      for (auto kind : {role::validator, role::cross_checker, role::fast_author})
        points->put({kind, i}, 3000 * (i + 1));
    for (std::uint32_t i = 0; i < options.authors; ++i)
      for (auto kind : {role::heavy_author, role::selector})
        points->put({kind, i}, 1000 * (i + 1));
    points->put({role::router, 0}, 0);
    for (std::uint32_t i = 0; i < 10; ++i)
      points->put({role::user, i}, 0);
    net = std::make_shared<local_transport>(
      sim.system(), options.unix_ms,
      [points, extra = options.extra_delay_us](const peer& a, const peer& b) {
        return points->delay_us(a, b) + (extra ? extra(a, b) : 0);
      });
    cluster_config config{
      .chain = development_genesis({.validators = options.validators,
                                    .authors = options.authors,
                                    .time_ms = 1'750'000'000'000,
                                    .params = options.params}),
      .data_dir = options.data_dir,
      .threads = false,
      .kernel_threads = 1,
      .conduct = options.conduct,
      .kept_blocks = options.kept_blocks,
      .entropy = sim.entropy(options.seed),
      .stages = options.stages};
    for (const auto i : options.liars)
      config.conduct[{role::validator, i}].push_back({.what = conduct::lie_on_result});
    config.hosted = development_identities(config.chain, config.routers);
    net_cluster = std::make_unique<cluster>(sim.system(), net, std::move(config));
    const auto why = net_cluster->start();
    REQUIRE_MESSAGE(why.empty(), why);
  }
  ~virtual_cluster() { stop(); }

  void stop() {
    if (!net_cluster)
      return;
    net_cluster->stop();
    sim.settle();
    net_cluster.reset();
  }

  /// Ends one identity (heavy_author or validator) and closes its database.
  void drop(role kind, std::uint32_t index) {
    net_cluster->drop(kind, index);
    sim.settle();
  }
  /// Runs it again on what it has on disk.
  void host(role kind, std::uint32_t index) {
    using enum protocol::development_kind;
    host(kind, index,
         protocol::development_key(kind == role::heavy_author ? author : validator, index));
  }
  /// One that is not of genesis.
  void host(role kind, std::uint32_t index, const protocol::key_pair& key) {
    const auto why = kind == role::heavy_author ? net_cluster->host_author(index, key)
                                                : net_cluster->host_validator(index, key);
    REQUIRE_MESSAGE(why.empty(), why);
  }

  user_actor user(std::uint32_t index, std::uint64_t nonce = 0, std::uint32_t router = 0,
                  bool offers_canaries = false) {
    return net_cluster->add_user(
      index, protocol::development_key(protocol::development_kind::account, index), nonce, router,
      offers_canaries);
  }

  deterministic_system sim;
  std::shared_ptr<local_transport> net;
  std::unique_ptr<cluster> net_cluster;

private:
  virtual_options options_;
};

/// Every event that the Heavy Chain certified, in order; follows it like any role.
class heavy_log {
public:
  explicit heavy_log(virtual_cluster& net, std::uint32_t index = 99, role kind = role::gateway)
      : events_(std::make_shared<std::vector<protocol::ledger::event>>()),
        follower_(std::make_shared<heavy_follower>()) {
    const peer self{kind, index};
    actor_ = net.sim.system().spawn([events = events_,
                                     follower = follower_](caf::event_based_actor* me) {
      me->delayed_send(me, std::chrono::seconds{1}, v1::alarm{});
      return caf::behavior{[events, follower](const peer&, const v1::heavy_news& news) {
                             for (const auto& block : follower->take(news))
                               events->insert(events->end(), block.events.begin(),
                                              block.events.end());
                           },
                           [events, follower](const peer& from, const v1::snapshot_piece& piece) {
                             for (const auto& block : follower->take(from, piece))
                               events->insert(events->end(), block.events.begin(),
                                              block.events.end());
                           },
                           [me, follower](const v1::alarm& again) {
                             follower->wake();
                             me->delayed_send(me, std::chrono::seconds{1}, again);
                           }};
    });
    net.net->attach(self, actor_);
    *follower_ = heavy_follower{self, net.net_cluster->context()};
  }
  ~heavy_log() { caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown); }
  heavy_log(const heavy_log&) = delete;
  heavy_log& operator=(const heavy_log&) = delete;
  const protocol::ledger::view& view() const { return follower_->view(); }
  /// Certified height that was followed.
  std::uint64_t height() const { return follower_->view().position.height; }
  template <class Event, class Visitor>
  void each(Visitor visit) const {
    for (const auto& what : *events_)
      if (const auto x = std::get_if<Event>(&what))
        visit(*x);
  }
  template <class Event>
  std::size_t count() const {
    std::size_t result = 0;
    each<Event>([&](const Event&) { ++result; });
    return result;
  }

private:
  std::shared_ptr<std::vector<protocol::ledger::event>> events_;
  std::shared_ptr<heavy_follower> follower_;
  caf::actor actor_;
};

}  // namespace datagen::tests
