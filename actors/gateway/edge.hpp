#pragma once
// Actor and listener together: what a node starts to serve the API.

#include "actors/gateway.hpp"
#include "actors/http/server.hpp"

#include <caf/actor_system.hpp>

namespace datagen::web {

/// Turns requests into messages. The SHA-256 of a body is computed here, on the server's threads,
/// so that a large upload does not hold up the actor.
class bridge : public http::handler {
public:
  /// @param requests_max that may be unanswered at one time; further ones get a 503.
  explicit bridge(gateway_actor to, std::size_t requests_max = 1024)
      : to_(std::move(to)), requests_max_(requests_max) {}
  void handle(http::request r, http::responder answer) override;
  void close();

private:
  std::mutex mutex_;
  gateway_actor to_;
  const std::size_t requests_max_;
  std::shared_ptr<std::atomic<std::size_t>> open_ = std::make_shared<std::atomic<std::size_t>>(0);
};

/// The gateway of a node. Order at the end: `stop`, then the transport, then the actor system.
class gateway_edge {
public:
  /// Spawns the actor; requests come once `listen` was called. The caller attaches `actor()` to
  /// the transport under `config.self`.
  gateway_edge(caf::actor_system& system, gateway_config config);
  ~gateway_edge();
  /// Listens at `where`: its limits by path, costs and events are filled in here.
  /// @returns nothing, or the sentence that says why not.
  [[nodiscard]] std::optional<std::string> listen(http::server_config where);
  const gateway_actor& actor() const { return actor_; }
  std::uint16_t port() const { return server_.port(); }
  /// Answers what is on its way, then lets go of the actor.
  void stop(std::uint32_t deadline_ms);

private:
  std::shared_ptr<http::event_stream> events_;
  gateway_actor actor_;
  bridge bridge_;
  http::server server_;  // stops before the bridge goes
};

}  // namespace datagen::web
