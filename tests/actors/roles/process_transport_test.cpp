#include "actors/process_transport.hpp"
#include "messages/register.hpp"

#include <doctest/doctest.h>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <mutex>
#include <thread>

using namespace datagen;

namespace {

struct linked_config : caf::actor_system_config {
  linked_config() {
    add_messages(*this);
    add_links(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::size_t{2});
  }
};

/// What a role was told, in order.
struct ear {
  std::mutex mutex;
  std::vector<std::uint64_t> heard;
  std::size_t count() {
    std::lock_guard lock{mutex};
    return heard.size();
  }
};

/// A process of its own as far as CAF knows: its own actor system, node id and port.
class process {
public:
  process(const peer& here, process_address own, std::vector<process_route> others,
          outbox_limits outbox = {})
      : system_(config_),
        net(system_, {.own = own, .others = std::move(others), .outbox = outbox}) {
    listener_ = system_.spawn([heard = heard](caf::event_based_actor*) {
      return caf::behavior{[heard](const peer&, const v1::follow_heavy& x) {
                             std::lock_guard lock{heard->mutex};
                             heard->heard.push_back(x.height);
                           },
                           [heard](const peer&, const v1::vertex_gossip& x) {
                             std::lock_guard lock{heard->mutex};
                             heard->heard.push_back(x.vertex.size());
                           }};
    });
    net.attach(here, listener_);
    const auto why = net.open();
    REQUIRE_MESSAGE(why.empty(), why);
  }
  ~process() {
    net.close();
    caf::anon_send_exit(listener_, caf::exit_reason::user_shutdown);
  }

  /// @returns whether the role here was told `count` things within 20 s.
  bool hears(std::size_t count) {
    for (int i = 0; i < 2000 && heard->count() < count; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    return heard->count() >= count;
  }

private:
  linked_config config_;
  caf::actor_system system_;

public:
  process_transport net;
  std::shared_ptr<ear> heard = std::make_shared<ear>();

private:
  caf::actor listener_;
};

constexpr peer a{role::heavy_author, 0}, b{role::heavy_author, 1};

process_route to(const process& other, const peer& who) {
  return {{.port = other.net.port()}, {who}};
}

}  // namespace

TEST_CASE("process_transport: roles of two processes hear each other, in the order of sending") {
  process right{b, {}, {}};
  process left{a, {}, {to(right, b)}};
  for (std::uint64_t i = 0; i < 2'000; ++i)
    left.net.send(a, b, v1::follow_heavy{i});
  REQUIRE(right.hears(2'000));
  for (std::uint64_t i = 0; i < 2'000; ++i)
    CHECK(right.heard->heard[i] == i);

  left.net.send(b, a, v1::follow_heavy{7});  // who lives here needs no link
  CHECK(left.hears(1));
  CHECK(left.net.known(role::heavy_author) == std::vector<std::uint32_t>{0, 1});
  CHECK(left.net.known(role::router).empty());
}

TEST_CASE("process_transport: a large vertex arrives whole") {
  process right{b, {}, {}};
  process left{a, {}, {to(right, b)}};
  left.net.send(a, b, v1::vertex_gossip{blob{protocol::bytes(1 << 20, 7)}});
  REQUIRE(right.hears(1));
  CHECK(right.heard->heard[0] == 1 << 20);
}

TEST_CASE("process_transport: a process that went away is reached again when it is back") {
  auto right = std::make_unique<process>(b, process_address{}, std::vector<process_route>{});
  const process_address place{.port = right->net.port()};
  process left{a, {}, {to(*right, b)}};
  for (int times = 0; times < 3; ++times) {
    left.net.send(a, b, v1::follow_heavy{1});
    REQUIRE(right->hears(1));
    right.reset();
    right = std::make_unique<process>(b, place, std::vector<process_route>{});
    // What is sent while the link does not know yet may be lost; so the test sends until heard.
    for (int i = 0; i < 200 && right->heard->count() == 0; ++i) {
      left.net.send(a, b, v1::follow_heavy{2});
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    REQUIRE(right->heard->count() > 0);
    right->heard->heard.clear();
  }
}

TEST_CASE(
  "process_transport: what waits for a process that is not there is bounded and arrives "
  "when it comes, the oldest dropped") {
  process_address place;
  place.port = process{b, {}, {}}.net.port();
  process left{a, {}, {{place, {b}}}, {.parcels_max = 10}};
  for (std::uint64_t i = 0; i < 100; ++i)
    left.net.send(a, b, v1::follow_heavy{i});
  CHECK(left.net.dropped() == 90);
  process right{b, place, {}};
  REQUIRE(right.hears(10));
  CHECK(right.heard->heard == std::vector<std::uint64_t>{90, 91, 92, 93, 94, 95, 96, 97, 98, 99});
}

TEST_CASE(
  "parcel_outbox: drops the oldest beyond its bytes, and keeps the newest whatever it weighs") {
  parcel_outbox outbox{{.parcels_max = 10, .bytes_max = 1'000}};
  const auto gossip = [](std::size_t size) {
    return v1::parcel{b, caf::make_message(a, v1::vertex_gossip{blob{protocol::bytes(size)}})};
  };
  CHECK(outbox.push(gossip(600)));
  CHECK(!outbox.push(gossip(300)));  // the link knows already
  outbox.push(gossip(500));
  CHECK(outbox.dropped() == 1);
  outbox.push(gossip(5'000));
  CHECK(outbox.dropped() == 3);
  CHECK(outbox.take(10, 1'000).size() == 1);
  CHECK(outbox.take(10, 1'000).empty());
  CHECK(outbox.push(gossip(1)));  // and now it must be woken
}

TEST_CASE("parcel_outbox: gives no more than asked for at a time, in order") {
  parcel_outbox outbox{{}};
  for (std::uint64_t i = 0; i < 5; ++i)
    outbox.push({b, caf::make_message(a, v1::submit_transaction{protocol::bytes(100), false})});
  CHECK(outbox.take(10, 250).size() == 2);
  CHECK(outbox.take(1, 250).size() == 1);
  CHECK(outbox.take(10, 1).size() == 1);
}
