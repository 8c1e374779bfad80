#include "actors/node/roster.hpp"

#include "actors/node/development.hpp"
#include "actors/node/toml_file.hpp"

#include "protocol/crypto/bech32m.hpp"
#include "protocol/params.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace datagen;

namespace {

protocol::public_key key_of(std::uint8_t i) {
  return protocol::key_pair::from_secret({{i}}).identity;
}

protocol::genesis chain() {
  return development_genesis({.validators = 4, .authors = 4, .params = protocol::dev_preset()});
}

/// Two hosts for `chain()`.
roster good() {
  return {{{.name = "alpha",
            .key = key_of(1),
            .where = {{"10.0.0.1", 9470}},
            .authors = {0, 1, 2, 3},
            .routers = {0}},
           {.name = "beta",
            .key = key_of(2),
            .where = {{"beta.example", 9470}, {"2001:db8::2", 1}},
            .validators = {0, 1, 2, 3},
            .routers = {1},
            .gateway = 0}}};
}

std::string refusal(const std::function<void(roster&)>& change) {
  auto x = good();
  change(x);
  return check(x, chain());
}

/// What reading `text` says, with the line.
std::string mistake(const std::string& text) {
  try {
    (void)read_roster(text);
  } catch (const file_failure& x) {
    return explain("network.toml", x);
  }
  return "nothing";
}

}  // namespace

TEST_CASE("roster: what is written is read again, and serves its genesis") {
  const auto text = to_toml(good());
  CHECK(to_toml(read_roster(text)) == text);
  CHECK(check(read_roster(text), chain()) == "");
  CHECK(read_roster(text).routers() == 2);
  CHECK(read_roster(text).find("beta")->where[1].host == "2001:db8::2");
  CHECK(read_roster(text).find("gamma") == nullptr);
}

TEST_CASE("roster: everybody in genesis lives on exactly one host") {
  CHECK(refusal([](roster& x) { x.hosts[0].authors = {0, 1, 3}; }) == "author 2 lives on no host");
  CHECK(refusal([](roster& x) {
          x.hosts[1].validators = {0, 1, 2};
        }) == "validator 3 lives on no host");
  CHECK(refusal([](roster& x) { x.hosts[0].validators = {2}; }) ==
        "validator 2 lives on two hosts");
  CHECK(refusal([](roster& x) { x.hosts[0].authors.push_back(4); }) ==
        "genesis has no author 4, only 4");
  CHECK(refusal([](roster& x) { x.hosts[0].routers = {2}; }) == "router 0 lives on no host");
  CHECK(refusal([](roster& x) { x.hosts[1].gateway = 1; }) == "gateway 0 lives on no host");
  CHECK(refusal([](roster& x) {
          x.hosts[0].routers.clear();
          x.hosts[1].routers.clear();
        }).find("no router") != std::string::npos);
}

TEST_CASE("roster: names and keys are those of one host, and a host can prove all it holds") {
  CHECK(refusal([](roster& x) { x.hosts[1].name = "alpha"; }) == "two hosts are named 'alpha'");
  CHECK(refusal([](roster& x) { x.hosts[1].key = key_of(1); }) ==
        "host 'beta' has the key of another host");
  CHECK(refusal([](roster& x) {
          for (std::uint32_t i = 4; i < 17; ++i)
            x.hosts[1].validators.push_back(i);
        }).find("more than 16") != std::string::npos);
}

TEST_CASE("roster: a neighbour speaks for its routers by its own key, for others by theirs") {
  const auto x = neighbours(good(), chain(), "alpha");
  REQUIRE(x.size() == 1);
  CHECK(x[0].main.key == key_of(2));
  CHECK(x[0].main.roles == std::vector<peer>{{role::router, 1}, {role::gateway, 0}});
  REQUIRE(x[0].also.size() == 4);
  CHECK(x[0].also[3].key == chain().validators[3].key);
  CHECK(x[0].also[3].roles ==
        std::vector<peer>{{role::validator, 3}, {role::cross_checker, 3}, {role::fast_author, 3}});
}

