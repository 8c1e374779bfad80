#pragma once
// A session of development account 0 whose tickets the test writes by hand, and sends to any door
// of the network as a peer of its own.

#include "tests/support/virtual_cluster.hpp"

namespace datagen::tests {

class ticket_bench {
public:
  /// Of its session: one unit may be priced at all that a lane holds.
  static constexpr std::uint64_t bid = 100'000'000'000'000;

  /// Without a session of its own.
  explicit ticket_bench(virtual_cluster& net) : net_(net) {
    heard_->self = {role::user, 50};
    attach(*heard_);
  }
  /// Opens a session with `escrow` and waits until it is paired.
  ticket_bench(virtual_cluster& net, protocol::amount escrow) : ticket_bench(net) {
    const auto ready =
      net.sim.ask<v1::session_ready>(net.user(0), v1::session_wish{.bid = bid, .escrow = escrow});
    REQUIRE(net.sim.run_until([&] { return ready->has_value(); }, 20'000));
    REQUIRE_MESSAGE((*ready)->code == ec::ok, (*ready)->reason);
    session = (*ready)->session;
    validator = (*ready)->validator;
    net.sim.run_for(2'000);  // every follower has heard of it
  }

  /// A good job over `size` bytes of input; the test makes it a bad one.
  v1::job_request job(std::uint32_t sequence, std::size_t size = 1'000) const {
    v1::job_request x;
    x.input = blob{protocol::bytes(size, 7)};
    x.order.content = {.chain = chain(),
                       .session = session,
                       .sequence = sequence,
                       .validator = validator,
                       .kernel = {"merkle.root", 0},
                       .units_max = 1'000'000,
                       .unit_price = 2'000,
                       .deadline_ms = net_.net->now().unix_ms + 60'000};
    return named(std::move(x));
  }
  /// `x` with its ticket naming its bytes.
  static v1::job_request named(v1::job_request x) {
    x.order.content.parameters = protocol::sha256(x.parameters.view());
    x.order.content.input = protocol::sha256(x.input.view());
    return sign(std::move(x));
  }
  static v1::job_request sign(v1::job_request x, const protocol::key_pair& by = user_key()) {
    x.order.user = protocol::sign(by, protocol::ticket_statement(x.order.content));
    return x;
  }
  static const protocol::key_pair& user_key() {
    static const auto key = protocol::development_key(protocol::development_kind::account, 0);
    return key;
  }

  struct answer {
    std::optional<v1::job_reply> reply;
    std::optional<v1::job_refused> refused;
  };
  /// Sends `x` to `door` and waits for the answer about it.
  answer send(const peer& door, const v1::job_request& x) {
    heard_->said = {};
    net_.net->send(heard_->self, door, x);
    net_.sim.run_until([&] { return heard_->said.reply || heard_->said.refused; }, 20'000);
    return heard_->said;
  }
  /// The same for another peer, without waiting: the answer will be in `said`.
  struct listener {
    peer self;
    answer said;
  };
  std::shared_ptr<listener> send_as(std::uint32_t user, const peer& door,
                                    const v1::job_request& x) {
    auto other = std::make_shared<listener>(listener{.self = {role::user, user}});
    attach(*other);
    kept_.push_back(other);
    net_.net->send(other->self, door, x);
    return other;
  }

  protocol::chain_id chain() const { return protocol::heavy_chain_id(net_.net_cluster->chain()); }

  protocol::session_id session;
  protocol::validator_id validator;

private:
  void attach(listener& to) {
    net_.net->attach(to.self, net_.sim.system().spawn([&to](caf::event_based_actor*) {
      return caf::behavior{[&to](const peer&, const v1::job_reply& x) { to.said.reply = x; },
                           [&to](const peer&, const v1::job_refused& x) { to.said.refused = x; }};
    }));
  }

  virtual_cluster& net_;
  std::shared_ptr<listener> heard_ = std::make_shared<listener>();
  std::vector<std::shared_ptr<listener>> kept_;
};

}  // namespace datagen::tests
