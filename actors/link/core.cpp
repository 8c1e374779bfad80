// Accepting, dialling, and what sessions have in common.

#include "actors/link/core.hpp"

#include "actors/link/session.hpp"

#include <chrono>

namespace datagen::link {

using namespace protocol::link;

namespace {

constexpr std::chrono::milliseconds accept_pause_after_error{50};  // e.g. out of descriptors

}  // namespace

std::string limit_key(const asio::ip::address& address) {
  if (address.is_v4())
    return address.to_string();
  auto v6 = address.to_v6();
  if (v6.is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_string();
  auto raw = v6.to_bytes();
  std::fill(raw.begin() + 8, raw.end(), std::uint8_t{0});
  return asio::ip::address_v6{raw}.to_string() + "/64";
}

core::core(endpoint_config c, observer& o)
    : config(std::move(c)),
      owner(o),
      gate({.handshakes_max = config.handshakes_max,
            .handshakes_per_address_max = config.handshakes_per_address_max,
            .standing = config.standing}),
      tls(make_context(config.key)),
      work(context.get_executor()),
      acceptor(context),
      accept_pause(context),
      resolver(context) {}

std::uint64_t core::now_ms() const {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                      std::chrono::steady_clock::now().time_since_epoch())
                                      .count());
}

std::optional<std::string> core::listen() {
  const auto where = config.address + ":" + std::to_string(config.port);
  error_code error;
  const auto address = asio::ip::make_address(config.address, error);
  if (error)
    return "cannot listen on " + where + ": '" + config.address + "' is no numeric address";
  const tcp::endpoint endpoint{address, config.port};
  acceptor.open(endpoint.protocol(), error);
  if (!error)
    acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error)
    acceptor.bind(endpoint, error);
  if (!error)
    acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return "cannot listen on " + where + ": " + error.message();
  port = acceptor.local_endpoint().port();
  accept_next();
  return std::nullopt;
}

void core::accept_next() {
  acceptor.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted || !self->acceptor.is_open())
      return;
    if (!error) {
      self->accepted(std::move(socket));
      return self->accept_next();
    }
    self->accept_pause.expires_after(accept_pause_after_error);
    self->accept_pause.async_wait([self](error_code cancelled) {
      if (!cancelled)
        self->accept_next();
    });
  });
}

void core::accepted(tcp::socket socket) {
  ++counts.accepted;
  error_code error;
  const auto peer = socket.remote_endpoint(error).address();
  if (error)
    return;
  const auto address = limit_key(peer);
  if (sessions.size() >= config.links_max + config.handshakes_max)
    return count(refusal::links_full);
  const bool exempt = config.loopback_exempt && peer.is_loopback();
  if (const auto why = gate.enter(address, exempt, now_ms()); why != refusal::none)
    return count(why);
  socket.set_option(tcp::no_delay(true), error);
  const auto fresh =
    std::make_shared<session>(shared_from_this(), std::move(socket), address, std::nullopt);
  sessions.insert(fresh);
  fresh->start();
}

void core::dial(const public_key& peer, std::vector<host_port> where) {
  auto& x = dialled[peer];
  x.where = std::move(where);
  x.timer = std::make_shared<asio::steady_timer>(context);
  if (!x.trying && links.count(peer) == 0)
    try_now(peer);
}

void core::try_soon(const public_key& peer) {
  auto& x = dialled.at(peer);
  x.trying = false;
  if (stopping)
    return;
  x.timer->expires_after(
    std::chrono::milliseconds(retry_ms(config.retry, config.seed, peer, x.attempt)));
  ++x.attempt;
  x.timer->async_wait([self = shared_from_this(), peer](error_code error) {
    if (!error)
      self->try_now(peer);
  });
}

void core::try_now(const public_key& peer) {
  auto& x = dialled.at(peer);
  if (stopping || x.trying || links.count(peer) != 0 || x.where.empty())
    return;
  if (gate.is_banned(peer, now_ms()))
    return try_soon(peer);
  x.trying = true;
  ++counts.dialled;
  const auto& where = x.where[x.attempt % x.where.size()];
  resolver.async_resolve(
    where.host, std::to_string(where.port),
    [self = shared_from_this(), peer](error_code error, const tcp::resolver::results_type& found) {
      if (!error)
        return self->resolved(peer, found);
      ++self->counts.unreachable;
      self->try_soon(peer);
    });
}