TEST_CASE("roster: who joined is read with its key, and speaks by it") {
  auto x = good();
  x.hosts.push_back({.name = "late",
                     .key = key_of(3),
                     .where = {{"late.example", 9470}},
                     .joined = {{role::validator, 7, key_of(4)}, {role::heavy_author, 4, key_of(5)}}});
  CHECK(check(x, chain()) == "");
  const auto again = read_roster(to_toml(x));
  CHECK(to_toml(again) == to_toml(x));
  const auto late = neighbour(again.hosts.at(2), chain());
  REQUIRE(late.also.size() == 2);
  CHECK(late.also[0].key == key_of(5));
  CHECK(late.also[0].roles == std::vector<peer>{{role::heavy_author, 4}, {role::selector, 4}});
  CHECK(late.also[1].key == key_of(4));
  CHECK(late.also[1].roles ==
        std::vector<peer>{{role::validator, 7}, {role::cross_checker, 7}, {role::fast_author, 7}});
}

TEST_CASE("roster: who joined stands behind genesis' ids, once, with a key of its own") {
  const auto with = [](std::vector<joined_identity> on_alpha, std::vector<joined_identity> on_beta) {
    return refusal([&](roster& x) {
      x.hosts[0].joined = std::move(on_alpha);
      x.hosts[1].joined = std::move(on_beta);
    });
  };
  CHECK(with({{role::validator, 4, key_of(4)}}, {{role::heavy_author, 4, key_of(5)}}) == "");
  CHECK(with({{role::validator, 3, key_of(4)}}, {}) ==
        "validator 3 is one of genesis: it belongs into validators, without a key");
  CHECK(with({{role::validator, 4, key_of(4)}}, {{role::validator, 4, key_of(5)}}) ==
        "validator 4 lives on two hosts");
  CHECK(with({{role::validator, 4, key_of(4)}}, {{role::validator, 5, key_of(4)}}) ==
        "validator 5 has the key of another one that joined");
}

TEST_CASE("roster: a mistake is named with its place") {
  const auto host = "[[hosts]]\nname = \"a\"\nkey = \"" + protocol::to_address(key_of(1)) + "\"\n";
  CHECK(mistake(host + "address = [\"10.0.0.1:1\"]\n[[hosts.joined]]\nkey = \"" +
                protocol::to_address(key_of(2)) + "\"")
          .find("is one validator = ID, or one author = ID") != std::string::npos);
  CHECK(mistake("").find("1 to 250 [[hosts]]") != std::string::npos);
  CHECK(mistake("[[host]]\n").find("network.toml:1:3: the file has no key 'host'") == 0);
  CHECK(mistake(host).find("must say address") != std::string::npos);
  CHECK(mistake(host + "address = [\"10.0.0.1\"]").find("network.toml:4:11: '10.0.0.1' is no") ==
        0);
  CHECK(
    mistake(host + "address = [\"h:1\"]\nauthors = [-1]").find("network.toml:5:12: authors must") ==
    0);
  CHECK(mistake(host + "address = [\"h:1\"]\nauthor = [1]").find("no key 'author'") !=
        std::string::npos);
  CHECK(mistake("[[hosts]]\nname = \"A b\"\n").find("a host's name is") != std::string::npos);
  CHECK(mistake("[[hosts]]\nname = \"a\"\nkey = \"dg1x\"").find("network.toml:3:7: key must") == 0);
  CHECK(mistake("[[hosts\n").find("network.toml:") == 0);
}

TEST_CASE("roster: damaged files are refused, never taken otherwise than by a person's words") {
  std::mt19937 random{20261126};
  const auto text = to_toml(good());
  for (int i = 0; i < 2'000; ++i) {
    auto damaged = text;
    for (std::uint32_t n = 1 + random() % 4; n > 0; --n)
      damaged[random() % damaged.size()] = static_cast<char>(random() % 128);
    try {
      const auto x = read_roster(damaged);
      CHECK(to_toml(read_roster(to_toml(x))) == to_toml(x));
    } catch (const file_failure&) {
    }
  }
}

TEST_CASE("roster: addresses are HOST:PORT, IPv6 in brackets") {
  for (const auto* good : {"10.0.0.1:9470", "host.example:1", "[2001:db8::1]:65535"})
    CHECK(to_string(*read_host_port(good)) == good);
  for (const auto* bad : {"", ":1", "host", "host:", "host:0", "host:65536", "host:1x",
                          "2001:db8::1:1", "[]:1", "[::1]", "host:-1", "host: 1"})
    CHECK_MESSAGE(!read_host_port(bad), bad);
}
