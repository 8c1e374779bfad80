#pragma once
// The whole network as `datagen up` runs it: threads, real time, the gateway with its listener,
// databases in memory. Development account 0 has a session whose tickets the test signs by hand.

#include "actors/gateway/edge.hpp"
#include "actors/http/client.hpp"
#include "actors/node/cluster.hpp"
#include "actors/node/development.hpp"
#include "messages/register.hpp"

#include "protocol/chain/development.hpp"
#include "protocol/crypto/bech32m.hpp"

#include <doctest/doctest.h>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <thread>

namespace datagen::tests {

struct live_config : caf::actor_system_config {
  live_config() {
    add_messages(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2);
  }
};

class live_network {
public:
  /// One unit may be priced at all that a lane holds.
  static constexpr std::uint64_t any_price = 100'000'000'000'000;

  /// Returns once a session with `escrow` is paired and the gateway has heard of it.
  explicit live_network(protocol::amount escrow)
      : net_(std::make_shared<local_transport>(system_, unix_ms())), cluster_(start_cluster()) {
    edge_.emplace(system_, gateway_config{.context = cluster_->context(),
                                          .archive = cluster_->gateway_archive(),
                                          .version = "test"});
    net_->attach({role::gateway, 0}, edge_->actor());
    const auto why = edge_->listen({});
    REQUIRE_MESSAGE(!why, why.value_or(""));
    open_session(escrow);
  }
  ~live_network() {
    edge_->stop(5'000);
    net_->detach({role::gateway, 0});
    cluster_->stop();
  }

  static std::uint64_t unix_ms() {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
  }
  static const protocol::key_pair& user_key() {
    static const auto key = protocol::development_key(protocol::development_kind::account, 0);
    return key;
  }

  http::response send(http::client_request r) {
    r.url = "http://127.0.0.1:" + std::to_string(edge_->port()) + r.url;
    const auto answer = http::send(r);
    REQUIRE_MESSAGE(answer.answer, answer.error);
    return *answer.answer;
  }
  http::response get(const std::string& target) { return send({.url = target}); }
  /// A request that `user_key` signed.
  http::client_request signed_request(const std::string& method, const std::string& target,
                                      std::string body) {
    const auto now_s = unix_ms() / 1000;
    http::client_request r{.method = method, .url = target};
    r.headers = web::sign_request(
      {method, target, now_s, now_s + 60, "n" + std::to_string(++nonce_)},
      {reinterpret_cast<const std::uint8_t*>(body.data()), body.size()}, user_key());
    r.body = std::move(body);
    return r;
  }
  http::response write(const std::string& method, const std::string& target, std::string body) {
    return send(signed_request(method, target, std::move(body)));
  }

  const protocol::genesis& chain() const { return cluster_->chain(); }
  protocol::session_id session;
  protocol::validator_id validator;

private:
  std::unique_ptr<cluster> start_cluster() {
    cluster_config config{
      .chain = development_genesis(
        {.validators = 4, .authors = 4, .time_ms = unix_ms(), .params = protocol::dev_preset()}),
      .kernel_threads = 1,
      .entropy = [count = std::make_shared<std::atomic<std::uint64_t>>(0)] {
        return protocol::hash("live-network", (*count)++);
      }};
    config.hosted = development_identities(config.chain, config.routers);
    auto result = std::make_unique<cluster>(system_, net_, std::move(config));
    const auto why = result->start();
    REQUIRE_MESSAGE(why.empty(), why);
    return result;
  }
  void open_session(protocol::amount escrow) {
    const auto user = cluster_->add_user(0, user_key());
    caf::scoped_actor self{system_};
    v1::session_ready ready{.code = ec::timed_out, .reason = "no answer"};
    self->request(user, std::chrono::seconds{120}, v1::session_wish{.bid = any_price, .escrow = escrow})
      .receive([&](const v1::session_ready& x) { ready = x; },
               [&](const caf::error& x) { ready.reason = system_.render(x); });
    REQUIRE_MESSAGE(ready.code == ec::ok, ready.reason);
    session = ready.session;
    validator = ready.validator;
    const auto target = "/v1/sessions?user=" + protocol::to_address(user_key().identity);
    for (int i = 0; i < 1200 && get(target).body.find("\"validator\"") == std::string::npos; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }

  live_config config_;
  caf::actor_system system_{config_};
  std::shared_ptr<local_transport> net_;
  std::unique_ptr<cluster> cluster_;
  std::optional<web::gateway_edge> edge_;
  std::uint64_t nonce_ = 0;
};

}  // namespace datagen::tests
