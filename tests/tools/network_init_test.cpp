// What `datagen network init` makes of a plan, and which plans it refuses.
#include "tests/support/process.hpp"

#include <doctest/doctest.h>

using datagen::test_support::process_result;
using datagen::test_support::read_all;
using datagen::test_support::run_datagen;
using datagen::test_support::scratch_directory;

namespace {

struct maker {
  scratch_directory files;

  std::string path(const std::string& name) const { return (files.path / name).string(); }
  process_result init(const std::string& plan, std::vector<std::string> more = {}) const {
    std::ofstream{path("hosts.toml")} << plan;
    more.insert(more.begin(),
                {"network", "init", "--hosts", path("hosts.toml"), "--out", path("net")});
    return run_datagen(more);
  }
  void refuses(const std::string& plan, int code, const std::string& sentence,
               const std::vector<std::string>& more = {"--development"}) const {
    const auto result = init(plan, more);
    CHECK(result.code == code);
    CHECK_MESSAGE(result.err.find(sentence) != std::string::npos, result.err);
    CHECK(!std::filesystem::exists(path("net")));
  }
};

std::string host(const std::string& name, const std::string& more = {}) {
  return "[[hosts]]\nname = \"" + name + "\"\naddress = \"" + name + ".example\"\n" + more;
}

}  // namespace

TEST_CASE(
  "network init: what hosts leave out is spread over them evenly, and every file names its host") {
  const maker x;
  const auto made =
    x.init(host("a", "validators = 4\n") + host("b") + host("c", "gateway = false\n"),
           {"--development", "--validators", "7"});
  REQUIRE_MESSAGE(made.code == 0, made.err);
  const auto roster = read_all(x.path("net/network.toml"));
  CHECK(roster.find("authors = [0, 1]\nvalidators = [0, 1, 2, 3]\nrouters = [0]\ngateway = 0\n") !=
        std::string::npos);
  CHECK(roster.find("authors = [2]\nvalidators = [4, 5]\nrouters = [1]\ngateway = 1\n") !=
        std::string::npos);
  CHECK(roster.find("authors = [3]\nvalidators = [6]\nrouters = [2]\n\n") != std::string::npos);
  for (const auto* name : {"a", "b", "c"}) {
    const auto home = std::string{"net/hosts/"} + name;
    CHECK(read_all(x.path(home + "/node.toml")).find("host = \"" + std::string{name}) !=
          std::string::npos);
    CHECK(read_all(x.path(home + "/datagen.service")).find("--passphrase-file") !=
          std::string::npos);
    CHECK(read_all(x.path(home + "/network.toml")) == roster);
    CHECK(read_all(x.path("net/compose.yaml")).find("./hosts/" + std::string{name} + ":/host") !=
          std::string::npos);
    CHECK(run_datagen({"node", "--check", "--config", x.path(home + "/node.toml")}).code == 0);
  }
  const auto targets = read_all(x.path("net/prometheus.yml"));
  CHECK(targets.find("\"b.example:8470\"") != std::string::npos);
  CHECK(targets.find("c.example") == std::string::npos);  // has no gateway to ask
}

TEST_CASE("network init: a plan that does not add up is refused, and nothing is written") {
  const maker x;
  x.refuses(host("a", "validators = 8\n") + host("b"), 78, "the hosts hold 8 validators");
  x.refuses(host("a", "authors = 1\n") + host("b", "authors = 1\n"), 78, "but there are to be 4");
  x.refuses(host("a") + host("a"), 78, "two hosts are named 'a'");
  x.refuses(host("a", "port = 0\n"), 78, "hosts.toml:4:8: port must be");
  x.refuses(host("a", "validator = 2\n"), 78, "has no key 'validator'");
  x.refuses("", 78, "a network needs [[hosts]]");
  x.refuses(host("a"), 2, "--account: 'x' is not ADDRESS=DG", {"--development", "--account", "x"});
  x.refuses(host("a"), 78, "below the minimum", {"--development", "--stake", "1"});
  x.refuses(host("a"), 2, "unknown preset", {"--development", "--preset", "tiny"});
}

TEST_CASE(
  "network init: outside development, each job can be checked by validators of three others") {
  const maker x;
  const auto three = host("a") + host("b") + host("c");
  x.refuses(three, 78, "the validators have 3 operators", {});
  x.refuses(three + host("d", "operator = \"a\"\n"), 78, "the validators have 3 operators", {});
}
