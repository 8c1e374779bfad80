#include "actors/node/host_config.hpp"

#include "actors/node/toml_file.hpp"

#include <doctest/doctest.h>

using namespace datagen;

namespace {

const std::string whole =
  "host = \"alpha\"\ngenesis = \"genesis.bin\"\nnetwork = \"network.toml\"\n"
  "keys = \"keys\"\ndata = \"/var/lib/datagen\"\n"
  "[links]\nlisten = \"0.0.0.0:9470\"\n";

std::string mistake(const std::string& text) {
  try {
    (void)read_host_config(text, "/etc/datagen");
  } catch (const file_failure& x) {
    return explain("node.toml", x);
  }
  return "nothing";
}

}  // namespace

TEST_CASE("host config: paths are relative to the file, what is left out has its default") {
  const auto x = read_host_config(whole, "/etc/datagen");
  CHECK(x.host == "alpha");
  CHECK(x.genesis == "/etc/datagen/genesis.bin");
  CHECK(x.data == "/var/lib/datagen");
  CHECK(x.links.port == 9470);
  CHECK(!x.api);
  CHECK(x.kernel_lanes == 2);
  CHECK(x.kernel_batch == 64);
  const auto more = read_host_config(
    whole + "[api]\nlisten = \"127.0.0.1:8470\"\n[kernels]\nlanes = 4\nthreads = 3\nbatch = 1\n", "/");
  CHECK(more.api->host == "127.0.0.1");
  CHECK(more.kernel_lanes == 4);
  CHECK(more.kernel_threads == 3);
  CHECK(more.kernel_batch == 1);
  CHECK(more.workers.empty());
  CHECK(!more.inside_keys);
}

TEST_CASE("host config: with workers elsewhere a host may leave its own devices alone") {
  const auto x = read_host_config(
    whole + "[kernels]\nlanes = 0\nworkers = [\"10.0.0.7:7480\", \"gpu2:7480\"]\n"
            "inside_keys = \"inside\"\n",
    "/etc/datagen");
  CHECK(x.kernel_lanes == 0);
  REQUIRE(x.workers.size() == 2);
  CHECK(x.workers[1].host == "gpu2");
  CHECK(x.workers[1].port == 7480);
  CHECK(x.inside_keys == "/etc/datagen/inside");
  CHECK(mistake(whole + "[kernels]\nlanes = 0").find("from 1 to 64") != std::string::npos);
  CHECK(mistake(whole + "[kernels]\nworkers = [\"gpu2\"]")
          .find("node.toml:9:11: 'gpu2' is no worker's address") == 0);
}

TEST_CASE("host config: a mistake is named with its place") {
  CHECK(mistake("host = 3").find("node.toml:1:8: host must be a text in quotes") == 0);
  CHECK(mistake("").find("the file must say host") != std::string::npos);
  CHECK(mistake(whole + "[kernels]\nlanes = 65")
          .find("node.toml:9:9: lanes must be a whole number from "
                "1 to 64") == 0);
  CHECK(mistake(whole + "[kernels]\nbatch = 0")
          .find("node.toml:9:9: batch must be a whole number from "
                "1 to 1024") == 0);
  CHECK(
    mistake(whole + "[kernel]\nlanes = 2").find("node.toml:8:2: the file has no key 'kernel'") ==
    0);
  CHECK(mistake(whole + "port = 1").find("[links] has no key 'port'; it has listen") !=
        std::string::npos);
  CHECK(mistake(whole.substr(0, whole.find("[links]"))).find("must have [links]") !=
        std::string::npos);
  CHECK(mistake(whole + "[api]\nlisten = \"8470\"").find("node.toml:9:10: '8470' is no address") ==
        0);
}
