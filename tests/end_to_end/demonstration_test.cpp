// The README's first command after the build: the whole story in about a minute.

#include "tests/support/process.hpp"

#include <doctest/doctest.h>
#include <regex>

using namespace datagen::test_support;

namespace {

std::size_t count(const std::string& text, const std::string& pattern) {
  const std::regex what{pattern};
  return static_cast<std::size_t>(
    std::distance(std::sregex_iterator{text.begin(), text.end(), what}, {}));
}

}  // namespace

TEST_CASE("the demonstration shows Echo, jobs, audits, a convicted liar and conserved supply") {
  scratch_directory home;
  const auto told = run_datagen({"up", "--once", "--port", "0", "--output-dir", home.path.string(),
                                 "--scene", datagen::source_path("config/scenes/loggia.toml")});
  const auto& text = told.out;
  CHECK_MESSAGE(told.code == 0, told.err);
  // Echo: a table of seven answers for each of three users, and who won.
  CHECK(count(text, "alice \\(latency mode") == 1);
  CHECK(count(text, "bob \\(random mode") == 1);
  CHECK(count(text, "validator [0-6] +[0-9.]+ ms +correct") >= 14);
  CHECK(count(text, "<- paired") == 3);
  // Jobs on real input, each on both chains.
  for (const std::string kernel : {"render.path", "merkle.root", "gemm.f32", "mc.philox"})
    CHECK_MESSAGE(count(text, "   " + kernel + ": ") == 1, kernel);
  const std::regex committed{
    "result after ([0-9.]+) ms, in Fast block [0-9]+ after ([0-9]+) ms, "
    "settled in Heavy block [0-9]+ after ([0-9]+) ms"};
  std::size_t jobs = 0;
  for (std::sregex_iterator it{text.begin(), text.end(), committed}, end; it != end; ++it, ++jobs) {
    CHECK(std::stod((*it)[1]) < std::stod((*it)[2]));  // back before the block that commits it
    CHECK(std::stod((*it)[2]) <= std::stod((*it)[3]));
  }
  CHECK(jobs == 4);
  CHECK(read_all(home.path / "demo.png").starts_with("\x89PNG\r\n"));
  // Audits: three checkers, the liar convicted, slashed and expelled, its user served elsewhere.
  CHECK(count(text, "drawn; stage 0, checkers [0-6] [0-6] [0-6]\n") >= 1);
  CHECK(count(text, "-> fault \\(rule h[0-9a-z]*\\), P pays") >= 1);
  CHECK(count(text, "validator 6 slashed [0-9.]+ DG for wrong_result") >= 1);
  CHECK(count(text, "validator 6 is now EXPELLED") == 1);
  CHECK(count(text, "carol is paired with validator [0-5] instead") >= 1);
  CHECK(count(text, "carol's next job ran on validator [0-5]") == 1);
  // Money.
  CHECK(count(text, "\n   [0-6] +[0-9.]+ DG +[0-9.]+ DG +[0-9.]+ DG +[0-9.]+ DG") == 7);
  CHECK(count(text, "total +30000000.0000 DG  conserved") == 1);
}
