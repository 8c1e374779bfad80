// A pool and one of its end users at the command line: the user has a key and no money, the pool pays.

#include "tests/end_to_end/live_cluster.hpp"

#include "protocol/chain/development.hpp"
#include "protocol/crypto/bech32m.hpp"

using namespace end_to_end;
namespace protocol = datagen::protocol;

namespace {

struct pool_desk {
  scratch_directory home;
  live_cluster net{home.path};
  std::string guest_key = net.file("guest.json"), consent = net.file("consent.json");
  std::string guest, pool;

  pool_desk() {
    done(run_datagen({"keys", "new", "guest", "--dir", home.path.string(), "--plain"}));
    guest = text_of(json::parse(done(run_datagen({"keys", "export", "guest", "--dir",
                                                  home.path.string(), "--json"})).out),
                    "address");
    pool = protocol::to_address(
      protocol::development_key(protocol::development_kind::account, 1).identity);
    done(net.run({"session", "consent", "--pool", pool, "--life", "3600", "--key", guest_key,
                  "--output", consent, "--state", net.file("guest_sessions.json")}));
  }
  static process_result done(process_result x) {
    REQUIRE_MESSAGE(x.code == 0, x.err);
    return x;
  }
  json::value shown(const std::vector<std::string>& arguments) const {
    return json::parse(done(net.run(arguments)).out);
  }
  process_result delegate(const std::string& account) const {
    return net.run({"session", "delegate", consent, "--escrow", "5", "--bid", "2000",
                    "--dev-account", account, "--json"});
  }
  json::value submit() const {
    return shown({"submit", "merkle.root", "--input", datagen::source_path("LICENSE"), "--output",
                  net.file("root.bin"), "--state", net.file("guest_sessions.json"), "--key",
                  guest_key, "--json"});
  }
  std::string balance_of(const std::string& account) const {
    return text_of(net.get("/v1/accounts/" + account), "balance");
  }
};

}  // namespace

TEST_CASE("R9 a pool's end user has jobs done with a key of its own and no money, and the pool pays") {
  pool_desk x;
  const auto before = x.balance_of(x.pool);
  const auto opened = json::parse(x.done(x.delegate("1")).out);
  const auto session = text_of(opened, "session");
  CHECK(x.balance_of(x.pool) != before);
  const auto job = x.submit();
  CHECK(text_of(job, "session") == session);
  CHECK(datagen::test_support::read_all(x.net.file("root.bin")).size() == 32);
  const auto known = x.net.get("/v1/sessions/" + session);
  CHECK(text_of(known, "user") == x.guest);
  CHECK(text_of(known, "payer") == x.pool);
  CHECK(x.balance_of(x.guest) == "0");
  x.done(x.net.run({"session", "close", session, "--dev-account", "1"}));
  CHECK(x.shown({"session", "show", session, "--json"}).at("closed").as_bool());
}

TEST_CASE("R9 an end user's consent is good for one pool and for its next transaction alone") {
  pool_desk x;
  const auto refused = [&](const process_result& said, int code, const std::string& why) {
    CHECK(said.code == code);
    CHECK_MESSAGE(said.err.find(why) != std::string::npos, said.err);
  };
  refused(x.delegate("0"), 1, "is for the pool " + x.pool);
  x.done(x.net.run({"account", "transfer", "--to", x.guest, "--amount", "1", "--dev-account", "1"}));
  refused(x.delegate("1"), 1, "ask for a new consent");
  std::ofstream{x.consent} << R"({"format":"something"})";
  refused(x.delegate("1"), 65, "is no consent");
  std::ofstream{x.consent} << "{";
  refused(x.delegate("1"), 65, "is no JSON");
}
