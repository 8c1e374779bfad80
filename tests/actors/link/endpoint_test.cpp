#include "tests/actors/link/party.hpp"

using namespace datagen;
using namespace datagen::link;
using namespace datagen::link::tests;

TEST_CASE("link: two registered keys hear each other, in the order of sending, both ways") {
  party left{1}, right{2};
  left.dial(right);
  for (std::uint32_t i = 0; i < 5'000; ++i) {
    left.say(right, numbered(i));
    right.say(left, numbered(i));
  }
  REQUIRE(right.ear.hears(5'000));
  REQUIRE(left.ear.hears(5'000));
  for (std::uint32_t i = 0; i < 5'000; ++i) {
    CHECK(right.ear.heard()[i] == numbered(i));
    CHECK(left.ear.heard()[i] == numbered(i));
    if (i > 10)
      i += 511;  // `heard` copies
  }
  CHECK(left.end.counts().links == 1);
  CHECK(left.ear.version() == 1);
}

TEST_CASE(
  "link: a message larger than a frame and than the window arrives whole, and an empty one") {
  auto small = config_of(2);
  small.frame_bytes_max = 1'000;
  small.window_bytes = 4'000;
  party left{1}, right{small};
  left.dial(right);
  bytes large(300'001);
  for (std::size_t i = 0; i < large.size(); ++i)
    large[i] = static_cast<std::uint8_t>(i * i >> 3);
  left.say(right, large);
  left.say(right, {});
  left.say(right, numbered(7));
  REQUIRE(right.ear.hears(3));
  CHECK(right.ear.heard()[0] == large);
  CHECK(right.ear.heard()[1].empty());
  CHECK(right.ear.heard()[2] == numbered(7));
  CHECK(right.end.counts().assembly_bytes == 0);
}

TEST_CASE("link: a receiver whose roles do not keep up holds one window, and the sender waits") {
  auto small = config_of(2);
  small.frame_bytes_max = 10'000;
  small.window_bytes = 100'000;
  party left{1}, right{small};
  right.ear.keeps_credit = true;
  left.dial(right);
  for (std::uint32_t i = 0; i < 1'000; ++i)
    left.say(right, numbered(i, 1'000));
  REQUIRE(right.ear.hears(99));  // 100,000 bytes hold 99 frames of 1,009
  std::this_thread::sleep_for(std::chrono::milliseconds{200});
  CHECK(right.ear.heard().size() == 99);
  for (int i = 0; i < 200 && right.ear.heard().size() < 1'000; ++i) {
    right.ear.give_back();
    CHECK(right.ear.heard_bytes() <= 1'000'000);
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  CHECK(right.ear.heard().size() == 1'000);
  CHECK(left.end.counts().broken == 0);
}

TEST_CASE("link: what waits for a peer that is not there is bounded, the oldest dropped") {
  auto bounded = config_of(1);
  bounded.outbox_bytes_max = 10 * (64 + 100);
  std::uint16_t port = 0;
  {
    const party nobody{2};
    port = nobody.end.port();
  }
  party left{bounded};
  const auto key = key_of(2).identity;
  left.end.dial(key, {{"127.0.0.1", port}});
  for (std::uint32_t i = 0; i < 100; ++i)
    left.end.send(key, numbered(i, 100));
  CHECK(left.end.counts().dropped == 90);
  REQUIRE(soon([&] { return left.end.counts().unreachable > 2; }));
  auto late = config_of(2);
  late.port = port;
  party right{late};
  REQUIRE(right.ear.hears(10));
  CHECK(right.ear.heard()[0] == numbered(90, 100));
}

TEST_CASE("link: a peer that went away is reached again when it is back") {
  auto config = config_of(2);
  auto right = std::make_unique<party>(config);
  config.port = right->end.port();
  party left{1};
  left.dial(*right);
  for (std::size_t life = 1; life <= 4; ++life) {
    REQUIRE(left.ear.links(life));
    left.say(*right, numbered(1));
    REQUIRE(right->ear.hears(1));
    right.reset();
    REQUIRE(soon([&] { return left.end.counts().links == 0; }));
    ++config.life.started_ms;
    right = std::make_unique<party>(config);
  }
  CHECK(left.end.counts().broken == 4);
}

TEST_CASE("link: N and N-1 talk in the older version, N-2 is told that it is too old") {
  auto old = config_of(1), next = config_of(2), newest = config_of(3);
  old.versions = {1, 1};
  next.versions = {1, 2};
  newest.versions = {2, 3};
  party a{old}, b{next}, c{newest};
  a.dial(b);
  b.dial(c);
  a.dial(c);
  REQUIRE(a.ear.links(1));
  REQUIRE(c.ear.links(1));
  CHECK(a.ear.version() == 1);
  CHECK(c.ear.version() == 2);
  CHECK(soon([&] { return a.told(refusal::wrong_version) > 0; }));
  CHECK(c.refused(refusal::wrong_version) > 0);
  CHECK(c.end.counts().links == 1);
}

TEST_CASE("link: a node of another genesis or with other chains is refused, and both count it") {
  auto fork = config_of(1), swapped = config_of(3);
  fork.genesis = protocol::hash("fork");
  std::swap(swapped.heavy, swapped.fast);
  party server{2}, a{fork}, b{swapped};
  a.dial(server);
  b.dial(server);
  CHECK(soon([&] { return a.told(refusal::wrong_genesis) > 0; }));
  CHECK(soon([&] { return b.told(refusal::wrong_chain) > 0; }));
  CHECK(server.refused(refusal::wrong_genesis) > 0);
  CHECK(server.refused(refusal::wrong_chain) > 0);
  CHECK(server.end.counts().established == 0);
}

TEST_CASE("link: further keys of a host are proven with the link, at both ends") {
  auto a = config_of(1), b = config_of(2);
  a.also = {key_of(5), key_of(6)};
  b.also = {key_of(7)};
  party left{a}, right{b};
  left.dial(right);
  REQUIRE(right.ear.links(1));
  REQUIRE(left.ear.links(1));
  CHECK(right.ear.also() == std::vector{key_of(5).identity, key_of(6).identity});
  CHECK(left.ear.also() == std::vector{key_of(7).identity});
}

TEST_CASE("link: whoever answers with another registered key than the dialled one is left") {
  party left{1}, right{2}, third{3};
  left.dial(third, right.end.port());
  CHECK(soon([&] { return left.refused(refusal::wrong_identity) > 1; }));
  CHECK(left.end.counts().established == 0);
  CHECK(right.end.counts().established == 0);
}

TEST_CASE("link: a key that is not registered is refused, whatever else is right") {
  party server{2}, stranger{77};
  stranger.dial(server);
  CHECK(soon([&] { return server.refused(refusal::unknown_key) > 1; }));
  CHECK(server.end.counts().established == 0);
}

TEST_CASE("link: a twin that started earlier or at once is refused, a later life takes over") {
  party server{2};
  auto config = config_of(1);
  config.life.started_ms = 5'000;
  party first{config};
  first.dial(server);
  REQUIRE(server.ear.links(1));

  auto older = config;
  older.life = {4'999, protocol::hash("older")};
  party old_twin{older};
  old_twin.dial(server);
  CHECK(soon([&] { return old_twin.told(refusal::twin) > 0; }));
  auto same = config;
  same.life = {5'000, protocol::hash("same age")};
  party young_twin{same};
  young_twin.dial(server);
  CHECK(soon([&] { return young_twin.told(refusal::twin) > 0; }));
  CHECK(server.refused(refusal::twin) >= 2);
  CHECK(server.refused(refusal::replaced) == 0);
  CHECK(first.end.counts().links == 1);  // undisturbed

  auto later = config;
  later.life = {6'000, protocol::hash("restarted")};
  party restarted{later};
  restarted.dial(server);
  REQUIRE(restarted.ear.links(1));
  CHECK(server.refused(refusal::replaced) == 1);
  CHECK(soon([&] { return first.told(refusal::twin) > 0; }));  // now it is the older one
  CHECK(restarted.end.counts().links == 1);
}

TEST_CASE(
  "link: a message that its owner refuses costs the link, and often enough the key's turn") {
  auto strict = config_of(2);
  strict.standing.ban_points = 60;  // three of 25
  party server{strict}, clumsy{1};
  clumsy.dial(server);
  for (std::size_t i = 1; i <= 3; ++i) {
    REQUIRE(clumsy.ear.links(i));
    clumsy.say(server, {0xbd});
    REQUIRE(soon([&] { return clumsy.told(refusal::malformed_message) == i; }));
  }
  CHECK(soon([&] { return server.refused(refusal::banned) > 1; }));
  CHECK(server.end.counts().links == 0);
}
