#include "actors/gateway/edge.hpp"

#include "protocol/crypto/hash.hpp"

#include <caf/send.hpp>

namespace datagen::web {

void bridge::handle(http::request r, http::responder answer) {
  if (*open_ >= requests_max_)
    return answer(problem_answer(
      ec::busy, std::to_string(requests_max_) + " requests are on their way; try again"));
  ++*open_;
  auto ask = std::make_shared<exchange>(std::move(r), std::move(answer), open_);
  ask->body = protocol::sha256(
    {reinterpret_cast<const std::uint8_t*>(ask->ask.body.data()), ask->ask.body.size()});
  std::lock_guard lock{mutex_};
  if (to_)
    caf::anon_send(to_, v1::web_request{std::move(ask)});
}

void bridge::close() {
  std::lock_guard lock{mutex_};
  to_ = nullptr;
}

namespace {

gateway_config with_events(gateway_config config, std::shared_ptr<http::event_stream> events) {
  config.events = std::move(events);
  return config;
}

}  // namespace

gateway_edge::gateway_edge(caf::actor_system& system, gateway_config config)
    : events_(std::make_shared<http::event_stream>()),
      actor_(system.spawn(gateway, with_events(std::move(config), events_))),
      bridge_(actor_) {}

gateway_edge::~gateway_edge() { stop(1000); }

std::optional<std::string> gateway_edge::listen(http::server_config where) {
  where.body_limit = body_limit;
  where.request_cost = request_cost;
  where.events = events_;
  return server_.start(std::move(where), bridge_);
}

void gateway_edge::stop(std::uint32_t deadline_ms) {
  server_.stop(deadline_ms);
  bridge_.close();
  if (actor_)
    caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
  actor_ = nullptr;
}

}  // namespace datagen::web
