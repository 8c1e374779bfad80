// Fewer than a quorum alive: nothing commits, and everybody who asks is told so with figures.

#include "tests/actors/gateway/epochs.hpp"

using namespace gateway_test;
using web::chain_health;

namespace {

consensus::roster four() {
  consensus::roster result;
  for (std::uint32_t i = 0; i < 4; ++i) {
    result.authors.push_back(key_of("author", i).identity);
    result.ids.push_back(10 + i);
  }
  return result;
}

std::string reasons(world& w) {
  const auto answer = got(w.get("/readyz"));
  const auto said = json_of(answer);
  CHECK((answer.status == 200) == said.at("ready").as_bool());
  CHECK((answer.status == 200 || answer.status == 503));
  std::string all;
  for (const auto& x : said.at("reasons").as_array())
    all += std::string{x.as_string()} + "\n";
  return all;
}

/// A gauge of /metrics.
std::string figure(world& w, const std::string& name, const std::string& chain) {
  const auto text = got(w.get("/metrics")).body;
  const auto start = name + "{chain=\"" + chain + "\"} ";
  const auto at = text.find(start);
  REQUIRE_MESSAGE(at != std::string::npos, name);
  return text.substr(at + start.size(), text.find('\n', at) - at - start.size());
}

}  // namespace

TEST_CASE(
  "chain health: whoever is in no block for ten idle rounds is missing, in the chain's time") {
  chain_health health{2'000};
  REQUIRE(health.window_ms() == 20'000);
  CHECK_FALSE(health.of(four(), 0).is_committing);  // no block yet
  health.block(1'000'000, {10, 11, 12, 13}, 500);
  CHECK(health.of(four(), 500).alive == 4);
  health.block(1'020'000, {10, 11, 12}, 500);  // read at once: 20 s later by its own time
  CHECK(health.of(four(), 500).alive == 4);
  health.block(1'020'001, {10, 11, 12}, 500);
  const auto report = health.of(four(), 500);
  CHECK(report.alive == 3);
  CHECK(report.missing == std::vector<std::uint32_t>{13});
  CHECK(report.is_committing);
}

TEST_CASE("chain health: when blocks stop, only answers tell the living from the dead") {
  chain_health health{500};
  REQUIRE(health.window_ms() == 10'000);
  health.block(1'000'000, {10, 11, 12, 13}, 0);
  CHECK_FALSE(health.is_time_to_ask(2'499));
  CHECK(health.is_time_to_ask(2'500));
  CHECK_FALSE(health.is_time_to_ask(2'600));
  CHECK(health.is_time_to_ask(5'000));
  CHECK(health.of(four(), 10'000).alive == 4);
  health.answered(10, 9'000);
  health.answered(12, 9'500);
  const auto report = health.of(four(), 10'001);
  CHECK(report.alive == 2);
  CHECK(report.missing == std::vector<std::uint32_t>{11, 13});
  CHECK_FALSE(report.is_committing);
  CHECK(report.stalled_ms == 10'001);
  health.block(1'010'500, {10, 11, 12}, 10'500);
  CHECK(health.of(four(), 10'500).is_committing);
}

TEST_CASE("readyz: with fewer than a quorum of either committee it is 503 in words and figures") {
  world w;
  w.begin();
  w.say({role::fast_author, 0}, fast_block{*w.origin, 0, 1}.news);
  CHECK(reasons(w).empty());
  CHECK(figure(w, "datagen_committee_size", "heavy") == "2");
  CHECK(figure(w, "datagen_committee_quorum", "heavy") == "2");
  CHECK(figure(w, "datagen_committee_alive", "heavy") == "2");
  w.pass(9'000);
  CHECK(reasons(w).empty());
  w.say({role::heavy_author, 1}, v1::block_answer{});
  w.say({role::fast_author, 0}, v1::block_answer{});
  w.say({role::fast_author, 1}, v1::block_answer{});
  w.say({role::user, 0}, v1::block_answer{});  // no author
  w.pass(2'000);
  CHECK(reasons(w) ==
        "Heavy: 1 of 2 authors heard in the last 10 s; 2 are needed\n"
        "Fast: no block for 11 s, though 2 of 2 authors were heard in the last 10 s\n");
  CHECK(figure(w, "datagen_committee_alive", "heavy") == "1");
  CHECK(figure(w, "datagen_committee_alive", "fast") == "2");
  CHECK(std::stoull(figure(w, "datagen_chain_stalled_ms", "heavy")) >= 11'000);
  const auto told = json_of(got(w.get("/v1/committees")));
  CHECK_FALSE(told.at("heavy").at("committing").as_bool());
  CHECK(told.at("heavy").at("missing").as_array() == web::json::array{0});
  CHECK_FALSE(told.at("heavy").at("now").at("members").as_array()[0].at("alive").as_bool());
  // The chains go on: at once everything is well again.
  heavy_line heavy{w};
  heavy.say({});
  w.say({role::fast_author, 0}, fast_block{*w.origin, 0, 2}.news);
  CHECK(reasons(w).empty());
  CHECK(figure(w, "datagen_committee_alive", "heavy") == "2");
  CHECK(figure(w, "datagen_chain_stalled_ms", "heavy") == "0");
}

TEST_CASE("readyz: one author short of all, but a quorum, is ready") {
  chain_health health{500};
  health.block(1'000'000, {10, 11, 12}, 0);
  const auto report = health.of(four(), 0);
  CHECK(report.alive == 3);
  CHECK(report.quorum == 3);
  CHECK(report.is_committing);
}
