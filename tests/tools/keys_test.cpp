#include "tests/support/process.hpp"

#include "protocol/crypto/bech32m.hpp"
#include "protocol/crypto/sign.hpp"

#include <boost/json.hpp>

#include <sys/stat.h>

using datagen::test_support::read_all;
using datagen::test_support::run_datagen;
using datagen::test_support::scratch_directory;
namespace rules = datagen::protocol;

namespace {

/// A directory of keys and the environment that names it.
struct key_ring {
  scratch_directory files;
  std::string directory = (files.path / "ring").string();

  datagen::test_support::process_result run(std::vector<std::string> arguments,
                                            const std::string& passphrase = {}) const {
    arguments.insert(arguments.begin(), "keys");
    std::vector<std::string> environment = {"DATAGEN_KEYS=" + directory};
    if (!passphrase.empty())
      environment.push_back("DATAGEN_PASSPHRASE=" + passphrase);
    return run_datagen(arguments, {}, environment);
  }
  std::filesystem::path file(const std::string& name) const {
    return std::filesystem::path{directory} / (name + ".json");
  }
};

}  // namespace

TEST_CASE("keys: an encrypted key opens with its passphrase only, and never shows its secret") {
  const key_ring ring;
  REQUIRE(ring.run({"new", "alice"}, "correct horse").code == 0);
  const auto right = ring.run({"export", "alice", "--secret", "--json"}, "correct horse");
  REQUIRE(right.code == 0);
  const auto shown = boost::json::parse(right.out);
  const auto secret =
    rules::fixed_from_hex<rules::secret_key>(std::string{shown.at("secret").as_string()});
  REQUIRE(secret);
  const auto identity = rules::public_key_of(*secret);
  CHECK(shown.at("public_key").as_string() == rules::to_hex(identity));
  CHECK(shown.at("address").as_string() == rules::to_address(identity));
  CHECK(read_all(ring.file("alice")).find(rules::to_hex(*secret)) == std::string::npos);
  const auto wrong = ring.run({"export", "alice", "--secret"}, "correct hors");
  CHECK(wrong.code == 77);
  CHECK(wrong.out.empty());
  // Without --secret no passphrase is needed, and no secret shown.
  const auto plain = ring.run({"export", "alice"});
  CHECK(plain.code == 0);
  CHECK(plain.out.find("secret") == std::string::npos);
}

TEST_CASE("keys: a file belongs to its owner and is never overwritten") {
  const key_ring ring;
  REQUIRE(ring.run({"new", "alice", "--plain"}).code == 0);
  struct stat status {};
  REQUIRE(::stat(ring.file("alice").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const auto before = read_all(ring.file("alice"));
  const auto again = ring.run({"new", "alice", "--plain"});
  CHECK(again.code == 1);
  CHECK(again.err.find("never overwritten") != std::string::npos);
  CHECK(read_all(ring.file("alice")) == before);
}

TEST_CASE(
  "keys: encryption is the default, --plain warns, and without a passphrase there is no key") {
  const key_ring ring;
  const auto refused = ring.run({"new", "alice"});
  CHECK(refused.code == 2);
  CHECK(refused.err.find("no passphrase: give --passphrase-file") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(ring.file("alice")));
  const auto warned = ring.run({"new", "bob", "--plain"});
  CHECK(warned.code == 0);
  CHECK(warned.err == "warning: this key is not encrypted; use it for development only\n");
  std::ofstream{ring.files.path / "phrase"} << "from a file\nand no further\n";
  CHECK(
    ring.run({"new", "carol", "--passphrase-file", (ring.files.path / "phrase").string()}).code ==
    0);
  CHECK(ring.run({"export", "carol", "--secret"}, "from a file").code == 0);
}

TEST_CASE(
  "keys: the list shows names, addresses and what is not encrypted, and goes on past junk") {
  const key_ring ring;
  CHECK(ring.run({"list", "--json"}).out == "[]\n");
  REQUIRE(ring.run({"new", "alice", "--plain"}).code == 0);
  REQUIRE(ring.run({"new", "bob"}, "x").code == 0);
  auto list = ring.run({"list", "--json"});
  CHECK(list.code == 0);
  const auto rows = boost::json::parse(list.out).as_array();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].at("name") == "alice");
  CHECK(rows[0].at("encrypted") == false);
  CHECK(rows[1].at("encrypted") == true);
  CHECK(rows[0].at("address") != rows[1].at("address"));
  std::ofstream{ring.file("aaa")} << "{}";
  list = ring.run({"list"});
  CHECK(list.code == 65);
  CHECK(list.err.find("aaa.json is no key file: expected version 1") != std::string::npos);
  CHECK(list.out.find("alice  dg1") == 0);
  CHECK(list.out.find("not encrypted") != std::string::npos);
}

TEST_CASE("keys: names that leave the directory and unknown keys are refused") {
  const key_ring ring;
  for (const std::string name : {"../x", "a/b", "", ".hidden", "a b"})
    CHECK(ring.run({"new", name, "--plain"}).code == 2);
  CHECK(ring.run({"export", "nobody"}).code == 65);
}

TEST_CASE("keys: a changed key file is refused, whatever was changed") {
  const key_ring ring;
  REQUIRE(ring.run({"new", "alice"}, "x").code == 0);
  REQUIRE(ring.run({"new", "bob", "--plain"}).code == 0);
  auto parsed = boost::json::parse(read_all(ring.file("alice"))).as_object();
  const auto other = boost::json::parse(read_all(ring.file("bob"))).as_object();
  const auto answer = [&](const char* name, boost::json::value value) {
    auto changed = parsed;
    changed[name] = std::move(value);
    std::ofstream{ring.file("alice")} << changed;
    return ring.run({"export", "alice", "--secret"}, "x").code;
  };
  CHECK(answer("version", 1) == 0);
  CHECK(answer("version", 2) == 65);
  CHECK(answer("address", other.at("address")) == 77);
  CHECK(answer("address", "dg1qqq") == 65);
  CHECK(answer("passes", 4) == 77);
  CHECK(answer("passes", 17) == 65);
  CHECK(answer("memory_kib", 4'294'967'295) == 65);
  CHECK(answer("memory_kib", -1) == 65);
  CHECK(answer("salt", "00112233445566778899aabbccddeeff") == 77);
  CHECK(answer("salt", "00") == 65);
  CHECK(answer("sealed", boost::json::string(96, '0')) == 77);
  CHECK(answer("kdf", "scrypt") == 65);
  // Nothing authenticates a plain file, so its secret must belong to its address.
  auto plain = other;
  plain["address"] = parsed.at("address");
  std::ofstream{ring.file("bob")} << plain;
  CHECK(ring.run({"export", "bob", "--secret"}).code == 77);
}