void core::resolved(const public_key& peer, const tcp::resolver::results_type& found) {
  if (stopping)
    return;
  const auto socket = std::make_shared<tcp::socket>(context);
  dialled.at(peer).connecting = socket;
  const auto deadline = dialled.at(peer).timer;  // idle while an attempt is on
  deadline->expires_after(std::chrono::milliseconds(config.handshake_ms));
  deadline->async_wait([socket](error_code error) {
    error_code ignored;
    if (!error)
      socket->close(ignored);
  });
  asio::async_connect(
    *socket, found,
    [self = shared_from_this(), peer, socket, deadline](error_code error, const tcp::endpoint& to) {
      deadline->cancel();
      if (self->stopping)
        return;
      if (error) {
        ++self->counts.unreachable;
        return self->try_soon(peer);
      }
      socket->set_option(tcp::no_delay(true), error);
      const auto fresh =
        std::make_shared<session>(self, std::move(*socket), limit_key(to.address()), peer);
      self->sessions.insert(fresh);
      fresh->start();
    });
}

std::shared_ptr<outbox> core::outbox_of(const public_key& peer) {
  std::lock_guard lock{mutex};
  auto& result = outboxes[peer];
  if (!result)
    result = std::make_shared<outbox>(config.outbox_bytes_max);
  return result;
}

void core::send(const public_key& peer, protocol::bytes message) {
  const auto [wake, dropped] = outbox_of(peer)->push(std::move(message));
  counts.dropped += dropped;
  if (!wake)
    return;
  if (context.get_executor().running_in_this_thread())
    return this->wake(peer);
  std::lock_guard lock{mutex};
  if (running)
    asio::post(context, [self = shared_from_this(), peer] { self->wake(peer); });
}

void core::wake(const public_key& peer) {
  const auto it = links.find(peer);
  if (it != links.end())
    it->second->wake();
}

refusal core::claim(const std::shared_ptr<session>& s) {
  const auto live = links.find(*s->peer());
  if (live == links.end()) {
    if (links.size() >= config.links_max)
      return refusal::links_full;
  } else {
    if (!takes_over(live->second->life(), s->life()))
      return refusal::twin;
    const bool crossed = live->second->life() == s->life() &&
                         live->second->expected().has_value() != s->expected().has_value();
    if (crossed && s->expected().has_value() != prevails(config.key.identity, *s->peer()))
      return refusal::crossed;
    const auto old = live->second;
    links.erase(live);
    old->end(refusal::replaced);
  }
  links[*s->peer()] = s;
  return refusal::none;
}

void core::handshake_over(const std::string& address) {
  --counts.handshakes;
  if (!address.empty())
    gate.leave(address);
}

void core::offended(const std::optional<public_key>& who, const std::string& address, refusal why) {
  if (who)
    gate.offended(*who, why, now_ms());
  else
    gate.offended(address, why, now_ms());
}

void core::ended(session& s, refusal why, bool was_up) {
  if (was_up) {
    --counts.links;
    owner.down(*s.peer(), why);
  }
  if (s.peer()) {
    const auto it = links.find(*s.peer());
    if (it != links.end() && it->second.get() == &s)
      links.erase(it);
  }
  const auto& lost = s.expected() ? s.expected() : s.peer();
  const auto it = lost ? dialled.find(*lost) : dialled.end();
  if (it == dialled.end())
    return;
  if (s.expected())
    it->second.trying = false;
  if (!it->second.trying && links.count(*lost) == 0)
    try_soon(*lost);
}

void core::stop() {
  asio::post(context, [self = shared_from_this()] {
    self->stopping = true;
    error_code ignored;
    self->acceptor.close(ignored);
    self->accept_pause.cancel();
    self->resolver.cancel();
    for (auto& [peer, x] : self->dialled) {
      x.timer->cancel();
      if (const auto socket = x.connecting.lock())
        socket->close(ignored);
    }
    const auto all = self->sessions;
    for (const auto& s : all)
      s->stop();
    self->work.reset();  // what was cancelled still runs, so that nothing keeps this core alive
  });
  thread.join();
}

}  // namespace datagen::link
