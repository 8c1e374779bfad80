// `datagen checkpoint fetch`: a committee to begin trusting at, as a file.
#include "fake_gateway.hpp"

#include "tests/support/process.hpp"

using namespace tools_test;
using datagen::test_support::run_datagen;
using datagen::test_support::scratch_directory;

namespace {

struct desk {
  fake_gateway gateway;
  scratch_directory files;

  std::string path(const char* name) const { return (files.path / name).string(); }
  datagen::test_support::process_result fetch(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"checkpoint", "fetch", "--api", gateway.address(), "--output",
                               path("checkpoint")});
    return run_datagen(more);
  }
};

}  // namespace

TEST_CASE(
  "checkpoint fetch: writes a file that verify takes, names it, and warns of a single server") {
  const desk x;
  const auto fetched = x.fetch({"--json"});
  REQUIRE_MESSAGE(fetched.code == 0, fetched.err);
  CHECK(fetched.err.find("rely on it once somebody you trust names the same") != std::string::npos);
  std::ifstream file{x.path("checkpoint")};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto read = datagen::web::checkpoint_from(json::parse(text));
  REQUIRE_MESSAGE(read.content, read.wrong);
  CHECK(read.content->authors == heavy_roster(x.gateway.start));
  const auto said = json::parse(fetched.out);
  CHECK(said.at("checkpoint").as_string() == to_hex(digest_of(*read.content)));
  CHECK(said.at("epoch").as_int64() == 0);
  CHECK(said.at("height").as_int64() == 7);
  CHECK(x.fetch({"--epoch", "0"}).code == 0);
}

TEST_CASE("checkpoint fetch: an unknown epoch, a lying server and bad arguments write nothing") {
  desk x;
  const auto unknown = x.fetch({"--epoch", "3"});
  CHECK(unknown.code == 1);
  CHECK(unknown.err.find("no certified block of Heavy epoch 3") != std::string::npos);
  x.gateway.tells = fake_gateway::lie::changed_checkpoint;
  const auto lied = x.fetch();
  CHECK(lied.code == 1);
  CHECK(lied.err.find("the field 'height' is not what its canonical bytes say") !=
        std::string::npos);
  CHECK_FALSE(std::filesystem::exists(x.path("checkpoint")));
  CHECK(x.fetch({"--epoch", "-1"}).code == 2);
  CHECK(run_datagen({"checkpoint", "fetch"}).code == 2);
  CHECK(run_datagen({"checkpoint"}).code == 2);
}
