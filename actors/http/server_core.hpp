#pragma once
// What the connections of one server share. Private to this folder.

#include "actors/http/admission.hpp"
#include "actors/http/beast.hpp"
#include "actors/http/server.hpp"

#include <condition_variable>
#include <thread>
#include <vector>

namespace datagen::http {

/// A connection as the server sees it. `close` comes on any thread and must only post.
struct connection {
  virtual ~connection() = default;
  /// Ends the connection: when its running request is answered, or at once if `now`.
  virtual void close(bool now) = 0;
};

struct server_core : std::enable_shared_from_this<server_core> {
  server_core(server_config c, handler& h);

  void accept_next();
  void stop(std::uint32_t deadline_ms);
  /// Registers a connection. @returns false if the server stops: the connection must end.
  bool add(const std::shared_ptr<connection>& c);

  /// Posts to a connection's strand from any thread; after `stop` it does nothing.
  template <class Executor, class Work>
  void post(const Executor& executor, Work what) {
    std::lock_guard lock{mutex};
    if (running)
      asio::post(executor, std::move(what));
  }

  const server_config config;
  handler& handle_with;
  admission gate;
  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  tcp::acceptor acceptor;
  asio::steady_timer accept_pause;
  std::uint16_t port = 0;
  std::vector<std::thread> threads;

  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  bool running = true;
  std::size_t tickets = 0;   ///< Connections that still exist as objects.
  std::size_t refusals = 0;  ///< Of these, the ones that only tell the client that all is full.
  std::vector<std::weak_ptr<connection>> connections;

private:
  void accepted(tcp::socket socket);
  std::vector<std::shared_ptr<connection>> present();
};

/// The right of one connection to exist. First member of a connection, so that it is given back
/// after the socket is gone; it keeps the core, and with it the I/O context, alive. Shared, because
/// the object that read an upgrade request may outlive its hand-over.
class ticket {
public:
  ticket(std::shared_ptr<server_core> core, std::string address, bool exempt, bool refusal);
  ticket(const ticket&) = delete;
  ticket& operator=(const ticket&) = delete;
  ~ticket();
  server_core& core() const { return *core_; }

private:
  std::shared_ptr<server_core> core_;
  std::string address_;
  bool exempt_;
  bool refusal_;
};

using shared_ticket = std::shared_ptr<const ticket>;

/// The key of an address in the limits: IPv4, or the /64 of IPv6.
std::string limit_key(const asio::ip::address& address);

/// Follows events on `socket`, whose upgrade request was read. Answers 400s by itself.
void start_event_session(shared_ticket pass, tcp::socket socket, const beast_request& upgrade,
                         subscription wanted);

}  // namespace datagen::http
