#include "actors/http/server.hpp"

#include "actors/http/server_core.hpp"
#include "actors/http/session.hpp"

namespace datagen::http {

namespace {

constexpr std::size_t refusals_max = 64;  // clients told "full" at a time; more are just closed
constexpr std::chrono::milliseconds accept_pause_after_error{50};  // e.g. out of descriptors

admission_limits limits_of(const server_config& c) {
  return {.connections_max = c.connections_max,
          .connections_per_address_max = c.connections_per_address_max,
          .cost_per_second = c.cost_per_second,
          .cost_burst = c.cost_burst,
          .bytes_in_flight_max = c.body_bytes_in_flight_max};
}

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

ticket::ticket(std::shared_ptr<server_core> core, std::string address, bool exempt, bool refusal)
    : core_(std::move(core)), address_(std::move(address)), exempt_(exempt), refusal_(refusal) {
  std::lock_guard lock{core_->mutex};
  ++core_->tickets;
  core_->refusals += refusal_ ? 1 : 0;
}

ticket::~ticket() {
  if (!refusal_)
    core_->gate.leave(address_, exempt_);
  std::lock_guard lock{core_->mutex};
  --core_->tickets;
  core_->refusals -= refusal_ ? 1 : 0;
  core_->changed.notify_all();
}

server_core::server_core(server_config c, handler& h)
    : config(std::move(c)),
      handle_with(h),
      gate(limits_of(config)),
      context(static_cast<int>(config.threads)),
      work(context.get_executor()),
      acceptor(asio::make_strand(context)),
      accept_pause(acceptor.get_executor()) {}

bool server_core::add(const std::shared_ptr<connection>& c) {
  std::lock_guard lock{mutex};
  if (connections.size() >= 2 * (tickets + 1))
    std::erase_if(connections, [](const auto& weak) { return weak.expired(); });
  connections.push_back(c);
  return !stopping;
}

std::vector<std::shared_ptr<connection>> server_core::present() {
  std::lock_guard lock{mutex};
  std::vector<std::shared_ptr<connection>> alive;
  for (const auto& weak : connections)
    if (auto c = weak.lock())
      alive.push_back(std::move(c));
  return alive;
}

void server_core::accept_next() {
  acceptor.async_accept(asio::make_strand(context),
                        [self = shared_from_this()](error_code error, tcp::socket socket) {
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

void server_core::accepted(tcp::socket socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error).address();
  if (error)
    return;
  socket.set_option(tcp::no_delay(true), error);
  const auto key = limit_key(peer);
  const bool exempt = config.loopback_exempt && peer.is_loopback();
  const auto verdict = gate.enter(key, exempt);
  const bool refusal = verdict != admission::verdict::admitted;
  auto pass = std::make_shared<const ticket>(shared_from_this(), key, exempt, refusal);
  {
    std::lock_guard lock{mutex};
    if (stopping || (refusal && refusals > refusals_max))
      return;
  }
  auto fresh = std::make_shared<session>(std::move(pass), std::move(socket), key, exempt);
  if (!add(fresh))
    return;
  if (!refusal)
    return fresh->start();
  fresh->start_refused(
    verdict == admission::verdict::full
      ? too_many_connections("of this server", config.connections_max)
      : too_many_connections("of this address", config.connections_per_address_max));
}

void server_core::stop(std::uint32_t deadline_ms) {
  {
    std::lock_guard lock{mutex};
    stopping = true;
  }
  asio::post(acceptor.get_executor(), [self = shared_from_this()] {
    error_code ignored;
    self->acceptor.close(ignored);
    self->accept_pause.cancel();
  });
  for (const auto& c : present())
    c->close(false);
  {
    std::unique_lock lock{mutex};
    changed.wait_for(lock, std::chrono::milliseconds(deadline_ms), [&] { return tickets == 0; });
  }
  for (const auto& c : present())
    c->close(true);
  {
    std::unique_lock lock{mutex};
    changed.wait(lock, [&] { return tickets == 0; });
    running = false;
  }
  work.reset();
  for (auto& thread : threads)
    thread.join();
  threads.clear();
}

std::optional<std::string> server::start(server_config config, handler& h) {
  const auto where = config.address + ":" + std::to_string(config.port);
  error_code error;
  const auto address = asio::ip::make_address(config.address, error);
  if (error)
    return "cannot listen on " + where + ": '" + config.address + "' is no numeric address";
  config.threads = std::max<std::size_t>(config.threads, 1);
  auto core = std::make_shared<server_core>(std::move(config), h);
  const tcp::endpoint endpoint{address, core->config.port};
  auto& acceptor = core->acceptor;
  acceptor.open(endpoint.protocol(), error);
  if (!error)
    acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error)
    acceptor.bind(endpoint, error);
  if (!error)
    acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return "cannot listen on " + where + ": " + error.message();
  core->port = acceptor.local_endpoint().port();
  core->accept_next();
  for (std::size_t i = 0; i < core->config.threads; ++i)
    core->threads.emplace_back([raw = core.get()] { raw->context.run(); });
  core_ = std::move(core);
  return std::nullopt;
}

server::~server() { stop(1000); }

std::uint16_t server::port() const { return core_ ? core_->port : std::uint16_t{0}; }

std::size_t server::connections() const { return core_ ? core_->gate.connections() : 0; }

void server::stop(std::uint32_t deadline_ms) {
  if (auto core = std::exchange(core_, nullptr))
    core->stop(deadline_ms);
}

}  // namespace datagen::http
