// Real TCP between network namespaces, where this machine lets us make them.

#include "tests/support/packet_relay.hpp"
#include "tests/support/network_namespace.hpp"

#include <doctest/doctest.h>

#include <future>

using namespace datagen::test_support;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

bool possible() {
  const auto why = network_namespace::obstacle();
  if (!why.empty())
    MESSAGE("left out: " << why);
  return why.empty();
}

/// Two hosts, and a connection from one to the other.
struct two_hosts {
  network_namespace near{"10.77.0.1"}, far{"10.77.0.2"};
  packet_relay relay{
    {{near.tun(), {::inet_addr("10.77.0.1")}}, {far.tun(), {::inet_addr("10.77.0.2")}}}, 1};
  asio::io_context context;
  tcp::socket here{context}, there{context};

  void connect() {
    auto door = far.run([&] {
      return tcp::acceptor{context, {asio::ip::make_address("10.77.0.2"), 9470}};
    });
    here = near.run([&] {
      tcp::socket result{context};
      result.connect(door.local_endpoint());
      return result;
    });
    there = door.accept();
  }
  /// Everything that is sent to the far host until the connection is closed.
  std::future<std::string> received() {
    return std::async(std::launch::async, [this] {
      std::string result;
      boost::system::error_code end;
      asio::read(there, asio::dynamic_buffer(result), end);
      return result;
    });
  }
};

}  // namespace

TEST_CASE("packet_relay: a connection between namespaces takes a round trip of the path's delay") {
  if (!possible())
    return;
  two_hosts net;
  net.relay.set(0, 1, {.delay = 40ms});
  const auto start = std::chrono::steady_clock::now();
  net.connect();
  CHECK(std::chrono::steady_clock::now() - start >= 80ms);
  CHECK(net.here.remote_endpoint().address() == asio::ip::make_address("10.77.0.2"));
}

TEST_CASE("packet_relay: packets are lost, and TCP brings every byte all the same") {
  if (!possible())
    return;
  two_hosts net;
  net.relay.set(0, 1, {.delay = 1ms, .jitter = 1ms, .loss_permille = 30});
  net.connect();
  std::string sent(300'000, ' ');
  for (std::size_t i = 0; i < sent.size(); ++i)
    sent[i] = static_cast<char>(i * 31 / 7);
  auto received = net.received();
  asio::write(net.here, asio::buffer(sent));
  net.here.close();
  CHECK(received.get() == sent);
  CHECK(net.relay.counts().lost > 0);
}

TEST_CASE(
  "packet_relay: nothing passes a partition, and the connection goes on once it has healed") {
  if (!possible())
    return;
  two_hosts net;
  net.connect();
  net.relay.set(0, 1, {.cut = true});
  auto received = net.received();
  asio::write(net.here, asio::buffer("through", 7));
  net.here.close();
  CHECK(received.wait_for(300ms) == std::future_status::timeout);
  CHECK(net.relay.counts().cut > 0);
  net.relay.set(0, 1, {});
  CHECK(received.get() == "through");
}
