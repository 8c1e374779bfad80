// A customer of the HTTP API keeps an eye on its receipts itself: no gateway has its key.

#include "tests/end_to_end/live_cluster.hpp"

using namespace end_to_end;

namespace {

/// Looks through Heavy's blocks from `height` on, as far as they go. @param height of the last one seen
bool announces(const live_cluster& net, std::uint64_t& height, const std::string& type) {
  for (;; ++height) {
    const auto reply = net.send("/v1/chains/heavy/blocks/" + std::to_string(height));
    if (reply.status != 200)
      return false;
    if (reply.body.find("\"" + type + "\"") != std::string::npos)
      return true;
  }
}

}  // namespace

TEST_CASE("no dodging: a customer asks Heavy for the leaf of its receipt once it is due, and the "
          "validator has to show it") {
  scratch_directory home;
  live_cluster net{home.path};
  net.submit("merkle.root", "root.bin", {"--input", datagen::source_path("LICENSE")});
  const auto ask = [&] {
    return net.run({"job", "ask-leaf", net.file("root.bin.receipt.json"), "--dev-account", "0",
                    "--json"});
  };
  const auto early = ask();
  CHECK(early.code == 1);
  CHECK_MESSAGE(early.err.find("the leaf is due at") != std::string::npos, early.err);
  process_result asked;
  REQUIRE(eventually([&] { return (asked = ask()).code == 0; }));
  std::uint64_t height = std::stoull(text_of(json::parse(asked.out), "height"));
  for (const std::string type : {"leaf_asked", "leaf_shown"})
    CHECK_MESSAGE(eventually([&] { return announces(net, height, type); }), type);
}

TEST_CASE("no dodging: a receipt that proves its leaf ordered asks for nothing") {
  scratch_directory home;
  live_cluster net{home.path};
  net.submit("merkle.root", "root.bin",
             {"--input", datagen::source_path("LICENSE"), "--watch-audit"});
  const auto said =
    net.run({"job", "ask-leaf", net.file("root.bin.receipt.json"), "--dev-account", "0"});
  CHECK(said.code == 1);
  CHECK_MESSAGE(said.err.find("nothing is missing") != std::string::npos, said.err);
}
