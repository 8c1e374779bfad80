#pragma once
// The listener: HTTP/1.1 and the WebSocket of events on one port, with a limit on everything
// (interfaces.md, API). It turns bytes into requests and answers into bytes; what a path means is
// the handler's business. Crossing a limit is answered by a problem object with the figures.

#include "actors/http/event_stream.hpp"
#include "actors/http/message.hpp"

#include <functional>
#include <memory>

namespace datagen::http {

struct pending_answer;

/// Answers one request: from any thread, at any time, once; later calls and calls after the
/// deadline are ignored. When the last copy goes without an answer, the client gets a 500.
class responder {
public:
  explicit responder(std::shared_ptr<pending_answer> pending) : pending_(std::move(pending)) {}
  void operator()(response answer) const;

private:
  std::shared_ptr<pending_answer> pending_;
};

/// What the gateway implements. `handle` runs on the server's threads: it passes the request on and
/// returns; it never blocks.
struct handler {
  virtual ~handler() = default;
  virtual void handle(request r, responder answer) = 0;
};

struct server_config {
  std::string address = "127.0.0.1";  ///< Numeric.
  std::uint16_t port = 0;             ///< 0: any free one.
  std::size_t threads = 1;

  std::uint64_t header_bytes_max = 16 << 10;  ///< More: 431.
  std::uint64_t body_bytes_max = 1 << 20;     ///< More: 413.
  /// Overrides `body_bytes_max` by method and path, e.g. 64 MiB for inputs.
  std::function<std::uint64_t(std::string_view method, std::string_view path)> body_limit;
  std::uint64_t body_bytes_in_flight_max = 512ULL << 20;  ///< All requests together; more: 503.
  std::size_t connections_max = 512;                      ///< More: 503.
  std::size_t connections_per_address_max = 64;  ///< Per IPv4 address or IPv6 /64; more: 503.
  bool loopback_exempt = true;  ///< From the two limits per address, not from the others.

  /// Cost of a request against its address's budget; unset: every request costs 1. Empty: 429.
  std::function<std::uint32_t(std::string_view method, std::string_view path)> request_cost;
  std::uint32_t cost_per_second = 200;
  std::uint32_t cost_burst = 1000;

  std::uint32_t header_deadline_ms = 5'000;   ///< Absolute, from accept or first byte; 408.
  std::uint32_t body_deadline_ms = 120'000;   ///< Absolute, from the end of the headers; 408.
  std::uint32_t answer_deadline_ms = 30'000;  ///< For the handler; 504.
  std::uint32_t write_deadline_ms = 120'000;  ///< For the client to take the answer; cut off.
  std::uint32_t idle_timeout_ms = 60'000;     ///< Between requests, and for silent WebSockets.

  std::shared_ptr<event_stream> events;   ///< Unset: no WebSocket.
  std::string event_path = "/v1/events";  ///< ?topics=a,b&resume_from=7 or resume_from=a:7,b:3
  std::size_t event_queue_max = 256;      ///< Events waiting per reader; more: lagged.
  std::size_t subscriptions_max = 16;     ///< Topics per reader; more: 400.
};

struct server_core;

class server {
public:
  server() = default;
  ~server();  ///< Stops, with a deadline of one second.
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Listens. @returns nothing, or the sentence that says why not. `h` must outlive the server.
  [[nodiscard]] std::optional<std::string> start(server_config config, handler& h);
  std::uint16_t port() const;
  /// Open connections, WebSockets included.
  std::size_t connections() const;
  /// Stops listening, lets running requests finish until the deadline, closes the rest, and joins.
  /// Afterwards no `handle` runs or comes. Not to be called from `handle`.
  void stop(std::uint32_t deadline_ms);

private:
  std::shared_ptr<server_core> core_;
};

}  // namespace datagen::http
