#include "actors/adversary/twins.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message_view.hpp>
#include <caf/send.hpp>

namespace datagen {

/// Where the roles of both copies are.
struct twins::post {
  mutable std::shared_mutex mutex;
  std::array<std::map<peer, caf::strong_actor_ptr>, copies> roles;

  bool holds(const peer& address) const {
    std::shared_lock lock{mutex};
    return roles[0].count(address) != 0;
  }
  void give(std::size_t number, const peer& address, caf::message content) const {
    caf::strong_actor_ptr receiver;
    {
      std::shared_lock lock{mutex};
      if (const auto found = roles[number].find(address); found != roles[number].end())
        receiver = found->second;
    }
    if (receiver)
      receiver->enqueue(
        caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, std::move(content)), nullptr);
  }
};

class twins::side : public transport {
public:
  side(std::size_t number, std::shared_ptr<transport> net, std::shared_ptr<const post> own)
      : number_(number), net_(std::move(net)), own_(std::move(own)) {}

  void deliver(const peer& from, const peer& to, caf::message content) override {
    if (own_->holds(to))
      own_->give(number_, to, std::move(content));
    else if (half_of(to) == number_)
      net_->deliver(from, to, std::move(content));
  }
  bool reachable(const peer& to) const override {
    return own_->holds(to) || (half_of(to) == number_ && net_->reachable(to));
  }
  std::vector<std::uint32_t> known(role kind) const override { return net_->known(kind); }
  protocol::consensus::instant now() const override { return net_->now(); }
  std::uint64_t now_us() const override { return net_->now_us(); }

private:
  const std::size_t number_;
  const std::shared_ptr<transport> net_;
  const std::shared_ptr<const post> own_;
};

twins::twins(caf::actor_system& system, std::shared_ptr<local_transport> net)
    : system_(system), net_(std::move(net)), post_(std::make_shared<post>()) {}

twins::~twins() {
  for (const auto& door : doors_)
    caf::anon_send_exit(door, caf::exit_reason::user_shutdown);
  std::unique_lock lock{post_->mutex};
  post_->roles = {};  // they hold their sides, which hold this
}

std::shared_ptr<transport> twins::side_of(std::size_t number, std::shared_ptr<transport> net) const {
  return std::make_shared<side>(number, std::move(net), post_);
}

void twins::attach_pointer(std::size_t number, const peer& address, caf::strong_actor_ptr handle) {
  bool first = false;
  {
    std::unique_lock lock{post_->mutex};
    first = post_->roles[0].count(address) + post_->roles[1].count(address) == 0;
    post_->roles[number][address] = std::move(handle);
  }
  if (!first)
    return;
  doors_.push_back(system_.spawn([address, own = post_](caf::event_based_actor* self) {
    self->set_default_handler(
      [address, own](caf::scheduled_actor*, caf::message_view& x) -> caf::result<caf::message> {
        auto content = x.move_content_to_message();
        if (content.size() == 0 || !content.match_element<peer>(0))
          return caf::message{};
        const auto half = half_of(content.get_as<peer>(0));
        own->give(half, address, std::move(content));
        return caf::message{};
      });
    return caf::behavior{[](caf::unit_t) {}};
  }));
  net_->attach(address, doors_.back());
}

}  // namespace datagen
