#pragma once
// What the links of one endpoint share. Everything but the outboxes is touched by the one thread
// that runs the context. Private to this folder.

#include "actors/link/certificate.hpp"
#include "actors/link/endpoint.hpp"
#include "actors/link/gatekeeper.hpp"
#include "actors/link/outbox.hpp"

#include <set>
#include <thread>

namespace datagen::link {

class session;

/// A peer that this side dials.
struct dialled_peer {
  std::vector<host_port> where;
  std::uint32_t attempt = 0;  ///< Since a link was last up.
  std::shared_ptr<asio::steady_timer> timer;
  std::weak_ptr<tcp::socket> connecting;
  bool trying = false;
};

struct core : std::enable_shared_from_this<core> {
  core(endpoint_config c, observer& o);

  std::optional<std::string> listen();
  void accept_next();
  void stop();

  // Dialling.
  void dial(const public_key& peer, std::vector<host_port> where);
  void try_soon(const public_key& peer);
  void try_now(const public_key& peer);
  void resolved(const public_key& peer, const tcp::resolver::results_type& found);

  // Outboxes, from any thread.
  std::shared_ptr<outbox> outbox_of(const public_key& peer);
  void send(const public_key& peer, protocol::bytes message);
  void wake(const public_key& peer);  ///< From the endpoint's thread.

  // What sessions report.
  /// May `s` be the link of its peer? An older connection makes room, unless it is a twin's.
  refusal claim(const std::shared_ptr<session>& s);
  void handshake_over(const std::string& address);
  void count(refusal why) { ++counts.refused[static_cast<std::size_t>(why)]; }
  void ended(session& s, refusal why, bool was_up);
  void offended(const std::optional<public_key>& who, const std::string& address, refusal why);
  std::uint64_t now_ms() const;  ///< Monotonic.

  const endpoint_config config;
  observer& owner;
  totals counts;
  gatekeeper gate;
  asio::io_context context{1};
  asio::ssl::context tls;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  tcp::acceptor acceptor;
  asio::steady_timer accept_pause;
  tcp::resolver resolver;
  std::uint16_t port = 0;
  std::thread thread;
  bool stopping = false;
  std::map<public_key, std::shared_ptr<session>> links;  ///< Established ones.
  std::set<std::shared_ptr<session>> sessions;           ///< All that have not ended.
  std::map<public_key, dialled_peer> dialled;

  std::mutex mutex;
  bool running = false;  ///< Guards posts from other threads.
  std::map<public_key, std::shared_ptr<outbox>> outboxes;

private:
  void accepted(tcp::socket socket);
};

/// The key of an address in the limits: IPv4, or the /64 of IPv6.
std::string limit_key(const asio::ip::address& address);

}  // namespace datagen::link
