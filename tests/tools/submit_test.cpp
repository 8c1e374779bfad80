// The customer's whole conversation, as a process, with a gateway that may lie.
#include "fake_gateway.hpp"

#include "protocol/crypto/bech32m.hpp"
#include "protocol/job/echo.hpp"
#include "tests/support/process.hpp"

using namespace tools_test;
using datagen::test_support::process_result;
using datagen::test_support::read_all;
using datagen::test_support::run_datagen;
using datagen::test_support::scratch_directory;
using lie = fake_gateway::lie;

namespace {

/// A customer's desk: an input, a place for results, and a gateway.
struct desk {
  fake_gateway gateway;
  scratch_directory files;

  desk() { std::ofstream{path("in")} << std::string(100'000, 'x'); }
  std::string path(const std::string& name) const { return (files.path / name).string(); }
  process_result submit(std::vector<std::string> more = {}) const {
    std::vector<std::string> all = {"submit",        "merkle.root",     "--input",   path("in"),
                                    "--output",      path("out"),       "--api",     gateway.address(),
                                    "--dev-account", "0",               "--state",   path("state.json")};
    all.insert(all.end(), more.begin(), more.end());
    return run_datagen(all);
  }
  bool wrote() const {
    return std::filesystem::exists(path("out")) || std::filesystem::exists(path("out.receipt.json"));
  }
  /// A refusal: exit `code`, `sentence` on stderr, no data, no file.
  void refuses(lie told, const std::string& sentence, int code = 1,
               const std::vector<std::string>& more = {}) {
    gateway.tells = told;
    const auto result = submit(more);
    CHECK(result.code == code);
    CHECK(result.out.empty());
    CHECK_MESSAGE(result.err.find(sentence) != std::string::npos, result.err);
    CHECK_FALSE(wrote());
  }
};

}  // namespace

TEST_CASE("submit: one command opens, pairs, pays, computes, checks and acknowledges") {
  desk x;
  const auto result = x.submit({"--json", "--param", "chunk=4096", "--declared-value", "1.5"});
  CHECK_MESSAGE(result.code == 0, result.err);
  CHECK(x.gateway.problems.empty());
  REQUIRE(x.gateway.opened.size() == 1);
  CHECK(x.gateway.opened[0].escrow == dg(10));
  CHECK(x.gateway.opened[0].bid == 13);  // the highest ask
  REQUIRE(x.gateway.orders.size() == 1);
  const auto& order = x.gateway.orders[0].content;
  CHECK(order.validator == validator_id{2});
  CHECK(order.unit_price == 12);
  CHECK(order.declared_value == 1'500'000'000);
  CHECK(order.sequence == 1);
  const auto shown = boost::json::parse(result.out);
  CHECK(shown.at("job").as_string() == to_hex(job_id_of(order)));
  CHECK(shown.at("latency_us") == 4'200);
  CHECK(shown.at("ordered").as_string() == "Fast block 812");
  const auto output = read_all(x.path("out"));
  CHECK(output.size() == 32);
  REQUIRE(x.gateway.acknowledged.size() == 1);
  CHECK(x.gateway.acknowledged[0].job == job_id_of(order));
  CHECK(result.err.find("price: ") != std::string::npos);
}

TEST_CASE("submit: the Echo's truth is computed here, forged answers do not count") {
  desk x;
  const auto result = x.submit();
  CHECK_MESSAGE(result.code == 0, result.err);
  CHECK(result.err.find("the Echo answer of v1 is not signed by it") != std::string::npos);
  REQUIRE(x.gateway.reports.size() == 1);
  const auto& report = x.gateway.reports[0];
  CHECK(report.entries == 3);
  REQUIRE(report.best.size() == 3);
  CHECK(report.best[0].validator == validator_id{3});
  CHECK_FALSE(report.best[0].correct);
  CHECK(report.best[1].validator == validator_id{2});
  CHECK(report.best[1].correct);
  REQUIRE(x.gateway.fast_said.size() == 1);
  CHECK(std::get<fast::tx::echo_root>(x.gateway.fast_said[0]).entries_root == report.entries_root);
}

TEST_CASE("submit: where the validator gives no sign, the next ticket goes to its stand-in, and a "
          "further Echo is paid for") {
  desk x;
  x.gateway.tells = lie::silent;
  const auto result = x.submit({"--json"});
  CHECK_MESSAGE(result.code == 0, result.err);
  REQUIRE(x.gateway.orders.size() == 2);
  const auto &first = x.gateway.orders[0].content, &second = x.gateway.orders[1].content;
  CHECK(first.validator == validator_id{2});
  CHECK(second.validator == validator_id{1});
  CHECK(second.attempt == 1);
  CHECK(second.sequence == first.sequence);
  CHECK(job_id_of(second) == job_id_of(first));
  CHECK(boost::json::parse(result.out).at("validator") == 1);
  CHECK(x.gateway.reports.size() == 2);
  CHECK(x.gateway.problems.empty());
}

TEST_CASE("submit: of a validator that asks more than was bid nothing is ordered, its stand-in takes the "
          "job, and a further Echo is paid for") {
  desk x;
  x.gateway.tells = lie::dear;
  const auto result = x.submit();
  CHECK_MESSAGE(result.code == 0, result.err);
  REQUIRE(x.gateway.orders.size() == 1);
  CHECK(x.gateway.orders[0].content.validator == validator_id{1});
  CHECK(x.gateway.orders[0].content.unit_price <= x.gateway.opened.at(0).bid);
  CHECK(x.gateway.reports.size() == 2);
}

TEST_CASE("submit: a session that bids less than everybody asks orders nothing, and says so") {
  desk x;
  REQUIRE(x.submit().code == 0);
  std::filesystem::remove(x.path("out"));
  std::filesystem::remove(x.path("out.receipt.json"));
  x.refuses(lie::all_dear, "more than the session's bid of 13 nDG per 1,000 units, the least 20");
  CHECK(x.gateway.orders.size() == 1);
}

TEST_CASE("submit: a job between an expulsion and the next pairing waits for whoever is paired next") {
  desk x;
  x.gateway.tells = lie::expelled;
  const auto result = x.submit();
  CHECK_MESSAGE(result.code == 0, result.err);
  REQUIRE(x.gateway.orders.size() == 2);
  CHECK(x.gateway.orders[0].content.validator == validator_id{2});
  CHECK(x.gateway.orders[1].content.validator == validator_id{1});
  CHECK(x.gateway.orders[1].content.attempt == 1);
}

TEST_CASE("submit: an order that comes before others have heard of its pairing is given again") {
  desk x;
  x.gateway.tells = lie::behind;
  const auto result = x.submit();
  CHECK_MESSAGE(result.code == 0, result.err);
  REQUIRE(x.gateway.orders.size() == 3);
  CHECK(x.gateway.orders[0] == x.gateway.orders[2]);
}

TEST_CASE("submit: an order that goes on coming too early is given to a stand-in") {
  desk x;
  x.gateway.tells = lie::stays_behind;
  const auto result = x.submit();
  CHECK_MESSAGE(result.code == 0, result.err);
  REQUIRE(x.gateway.orders.size() > 2);
  CHECK(x.gateway.orders.front().content.validator == validator_id{2});
  CHECK(x.gateway.orders.back().content.validator == validator_id{1});
  CHECK(x.gateway.orders.back().content.attempt == 1);
}

TEST_CASE("submit: a leaf in a block is no answer yet") {
  desk x;
  x.gateway.tells = lie::block_first;
  const auto result = x.submit();
  CHECK_MESSAGE(result.code == 0, result.err);
  CHECK(read_all(x.path("out")).size() == 32);
}

TEST_CASE("submit: a session is remembered, and its sequence numbers are never used twice") {
  desk x;
  REQUIRE(x.submit().code == 0);
  REQUIRE(x.submit().code == 0);
  x.gateway.tells = lie::refuses_job;
  REQUIRE(x.submit().code == 1);  // a refused ticket has used its number too
  x.gateway.tells = lie::none;
  REQUIRE(x.submit({"--new-session", "--escrow", "2"}).code == 0);
  CHECK(x.gateway.opened.size() == 2);
  CHECK(x.gateway.opened[1].escrow == dg(2));
  std::vector<std::uint32_t> used;
  for (const auto& order : x.gateway.orders)
    used.push_back(order.content.sequence);
  CHECK(used == std::vector<std::uint32_t>{1, 2, 3, 1});
  // On another machine nobody knows which numbers are used.
  const auto id = std::to_string(x.gateway.orders.back().content.session.value);
  const auto other = x.submit({"--session", id, "--state", x.path("other.json")});
  CHECK(other.code == 2);
  CHECK(other.err.find("--sequence") != std::string::npos);
  const auto told = x.submit({"--session", id, "--sequence", "9", "--state", x.path("other.json")});
  CHECK_MESSAGE(told.code == 0, told.err);
  CHECK(x.gateway.orders.back().content.sequence == 9);
  std::ofstream{x.path("state.json")} << "{";
  CHECK(x.submit().code == 65);
}

TEST_CASE("submit: a lying server gets nothing written") {
  SUBCASE("wrong output") {
    desk{}.refuses(lie::wrong_output, "the answer does not hold");
  }
  SUBCASE("a receipt that the validator did not sign") {
    desk{}.refuses(lie::forged_receipt, "the receipt does not hold");
  }
  SUBCASE("a receipt for another ticket") {
    desk{}.refuses(lie::foreign_ticket, "bad_receipt");
  }
  SUBCASE("a genesis that is not the one it names") {
    desk{}.refuses(lie::wrong_genesis, "not the one it names");
  }
  SUBCASE("a validator under another key than genesis'") {
    desk{}.refuses(lie::wrong_key, "another key for validator 0 than genesis");
  }
}

TEST_CASE("submit: refusals are the server's sentences, with advice") {
  SUBCASE("the validator's") {
    desk{}.refuses(lie::refuses_job, "the lane has 0 DG left (lane_overdrawn); --new-session");
  }
  SUBCASE("the chain's") {
    desk{}.refuses(lie::refuses_session, "escrow exceeds the free balance 1 DG (refused_by_chain)");
  }
  SUBCASE("a missing Echo root costs no job") {
    desk x;
    x.gateway.tells = lie::no_fast_chain;
    const auto result = x.submit();
    CHECK(result.code == 0);
    CHECK(result.err.find("did not take the Echo root: not now") != std::string::npos);
  }
}

TEST_CASE("submit: what cannot work is refused before anything is paid") {
  desk x;
  x.refuses(lie::none, "--max-units allows 1", 1, {"--max-units", "1"});
  x.refuses(lie::none, "chunk", 2, {"--param", "chunk=three"});
  x.refuses(lie::none, "expected NAME=VALUE", 2, {"--param", "chunk"});
  x.refuses(lie::none, "is no amount", 2, {"--escrow", "much"});
  x.refuses(lie::none, "No such file", 65, {"--genesis", "/nonexistent/genesis"});
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--api", x.gateway.address(), "--state", x.path("s")});
    return run_datagen(arguments);
  };
  const auto in = x.path("in"), out = x.path("out");
  CHECK(run({"submit", "merkle.rot", "--input", in, "--output", out, "--dev-account", "0"})
          .err.find("did you mean 'merkle.root'?") != std::string::npos);
  CHECK(run({"submit", "merkle.root", "--input", in, "--output", out}).code == 2);
  CHECK(run({"submit", "merkle.root", "--input", x.path("none"), "--output", out, "--dev-account",
             "0"}).code == 65);
  CHECK(run({"submit", "merkle.root", "--input", in, "--output", "/nonexistent/out",
             "--dev-account", "0"}).code == 74);
  CHECK(x.gateway.orders.empty());
}

TEST_CASE("submit: an API that is not there exits 69 and says what to do") {
  desk x;
  const auto result = x.submit({"--api", "http://127.0.0.1:1"});
  CHECK(result.code == 69);
  CHECK(result.err.find("http://127.0.0.1:1") != std::string::npos);
  CHECK(result.err.find("`datagen up` starts one") != std::string::npos);
  CHECK(x.submit({"--api", "example"}).code == 2);
}

TEST_CASE("submit: --watch-audit follows the job and leaves the best receipt") {
  desk x;
  const auto result = x.submit({"--watch-audit"});
  CHECK_MESSAGE(result.code == 0, result.err);
  CHECK(result.out.find("audited: pass (rule h1)") != std::string::npos);
  const auto receipt = boost::json::parse(read_all(x.path("out.receipt.json")));
  CHECK(receipt.at("stage") == "settled");
  CHECK(receipt.at("audit").at("outcome") == "pass");
  // And the file is what `verify` takes, with the genesis that the API serves.
  const auto fetched = run_datagen(
    {"genesis", "fetch", "--api", x.gateway.address(), "--output", x.path("genesis")});
  REQUIRE_MESSAGE(fetched.code == 0, fetched.err);
  const auto verified = run_datagen({"verify", x.path("out.receipt.json"), "--genesis",
                                     x.path("genesis"), "--output", x.path("out")});
  CHECK_MESSAGE(verified.code == 0, verified.err);
  CHECK(verified.out.find("settled on Heavy") != std::string::npos);
  CHECK(verified.out.find("pass by rule h1") != std::string::npos);
}

TEST_CASE("queries: tables and JSON of what the gateway knows, refusals with its words") {
  desk x;
  const auto ask = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--api", x.gateway.address()});
    return run_datagen(arguments);
  };
  CHECK(ask({"validators"}).out.find("v3") != std::string::npos);
  CHECK(boost::json::parse(ask({"validators", "--json"}).out).at("items").as_array().size() == 4);
  const auto account = ask({"account", "show", to_address(account_key(0).identity)});
  CHECK(account.out.find("1000 DG") != std::string::npos);
  CHECK(ask({"blocks", "heavy"}).out.find("certified") != std::string::npos);
  const auto none = ask({"job", "show", std::string(64, '0')});
  CHECK(none.code == 1);
  CHECK(none.err.find("(not_found)") != std::string::npos);
  CHECK(ask({"job", "show", "x"}).code == 2);
  CHECK(ask({"account", "show", "../x"}).code == 2);
}
