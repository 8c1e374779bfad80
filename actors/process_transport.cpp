#include "actors/process_transport.hpp"

#include <caf/actor_ostream.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

namespace datagen {

namespace {

process_gate_actor::behavior_type process_gate(process_gate_actor::pointer,
                                               std::function<void(v1::parcel&)> hand_over) {
  return {[hand_over](v1::parcel_batch& batch) {
    for (auto& x : batch.parcels)
      hand_over(x);
    return v1::parcels_delivered{static_cast<std::uint32_t>(batch.parcels.size())};
  }};
}

}  // namespace

void add_links(caf::actor_system_config& config) {
  config.load<caf::io::middleman>();
  config.set("middleman.workers", std::size_t{0});
  config.set("middleman.heartbeat-interval", caf::timespan{std::chrono::seconds{1}});
}

process_transport::process_transport(caf::actor_system& system, process_transport_config config)
    : local_transport(system, config.unix_ms), system_(system), own_(std::move(config.own)) {
  for (auto& other : config.others) {
    for (const auto& who : other.roles)
      routes_[who] = others_.size();
    auto outbox = std::make_shared<parcel_outbox>(config.outbox);
    auto link = system.spawn(
      process_link, process_link_config{.other = std::move(other.where), .outbox = outbox});
    others_.push_back({std::move(outbox), std::move(link)});
  }
}

process_transport::~process_transport() { close(); }

std::string process_transport::open() {
  gate_ = system_.spawn(process_gate, [this](v1::parcel& x) {
    local_transport::deliver({}, x.to, std::move(x.content));
  });
  const auto port = system_.middleman().publish(gate_, own_.port, own_.host.c_str(), true);
  if (!port)
    return "cannot listen on " + own_.host + ":" + std::to_string(own_.port) + ": " +
           system_.render(port.error());
  own_.port = *port;
  return {};
}

void process_transport::close() {
  caf::scoped_actor self{system_};
  if (gate_) {
    system_.middleman().unpublish(gate_, own_.port);
    caf::anon_send_exit(gate_, caf::exit_reason::user_shutdown);
    self->wait_for(std::exchange(gate_, process_gate_actor{}));
  }
  for (auto& x : others_)
    if (x.link) {
      caf::anon_send_exit(x.link, caf::exit_reason::user_shutdown);
      self->wait_for(std::exchange(x.link, process_link_actor{}));
    }
  local_transport::close();
}

void process_transport::deliver(const peer& from, const peer& to, caf::message content) {
  const auto route = routes_.find(to);
  if (route == routes_.end())
    return local_transport::deliver(from, to, std::move(content));
  auto& other = others_[route->second];
  if (other.outbox->push({to, std::move(content)}))
    caf::anon_send(other.link, v1::alarm{});
}

std::vector<std::uint32_t> process_transport::known(role kind) const {
  auto result = local_transport::known(kind);
  for (const auto& [who, place] : routes_)
    if (who.kind == kind)
      result.push_back(who.index);
  return result;
}

std::uint64_t process_transport::dropped() const {
  std::uint64_t result = 0;
  for (const auto& x : others_)
    result += x.outbox->dropped();
  return result;
}

}  // namespace datagen
