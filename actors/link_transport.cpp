#include "actors/link_transport.hpp"

#include "actors/remote_role.hpp"
#include "messages/envelope.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

namespace datagen {

using link::refusal;

link_transport::link_transport(caf::actor_system& system, link_transport_config config)
    : local_transport(system, config.unix_ms), system_(system), config_(std::move(config)) {
  for (const auto& other : config_.others) {
    others_[other.main.key] = &other;
    down_since_us_[other.main.key] = std::max<std::uint64_t>(now_us(), 1);
    for (const auto& who : other.main.roles)
      elsewhere_[who] = other.main.key;
    for (const auto& x : other.also)
      for (const auto& who : x.roles)
        elsewhere_[who] = other.main.key;
  }
}

link_transport::~link_transport() { close(); }

std::string link_transport::open() {
  if (auto why = endpoint_.start(config_.own, *this))
    return *why;
  const auto stand_for = [this](const protocol::public_key& host, const std::vector<peer>& roles) {
    for (const auto& who : roles) {
      stand_ins_.push_back(system_.spawn(
        remote_role, remote_role_config{.who = who, .send = [this, host](protocol::bytes sealed) {
                                          endpoint_.send(host, std::move(sealed));
                                        }}));
      attach(who, stand_ins_.back());
    }
  };
  for (const auto& other : config_.others) {
    stand_for(other.main.key, other.main.roles);
    for (const auto& x : other.also)
      stand_for(other.main.key, x.roles);
    if (!other.where.empty())
      endpoint_.dial(other.main.key, other.where);
  }
  return {};
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
  const auto host = elsewhere_.find(to);
  if (host == elsewhere_.end())
    return true;
  const auto since = down_since_us_.at(host->second).load();
  return since == 0 || now_us() < since + 1'000 * config_.grace_ms;
}

bool link_transport::knows(const protocol::public_key& key) const {
  return others_.count(key) != 0;
}

void link_transport::up(const protocol::public_key& key,
                        const std::vector<protocol::public_key>& also, std::uint16_t) {
  const auto& other = *others_.at(key);
  auto& speakers = speakers_[key];
  speakers = {other.main.roles.begin(), other.main.roles.end()};
  for (const auto& x : other.also)
    if (std::find(also.begin(), also.end(), x.key) != also.end())
      speakers.insert(x.roles.begin(), x.roles.end());
  down_since_us_.at(key) = 0;
  if (config_.changed)
    config_.changed(key, std::nullopt);
}

void link_transport::down(const protocol::public_key& key, refusal why) {
  if (why != refusal::replaced)  // the later connection is up
    down_since_us_.at(key) = std::max<std::uint64_t>(now_us(), 1);
  if (config_.changed)
    config_.changed(key, why);
}

refusal link_transport::received(const protocol::public_key& from, protocol::byte_view message,
                                 link::held_credit credit) {
  envelope x;
  if (open_envelope(message, x, std::move(credit)) != envelope_check::ok)
    return refusal::malformed_message;
  if (speakers_[from].count(x.from) == 0)
    return refusal::foreign_sender;
  if (elsewhere_.count(x.to) != 0)
    return refusal::foreign_receiver;  // nobody relays for others unasked
  local_transport::deliver(x.from, x.to, std::move(x.content));
  return refusal::none;
}

}  // namespace datagen
