#include "actors/link/endpoint.hpp"

#include "actors/link/session.hpp"

#include "protocol/link/credit.hpp"

namespace datagen::link {

endpoint::~endpoint() { stop(); }

std::optional<std::string> endpoint::start(endpoint_config config, observer& owner) {
  protocol::invariant(protocol::link::window_fits(config.window_bytes, config.frame_bytes_max),
                      "a link's window holds its largest frame");
  const bool listens = !config.address.empty();
  std::shared_ptr<core> fresh;
  try {
    fresh = std::make_shared<core>(std::move(config), owner);
  } catch (const boost::system::system_error& x) {
    return std::string{"cannot set up TLS 1.3 with Ed25519: "} + x.what();
  }
  if (listens)
    if (auto why = fresh->listen())
      return why;
  fresh->running = true;
  fresh->thread = std::thread{[raw = fresh.get()] { raw->context.run(); }};
  core_ = std::move(fresh);
  return std::nullopt;
}

std::uint16_t endpoint::port() const { return core_ ? core_->port : std::uint16_t{0}; }

void endpoint::dial(const public_key& peer, std::vector<host_port> where) {
  asio::post(core_->context, [raw = core_.get(), peer, where = std::move(where)]() mutable {
    raw->dial(peer, std::move(where));
  });
}

void endpoint::send(const public_key& peer, protocol::bytes message) {
  core_->send(peer, std::move(message));
}

void endpoint::refuse(const public_key& peer, refusal why) {
  asio::post(core_->context, [raw = core_.get(), peer, why] {
    const auto it = raw->links.find(peer);
    if (it != raw->links.end())
      std::shared_ptr { it->second } -> refuse(why);
  });
}

const totals& endpoint::counts() const { return core_->counts; }

void endpoint::stop() {
  const auto last = std::exchange(core_, nullptr);
  if (!last)
    return;
  {
    std::lock_guard lock{last->mutex};
    last->running = false;
  }
  last->stop();
}

}  // namespace datagen::link
