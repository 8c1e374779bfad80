// Files that people write and hand on: the network's roster, a host's own file, the plan of a
// network, scenario scripts.

#include "tests/fuzz/target.hpp"

#include "actors/node/host_config.hpp"
#include "actors/node/roster.hpp"
#include "protocol/crypto/bech32m.hpp"
#include "tests/support/places.hpp"
#include "tools/datagen/node/network_plan.hpp"
#include "tools/scenario/script.hpp"

#include <filesystem>
#include <fstream>

namespace datagen::fuzz {

namespace {

void check_roster(const std::string& text) {
  const auto written = to_toml(read_roster(text));
  std::string again;
  try {
    again = to_toml(read_roster(written));
  } catch (const file_failure&) {
  }
  require(again == written, "a roster that is written is read again");
}

void check_host_config(const std::string& text) {
  const auto x = read_host_config(text, "/etc/datagen");
  require(x.links.port != 0 && x.kernel_lanes >= 1, "a host's file has its links and a lane");
}

void check_network_plan(const std::string& text) {
  auto plan = tools::read_network_plan(text);
  if (tools::share_out(plan, 4, 7).empty())
    require(tools::roster_of(plan).hosts.size() == plan.size(), "every planned host gets a place");
}

void check_script(const std::string& text) {
  const auto x = scenario::read_script(text);
  if (const auto* error = std::get_if<scenario::script_error>(&x))
    require(!error->what.empty(), "a refused script is answered with a sentence");
  else
    require(std::get<scenario::script>(x).stop_ms <= scenario::script_ms_max, "a script ends");
}

constexpr void (*checks[])(const std::string&) = {check_roster, check_host_config,
                                                  check_network_plan, check_script};

}  // namespace

void check(byte_view data) {
  const auto [which, rest] = choose(data, std::size(checks));
  try {
    checks[which](std::string{as_text(rest)});
  } catch (const file_failure& x) {
    require(std::string_view{x.what()} != "", "a refused file is answered with a sentence");
  }
}

std::vector<bytes> seeds() {
  const auto key = [](std::uint8_t i) { return protocol::key_pair::from_secret({{i}}).identity; };
  const roster network{{{.name = "alpha",
                         .key = key(1),
                         .where = {{"10.0.0.1", 9470}},
                         .authors = {0, 1, 2, 3},
                         .routers = {0}},
                        {.name = "beta",
                         .key = key(2),
                         .where = {{"beta.example", 9470}, {"2001:db8::2", 1}},
                         .validators = {0, 1, 2, 3},
                         .routers = {1},
                         .gateway = 0}}};
  std::vector<bytes> result{
    chosen(0, as_bytes(to_toml(network))),
    chosen(1, as_bytes("host = \"alpha\"\ngenesis = \"genesis.bin\"\nnetwork = \"network.toml\"\n"
                       "keys = \"keys\"\ndata = \"data\"\n[links]\nlisten = \"0.0.0.0:9470\"\n"
                       "[api]\nlisten = \"[::1]:8470\"\n[kernels]\nlanes = 4\nthreads = 0x3\n")),
    chosen(2, as_bytes("[[hosts]]\nname = \"alpha\"\naddress = \"10.0.0.1\"\nport = 9470\n"
                       "listen = '0.0.0.0'\noperator = \"acme\"\nauthors = 1\nvalidators = 2\n"
                       "routers = 1\ngateway = true\napi = \"127.0.0.1:8470\"\n"
                       "[[hosts]]\nname = \"beta\"\naddress = \"b.example\"\ngateway = false\n"))};
  for (const auto& entry : std::filesystem::directory_iterator(source_path("tests/scenarios"))) {
    std::ifstream file(entry.path());
    result.push_back(chosen(3, as_bytes(std::string{std::istreambuf_iterator<char>(file), {}})));
  }
  return result;
}

}  // namespace datagen::fuzz
