#pragma once
// A gateway with its neighbours as stubs behind the real seam: one session, two validators, two
// authors per chain, a router whose validators answer at once. Deterministic, or with real threads
// and a listener.

#include "actors/echo_work.hpp"
#include "actors/gateway/edge.hpp"
#include "actors/http/client.hpp"
#include "actors/local_transport.hpp"
#include "messages/register.hpp"

#include "protocol/crypto/bech32m.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <doctest/doctest.h>
#include <mutex>
#include <thread>

namespace gateway_test {

using namespace datagen;
using namespace datagen::protocol;
namespace happened = ledger::happened;

inline key_pair key_of(std::string_view role, std::uint32_t number) {
  return key_pair::from_secret({hash("gateway-test", role, number).value});
}
inline const key_pair user = key_of("user", 0);
inline const session_id session{42};
inline constexpr std::uint64_t start_ms = 1'700'000'000'000;

inline std::shared_ptr<const genesis> test_genesis() {
  genesis x{.name = "test", .development = true, .time_ms = start_ms};
  for (std::uint32_t i = 0; i < 2; ++i) {
    x.heavy_authors.push_back({key_of("author", i).identity, dg(10'000)});
    x.validators.push_back({key_of("validator", i).identity, i, dg(1'000), 7, "v" + std::to_string(i)});
  }
  x.accounts[user.identity] = dg(10);
  x.kernels.push_back({"merkle.root", 0});
  return std::make_shared<const genesis>(std::move(x));
}

struct scheduler_config : caf::actor_system_config {
  explicit scheduler_config(bool deterministic) {
    if (deterministic)
      set("scheduler.policy", caf::atom("testing"));
    else
      set("scheduler.max-threads", 2);
    add_messages(*this);
  }
};

/// The events of Heavy's block 1, its block, and the certificate over both.
struct first_block {
  ledger::block_events events{.height = 1, .live_ms = 100};
  v1::block_news news;
  ledger::certified_events certified;

  explicit first_block(const genesis& origin) {
    for (std::uint32_t i = 0; i < 2; ++i) {
      const auto& v = origin.validators[i];
      events.events.push_back(
        happened::validator_admitted{{i}, v.key, v.operator_id, v.stake, v.ask, v.name});
    }
    events.events.push_back(happened::session_opened{session, user.identity, {}, 9, dg(2)});
    events.events.push_back(happened::paired{session, {0}, {{1}}, {{{0}, dg(1)}}, 1'500});
    const auto feed = ledger::extend_feed({}, events);
    news = {.height = 1, .block = hash("block", 1), .timestamp_ms = start_ms + 100, .live_ms = 100,
            .vertices = 2, .authors = {0, 1}, .bytes = 300, .state_root = merkle_leaf(feed.view())};
    for (const auto& x : events.events)
      news.events.push_back(encode(x));
    consensus::finality_statement statement{
      heavy_chain_id(origin), 0, 1, news.block, news.state_root,
      digest_of(heavy_roster(origin))};
    certified = {{events}, {statement, {}}, 1, {}, {}};
    for (std::uint16_t i = 0; i < 2; ++i)
      certified.proof.signatures.emplace_back(
        i, sign(key_of("author", i), consensus::signing_bytes(statement)));
  }
};

inline ticket ticket_for(const genesis& origin, std::uint32_t sequence, byte_view input) {
  return {.chain = heavy_chain_id(origin), .session = session, .sequence = sequence,
          .validator = {0}, .kernel = {"merkle.root", 0}, .parameters = sha256({}),
          .input = sha256(input), .units_max = 1'000, .unit_price = 7,
          .deadline_ms = start_ms + 600'000};
}
inline signed_ticket sign_ticket(const ticket& x) { return {x, sign(user, ticket_statement(x))}; }

class world {
public:
  /// @param answering false: the stubs only listen.
  explicit world(bool deterministic = true, bool answering = true,
                 std::function<void(gateway_config&, caf::actor_system&)> adjust = {})
      : config_(deterministic),
        system(config_),
        net(std::make_shared<local_transport>(system, start_ms)),
        answering_(answering) {
    const role_context context{.net = net,
                               .chain = origin,
                               .signatures = std::make_shared<signature_checker>(),
                               .coins = std::make_shared<coin_checker>(),
                               .entropy = [] { return digest{}; },
                               .stages = nullptr};
    net->attach({role::router, 0}, spawn_router());
    for (std::uint32_t i = 0; i < 2; ++i) {
      net->attach({role::heavy_author, i}, spawn_author({role::heavy_author, i}));
      net->attach({role::fast_author, i}, spawn_author({role::fast_author, i}));
    }
    gateway_config settings{.context = context, .version = "0.1.0-test"};
    if (adjust)
      adjust(settings, system);
    edge.emplace(system, std::move(settings));
    net->attach(self, edge->actor());
    settle();
  }
  ~world() {
    edge->stop(1000);
    settle();
    for (auto& stub : stubs_)
      caf::anon_send_exit(stub, caf::exit_reason::user_shutdown);
    net->close();
    settle();
  }

  template <class Message>
  void say(const peer& from, Message what) {
    net->send(from, self, std::move(what));
    settle();
  }
  /// The chain's first block, as news, as events and certified.
  void begin() {
    say({role::heavy_author, 0}, first.news);
    say({role::heavy_author, 0}, v1::heavy_news{first.certified});
    say({role::heavy_author, 0}, v1::block_certified{first.certified.proof});
  }
  void settle() {
    if (auto* scheduler = deterministic())
      while (scheduler->has_job())
        scheduler->run_once();
  }
  /// Lets virtual time pass.
  void pass(std::uint64_t ms) {
    auto& scheduler = *deterministic();
    const auto end = scheduler.clock().now() + std::chrono::milliseconds{ms};
    while (scheduler.clock().now() < end) {
      settle();
      if (!scheduler.trigger_timeout())
        return;
    }
    settle();
  }

  using answer = std::shared_ptr<std::optional<http::response>>;
  answer ask(http::request r) {
    auto result = std::make_shared<std::optional<http::response>>();
    const auto question = r.target.find('?');
    r.path = r.target.substr(0, question);
    ++*open_;
    auto what = std::make_shared<web::exchange>(
      std::move(r), [result](http::response x) { *result = std::move(x); }, open_);
    what->body = sha256(view_of(what->ask.body));
    caf::anon_send(edge->actor(), v1::web_request{what});
    settle();
    return result;
  }
  answer get(const std::string& target, std::map<std::string, std::string> query = {}) {
    return ask({.method = "GET", .target = target, .query = std::move(query)});
  }
  answer write(const std::string& method, const std::string& target, std::string body,
               const key_pair& by = user) {
    http::request r{.method = method, .target = target};
    r.headers = signed_headers(method, target, body, by);
    r.body = std::move(body);
    return ask(std::move(r));
  }
  http::header_map signed_headers(const std::string& method, const std::string& target,
                                  const std::string& body, const key_pair& by = user) {
    const auto now_s = net->now().unix_ms / 1000;
    return web::sign_request({method, target, now_s, now_s + 60, "n" + std::to_string(++nonce_)},
                             view_of(body), by);
  }
  static byte_view view_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }
  std::string job_body(const ticket& x) const {
    return R"({"ticket":")" + to_hex(encode(sign_ticket(x))) + R"(","parameters":"","input":")" +
           to_hex(x.input) + "\"}";
  }

  const std::shared_ptr<const genesis> origin = test_genesis();
  const first_block first{*origin};
  const peer self{role::gateway, 0};

  v1::job_reply reply_to(const v1::job_request& x) const {
    const auto& order = x.order.content;
    v1::job_reply reply;
    reply.output = x.input;
    reply.result = {order.kernel, order.parameters, order.input, exit_status::ok, 10,
                    result_root(x.input.view())};
    reply.salt = hash("salt", order.sequence);
    reply.receipt.order = x.order;
    reply.receipt.content =
      make_leaf(order, 10, commitment_of(reply.salt, job_id_of(order), order.attempt,
                                         order.validator, digest_of(reply.result)));
    reply.receipt.deadline_ms = 1'000'000;
    reply.receipt.validator = sign(
      key_of("validator", 0),
      receipt_statement(x.order.content, reply.receipt.content, reply.receipt.deadline_ms));
    return reply;
  }

private:
  scheduler_config config_;

public:
  caf::actor_system system;
  std::shared_ptr<local_transport> net;
  std::optional<web::gateway_edge> edge;
  // What the stubs heard; with real threads, read only after the answer that depends on it.
  std::vector<std::pair<peer, v1::follow_blocks>> follows;
  std::vector<v1::job_request> jobs;
  std::vector<v1::job_acknowledged> acknowledgements;

private:
  caf::scheduler::test_coordinator* deterministic() {
    return dynamic_cast<caf::scheduler::test_coordinator*>(&system.scheduler());
  }


  caf::actor spawn_router() {
    auto stub = system.spawn([this](caf::event_based_actor* me) -> caf::behavior {
      me->set_default_handler(caf::drop);
      const peer router{role::router, 0};
      return {[=, this](const peer&, const v1::job_request& x) {
                jobs.push_back(x);
                if (!answering_)
                  return;
                if (x.order.content.sequence == 13)
                  net->send(router, self,
                            v1::job_refused{job_id_of(x.order.content), 0, ec::lane_overdrawn,
                                            "the lane holds 5, the ticket may cost 7"});
                else
                  net->send(router, self, reply_to(x));
              },
              [=, this](const peer&, const v1::job_acknowledged& x) { acknowledgements.push_back(x); },
              [=, this](const peer&, const v1::echo_package& x) {
                for (std::uint32_t i = 0; answering_ && i < 2; ++i) {
                  const auto package = echo_digest(x);
                  const auto result = hash("echo-result");
                  net->send(router, self,
                            v1::echo_reply{x.session, package, {i}, result,
                                           sign(key_of("validator", i),
                                                ledger::echo_statement(x.chain, x.session, package,
                                                                       {i}, result))});
                }
              }};
    });
    stubs_.push_back(stub);
    return stub;
  }

  caf::actor spawn_author(const peer& name) {
    auto stub = system.spawn([this, name](caf::event_based_actor* me) -> caf::behavior {
      me->set_default_handler(caf::drop);
      return {[=, this](const peer&, const v1::follow_blocks& x) {
                std::lock_guard lock{mutex_};
                follows.emplace_back(name, x);
              },
              [=, this](const peer&, const v1::submit_transaction& x) {
                const auto id = sha256(x.transaction);
                const auto parsed = decode<ledger::transaction>(x.transaction);
                const bool bad = parsed && parsed->nonce == 13;
                if (answering_)
                  net->send(name, self,
                            v1::transaction_done{
                              {id, static_cast<std::uint16_t>(bad ? 3 : 0), bad ? "wrong nonce 13" : ""},
                              bad ? 0u : 7u});
              },
              [=, this](const peer&, const v1::state_query& x) {
                if (!answering_)
                  return;
                std::optional<bytes> record;
                if (x.kind == v1::state_kind::account)
                  record = encode(ledger::account{.balance = dg(5), .nonce = 2});
                if (x.kind == v1::state_kind::supply)
                  record = encode(ledger::supply{.reserve = ledger::supply_total});
                if (x.kind == v1::state_kind::proposals)
                  record = encode(ledger::proposals_in_sight{
                    .drafts = {{3, {.content = ledger::tx::emission_split{40, 60},
                                    .start_ms = 9'000,
                                    .pooled = dg(50)}}},
                    .open = {{2, {.content = ledger::tx::parameter_change{{{"user_bond", "7 DG"}}, 9},
                                  .start_ms = 4'000,
                                  .end_ms = 8'000,
                                  .pooled = dg(100'000),
                                  .yes = dg(70),
                                  .no = dg(30)}}}});
                net->send(name, self, v1::state_reply{x.request, 1, record});
              }};
    });
    stubs_.push_back(stub);
    return stub;
  }

  const bool answering_;
  std::mutex mutex_;
  std::vector<caf::actor> stubs_;
  std::shared_ptr<std::atomic<std::size_t>> open_ = std::make_shared<std::atomic<std::size_t>>(0);
  std::uint64_t nonce_ = 0;
};

inline web::json::object json_of(const http::response& x) {
  return web::json::parse(x.body).as_object();
}
/// The answer that must have come.
inline http::response got(const world::answer& x) {
  REQUIRE(x->has_value());
  return **x;
}
inline std::string code_of(const http::response& x) {
  return std::string{json_of(x).at("code").as_string()};
}
inline std::string detail_of(const http::response& x) {
  return std::string{json_of(x).at("detail").as_string()};
}

}  // namespace gateway_test
