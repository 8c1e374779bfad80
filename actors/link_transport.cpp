#include "actors/link_transport.hpp"

#include "actors/remote_role.hpp"
#include "messages/envelope.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

namespace datagen {

using link::refusal;

link_transport::link_transport(caf::actor_system& system, link_transport_config config)
    : local_transport(system, config.unix_ms), system_(system), config_(std::move(config)) {
  for (const auto& other : config_.others)
    know(other);
}

link_transport::~link_transport() { close(); }

void link_transport::know(const link_peer& other) {
  const auto x = std::make_shared<neighbour>(other, now_us());
  std::unique_lock lock{mutex_};
  others_[other.main.key] = x;
  for (const auto& who : other.main.roles)
    elsewhere_[who] = x;
  for (const auto& also : other.also)
    for (const auto& who : also.roles)
      elsewhere_[who] = x;
}

link_transport::shared_neighbour link_transport::find(const protocol::public_key& key) const {
  std::shared_lock lock{mutex_};
  const auto found = others_.find(key);
  return found == others_.end() ? nullptr : found->second;
}

link_transport::shared_neighbour link_transport::home_of(const peer& who) const {
  std::shared_lock lock{mutex_};
  const auto found = elsewhere_.find(who);
  return found == elsewhere_.end() ? nullptr : found->second;
}

std::string link_transport::open() {
  if (auto why = endpoint_.start(config_.own, *this))
    return *why;
  for (const auto& other : config_.others)
    stand_for(other);
  return {};
}

void link_transport::add(const link_peer& other) {
  if (find(other.main.key) != nullptr)
    return endpoint_.dial(other.main.key, other.where);
  know(other);
  stand_for(other);
}

/// A local actor for each of its roles; its link is dialled.
void link_transport::stand_for(const link_peer& other) {
  const auto stand_in = [this, host = other.main.key](const peer& who) {
    stand_ins_.push_back(system_.spawn(
      remote_role, remote_role_config{.who = who, .send = [this, host](protocol::bytes sealed) {
                                        endpoint_.send(host, std::move(sealed));
                                      }}));
    attach(who, stand_ins_.back());
  };
  for (const auto& who : other.main.roles)
    stand_in(who);
  for (const auto& x : other.also)
    for (const auto& who : x.roles)
      stand_in(who);
  if (!other.where.empty())
    endpoint_.dial(other.main.key, other.where);
}

void link_transport::close() {
  caf::scoped_actor self{system_};
  for (auto& x : stand_ins_) {
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
    self->wait_for(x);
  }
  stand_ins_.clear();
  endpoint_.stop();
  local_transport::close();
}

bool link_transport::reachable(const peer& to) const {
  const auto host = home_of(to);
  if (host == nullptr)
    return true;
  const auto since = host->down_since_us.load();
  return since == 0 || now_us() < since + 1'000 * config_.grace_ms;
}

bool link_transport::knows(const protocol::public_key& key) const { return find(key) != nullptr; }

void link_transport::up(const protocol::public_key& key,
                        const std::vector<protocol::public_key>& also, std::uint16_t) {
  const auto other = find(key);
  const auto& said = other->said;
  auto& speakers = speakers_[key];
  speakers = {said.main.roles.begin(), said.main.roles.end()};
  for (const auto& x : said.also)
    if (std::find(also.begin(), also.end(), x.key) != also.end())
      speakers.insert(x.roles.begin(), x.roles.end());
  other->down_since_us = 0;
  if (config_.changed)
    config_.changed(said, std::nullopt);
}

void link_transport::down(const protocol::public_key& key, refusal why) {
  const auto other = find(key);
  if (why != refusal::replaced)  // the later connection is up
    other->down_since_us = std::max<std::uint64_t>(now_us(), 1);
  if (config_.changed)
    config_.changed(other->said, why);
}

refusal link_transport::received(const protocol::public_key& from, protocol::byte_view message,
                                 link::held_credit credit) {
  envelope x;
  if (open_envelope(message, x, std::move(credit)) != envelope_check::ok)
    return refusal::malformed_message;
  if (speakers_[from].count(x.from) == 0)
    return refusal::foreign_sender;
  if (home_of(x.to) != nullptr)
    return refusal::foreign_receiver;  // nobody relays for others unasked
  local_transport::deliver(x.from, x.to, std::move(x.content));
  return refusal::none;
}

}  // namespace datagen
