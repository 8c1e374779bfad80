#include "actors/link_transport.hpp"
#include "messages/interfaces.hpp"
#include "messages/register.hpp"

#include "protocol/crypto/hash.hpp"

#include <doctest/doctest.h>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <mutex>
#include <thread>

using namespace datagen;

namespace {

struct threaded_config : caf::actor_system_config {
  threaded_config() {
    add_messages(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::size_t{2});
  }
};

protocol::key_pair key_of(std::uint8_t i) { return protocol::key_pair::from_secret({{i}}); }

link::endpoint_config end_of(std::uint8_t i) {
  return {.key = key_of(i),
          .genesis = protocol::hash("test-genesis"),
          .life = {1'000, protocol::hash("test-life", i)},
          .retry = {.min_ms = 5, .max_ms = 50}};
}

/// Another operator as far as anybody can tell: its own actor system, keys and port.
class operator_host {
public:
  operator_host(const peer& here, link::endpoint_config own, std::vector<link_peer> others,
                std::chrono::milliseconds takes = {})
      : system_(config_), net(system_, {.own = std::move(own), .others = std::move(others)}) {
    const auto note = [this](std::uint64_t x) {
      std::lock_guard lock{mutex_};
      heard_.push_back(x);
    };
    listener_ = system_.spawn([=](caf::event_based_actor*) {
      return caf::behavior{[=](const peer&, const v1::follow_heavy& x) { note(x.height); },
                           [=](const peer&, const v1::vertex_gossip& x) {
                             std::this_thread::sleep_for(takes);
                             note(x.vertex.size());
                           }};
    });
    net.attach(here, listener_);
    const auto why = net.open();
    REQUIRE_MESSAGE(why.empty(), why);
  }
  ~operator_host() {
    net.close();
    caf::anon_send_exit(listener_, caf::exit_reason::user_shutdown);
  }

  std::vector<std::uint64_t> heard() const {
    std::lock_guard lock{mutex_};
    return heard_;
  }
  bool hears(std::size_t count) const {
    return soon([&] { return heard().size() >= count; });
  }
  template <class Condition>
  static bool soon(Condition holds) {
    for (int i = 0; i < 2'000 && !holds(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    return holds();
  }
  std::vector<link::host_port> where() const { return {{"127.0.0.1", net.port()}}; }

private:
  threaded_config config_;
  mutable std::mutex mutex_;
  std::vector<std::uint64_t> heard_;
  caf::actor_system system_;

public:
  link_transport net;

private:
  caf::actor listener_;
};

constexpr peer a{role::heavy_author, 0}, b{role::heavy_author, 1}, c{role::heavy_author, 2};

link_peer known(std::uint8_t key, const peer& who, std::vector<link::host_port> where = {}) {
  return {.main = {key_of(key).identity, {who}}, .where = std::move(where)};
}

}  // namespace

TEST_CASE("link_transport: roles of two operators hear each other, in the order of sending") {
  operator_host right{b, end_of(2), {known(1, a)}};
  operator_host left{a, end_of(1), {known(2, b, right.where())}};
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    left.net.send(a, b, v1::follow_heavy{i});
    right.net.send(b, a, v1::follow_heavy{i});
  }
  REQUIRE(right.hears(2'000));
  REQUIRE(left.hears(2'000));
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    CHECK(right.heard()[i] == i);
    CHECK(left.heard()[i] == i);
    i += i > 10 ? 99 : 0;
  }
  left.net.send(b, a, v1::follow_heavy{7});  // who lives here needs no link
  CHECK(left.hears(2'001));
}

TEST_CASE("link_transport: where both operators dial each other, one connection stays") {
  auto ends = std::pair{end_of(1), end_of(2)};
  {
    operator_host x{a, ends.first, {}}, y{b, ends.second, {}};  // for free ports
    ends.first.port = x.net.port();
    ends.second.port = y.net.port();
  }
  operator_host left{a, ends.first, {known(2, b, {{"127.0.0.1", ends.second.port}})}};
  operator_host right{b, ends.second, {known(1, a, {{"127.0.0.1", ends.first.port}})}};
  for (std::uint64_t i = 0; i < 100; ++i) {
    left.net.send(a, b, v1::follow_heavy{i});
    right.net.send(b, a, v1::follow_heavy{i});
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  CHECK(operator_host::soon([&] {
    return !left.heard().empty() && left.heard().back() == 99 && !right.heard().empty() &&
           right.heard().back() == 99;
  }));
  CHECK(left.net.counts().links == 1);
  CHECK(right.net.counts().links == 1);
}

TEST_CASE("link_transport: a host that has gone is known to be out of reach, until it is back") {
  auto ends = end_of(2);
  auto right = std::make_unique<operator_host>(b, ends, std::vector{known(1, a)});
  ends.port = right->net.port();
  operator_host left{a, end_of(1), {known(2, b, right->where())}};
  left.net.send(a, b, v1::follow_heavy{1});
  REQUIRE(right->hears(1));
  CHECK(left.net.reachable(b));
  CHECK(left.net.reachable(a));  // lives here
  CHECK(left.net.reachable(c));  // nobody knows anything of it
  right.reset();
  CHECK(operator_host::soon([&] { return !left.net.reachable(b); }));
  ends.life.started_ms += 1'000;
  right = std::make_unique<operator_host>(b, ends, std::vector{known(1, a)});
  CHECK(operator_host::soon([&] { return left.net.reachable(b); }));
}

TEST_CASE("link_transport: nobody speaks for a role that its key does not hold") {
  operator_host right{b, end_of(2), {known(1, a), known(3, c)}};
  operator_host left{a, end_of(1), {known(2, b, right.where())}};
  left.net.send(a, b, v1::follow_heavy{1});
  REQUIRE(right.hears(1));
  left.net.send(c, b, v1::follow_heavy{666});  // in another operator's name
  CHECK(operator_host::soon(
    [&] { return left.net.counts().told(link::refusal::foreign_sender) == 1; }));
  CHECK(right.net.counts().of(link::refusal::foreign_sender) == 1);
  CHECK(right.heard() == std::vector<std::uint64_t>{1});
  CHECK(operator_host::soon([&] { return right.net.counts().of(link::refusal::banned) > 0; }));
}

TEST_CASE("link_transport: a further key speaks for its roles once it is proven, and not before") {
  const peer fast{role::fast_author, 4};
  auto host = known(1, a);
  host.also = {{key_of(4).identity, {fast}}};
  operator_host right{b, end_of(2), {host}};
  auto with_proof = end_of(1);
  with_proof.also = {key_of(4)};
  {
    operator_host left{a, with_proof, {known(2, b, right.where())}};
    left.net.send(fast, b, v1::follow_heavy{5});
    REQUIRE(right.hears(1));
  }
  operator_host left{a, end_of(1), {known(2, b, right.where())}};
  left.net.send(fast, b, v1::follow_heavy{6});
  CHECK(
    operator_host::soon([&] { return right.net.counts().of(link::refusal::foreign_sender) == 1; }));
  CHECK(right.heard() == std::vector<std::uint64_t>{5});
}

TEST_CASE(
  "link_transport: nobody relays for others, and a message no such role takes ends the link") {
  const peer user{role::user, 0};
  operator_host right{b, end_of(2), {known(1, a), known(3, c)}};
  auto everyone = known(2, b, right.where());
  everyone.main.roles = {b, c, user};  // as `left` would have it
  operator_host left{a, end_of(1), {everyone}};
  left.net.send(a, c, v1::follow_heavy{1});
  CHECK(operator_host::soon(
    [&] { return right.net.counts().of(link::refusal::foreign_receiver) == 1; }));
  left.net.send(a, user, v1::follow_heavy{1});
  CHECK(operator_host::soon(
    [&] { return right.net.counts().of(link::refusal::malformed_message) == 1; }));
  CHECK(right.heard().empty());
}

TEST_CASE(
  "link_transport: a role that is slow holds one window of messages, not its mailbox full") {
  auto small = end_of(2);
  small.frame_bytes_max = 10'000;
  small.window_bytes = 40'000;
  operator_host right{b, small, {known(1, a)}, std::chrono::milliseconds{2}};
  operator_host left{a, end_of(1), {known(2, b, right.where())}};
  for (int i = 0; i < 300; ++i)
    left.net.send(a, b, v1::vertex_gossip{blob{protocol::bytes(5'000, 7)}});
  std::uint64_t ahead = 0;
  while (right.heard().size() < 300) {
    const auto done = right.heard().size();  // read first: what arrives meanwhile counts as ahead
    ahead = std::max<std::uint64_t>(ahead, right.net.counts().messages_in - done);
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  CHECK(ahead >= 2);
  CHECK(ahead <= 40'000 / 5'000 + 2);
}

TEST_CASE(
  "link_transport: a large vertex arrives whole, and what waits arrives when the link is up") {
  std::uint16_t port = 0;
  {
    operator_host nobody{b, end_of(2), {}};
    port = nobody.net.port();
  }
  operator_host left{a, end_of(1), {known(2, b, {{"127.0.0.1", port}})}};
  left.net.send(a, b, v1::vertex_gossip{blob{protocol::bytes(5 << 20, 7)}});
  left.net.send(a, b, v1::follow_heavy{3});
  auto late = end_of(2);
  late.port = port;
  operator_host right{b, late, {known(1, a)}};
  REQUIRE(right.hears(2));
  CHECK(right.heard() == std::vector<std::uint64_t>{5 << 20, 3});
}
