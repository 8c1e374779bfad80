#include "tests/support/process.hpp"

#include <boost/json.hpp>

#include <sys/stat.h>

#include <fstream>

using datagen::test_support::read_all;
using datagen::test_support::run_datagen;
using datagen::test_support::scratch_directory;

namespace {

struct dealer {
  scratch_directory files;
  std::string directory = (files.path / "coin").string();
  std::string keys = directory + "/coin.json";

  static datagen::test_support::process_result run(std::vector<std::string> arguments,
                                                   const std::string& passphrase = {}) {
    arguments.insert(arguments.begin(), "coin");
    std::vector<std::string> environment;
    if (!passphrase.empty())
      environment.push_back("DATAGEN_PASSPHRASE=" + passphrase);
    return run_datagen(arguments, {}, environment);
  }
  std::string secret(int author) const {
    return directory + "/author-" + std::to_string(author) + ".json";
  }
  /// Replaces the first `from` in the public file.
  void change(const std::string& from, const std::string& to) const {
    auto text = read_all(keys);
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    std::ofstream{keys} << text.replace(at, from.size(), to);
  }
};

}  // namespace

TEST_CASE("coin: a dealer leaves keys of one sharing and a sealed share for each author") {
  const dealer d;
  REQUIRE(d.run({"deal", "--authors", "7", "--out", d.directory}, "correct horse").code == 0);
  const auto judged = d.run({"check", d.keys, "--json"});
  REQUIRE(judged.code == 0);
  CHECK(boost::json::parse(judged.out).at("threshold").as_int64() == 5);
  for (int author = 0; author < 7; ++author) {
    CHECK(d.run({"check", d.keys, "--secret", d.secret(author)}, "correct horse").code == 0);
    struct stat info {};
    REQUIRE(::stat(d.secret(author).c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
  }
  CHECK(d.run({"check", d.keys, "--secret", d.secret(0)}, "wrong horse").code == 77);
  CHECK(d.run({"deal", "--authors", "7", "--out", d.directory}, "correct horse").code == 1);
}

TEST_CASE("coin: keys of two sharings, a changed threshold and a foreign share are found out") {
  const dealer d, other;
  REQUIRE(d.run({"deal", "--out", d.directory, "--plain"}).code == 0);
  REQUIRE(d.run({"deal", "--out", other.directory, "--plain"}).code == 0);
  CHECK(d.run({"check", d.keys, "--secret", other.secret(0)}).code == 1);
  const auto ours = boost::json::parse(read_all(d.keys)).at("shares").as_array();
  const auto theirs = boost::json::parse(read_all(other.keys)).at("shares").as_array();
  d.change(std::string{ours[1].as_string()}, std::string{theirs[1].as_string()});
  CHECK(d.run({"check", d.keys}).code == 1);
  other.change("\"threshold\":3", "\"threshold\":2");
  CHECK(d.run({"check", other.keys}).code == 1);
  CHECK(d.run({"check", d.secret(0)}).code == 65);
}
