// The gateway actor under the deterministic scheduler: what it sends, waits for, and gives up.

#include "tests/actors/gateway/support.hpp"
#include "tests/support/places.hpp"

#include <fstream>
#include <set>
#include <sstream>

using namespace gateway_test;

TEST_CASE("gateway: follows both chains from one author each, and turns to the next on silence") {
  world w;
  std::set<std::string> asked;
  for (const auto& [who, wish] : w.follows)
    asked.insert(to_string(who));
  CHECK(asked == std::set<std::string>{"heavy author 0", "fast author 0"});
  CHECK(code_of(got(w.get("/v1/validators/99"))) == "not_found");
  CHECK(got(w.get("/readyz")).status == 503);
  w.begin();
  w.follows.clear();
  w.pass(6'000);
  REQUIRE_FALSE(w.follows.empty());
  CHECK(to_string(w.follows.back().first).ends_with("author 1"));
  CHECK(json_of(got(w.get("/readyz"))).at("reasons").as_array().size() >= 1);
}

namespace {

/// An author of the Heavy Chain tells of a block. @returns the height at which the gateway then stands
std::int64_t height_after(world& w, std::uint64_t height, std::uint32_t author = 0) {
  auto news = w.first.news;
  news.height = height;
  news.block = hash("block", static_cast<int>(height));
  w.say({role::heavy_author, author}, news);
  return json_of(got(w.get("/v1/status"))).at("heavy").at("height").as_int64();
}

}  // namespace

TEST_CASE("gateway: asks once for the blocks of a gap, then takes what there is") {
  world w;
  w.begin();
  w.follows.clear();
  CHECK(height_after(w, 9) == 1);
  REQUIRE(w.follows.size() == 1);
  CHECK(w.follows[0].second.height == 1);
  CHECK(height_after(w, 8) == 8);
  CHECK(height_after(w, 9) == 9);
  CHECK(w.follows.size() == 1);
  auto late = w.first.news;
  late.height = 10;
  w.say({role::user, 3}, late);  // not an author
}

TEST_CASE("gateway: blocks that were under way when it asked for a gap do not close it") {
  world w;
  w.begin();
  CHECK(height_after(w, 9) == 1);
  CHECK(height_after(w, 10) == 1);  // sent before the author heard the question
  CHECK(height_after(w, 9, 1) == 1);  // by one that nobody asked
  for (std::int64_t height = 2; height <= 11; ++height)
    CHECK(height_after(w, static_cast<std::uint64_t>(height)) == height);
}

TEST_CASE("gateway: who shows a gap need not be who is asked about it") {
  world w;
  w.begin();
  CHECK(height_after(w, 9, 1) == 1);
  CHECK(height_after(w, 9) == 1);  // neither is this its answer yet
  CHECK(height_after(w, 2) == 2);
}

TEST_CASE("gateway: a gap that nobody closes is left behind after a while") {
  world w;
  w.begin();
  CHECK(height_after(w, 9) == 1);
  CHECK(height_after(w, 10) == 1);
  w.pass(2'000);
  CHECK(height_after(w, 11) == 11);
}

TEST_CASE("gateway: a certificate needs its quorum") {
  world w;
  w.say({role::heavy_author, 0}, w.first.news);
  auto proof = w.first.certified.proof;
  proof.signatures.pop_back();
  w.say({role::heavy_author, 0}, v1::block_certified{proof});
  CHECK(json_of(got(w.get("/v1/status"))).at("heavy").at("certified").as_int64() == 0);
  w.say({role::heavy_author, 0}, v1::block_certified{w.first.certified.proof});
  const auto block = json_of(got(w.get("/v1/chains/heavy/blocks/1")));
  CHECK(block.at("certified").as_bool());
  CHECK(block.at("certificate").at("authors").as_array().size() == 2);
  CHECK(block.at("events").as_array().at(2).at("type").as_string() == "session_opened");
}

TEST_CASE("gateway: a waiting reader hears as soon as the job's state is another") {
  world w{true, false};
  w.begin();
  const auto order = ticket_for(*w.origin, 1, {});
  const auto id = to_hex(job_id_of(order));
  CHECK(got(w.write("POST", "/v1/jobs", w.job_body(order))).status == 202);
  REQUIRE(w.jobs.size() == 1);
  const auto waiting = w.get("/v1/jobs/" + id, {{"wait_ms", "20000"}});
  CHECK_FALSE(waiting->has_value());
  const auto impatient = w.get("/v1/jobs/" + id, {{"wait_ms", "100"}});
  w.pass(300);
  CHECK(json_of(got(impatient)).at("state").as_string() == "running");
  CHECK_FALSE(waiting->has_value());
  w.say({role::router, 0},
        v1::job_refused{job_id_of(order), 0, ec::price_too_low, "the ask is 9, the ticket pays 7"});
  const auto told = json_of(got(waiting));
  CHECK(told.at("state").as_string() == "refused");
  CHECK(told.at("code").as_string() == "price_too_low");
  CHECK(told.at("reason").as_string() == "the ask is 9, the ticket pays 7");
}

TEST_CASE("gateway: a job without an answer ends with timed_out") {
  world w{true, false, [](gateway_config& x, caf::actor_system&) {
            x.job_timeout_ms = 2'000;
            x.job_silence_ms = 60'000;
          }};
  w.begin();
  const auto order = ticket_for(*w.origin, 1, {});
  w.write("POST", "/v1/jobs", w.job_body(order));
  w.pass(2'500);
  const auto job = json_of(got(w.get("/v1/jobs/" + to_hex(job_id_of(order)))));
  CHECK(job.at("code").as_string() == "timed_out");
  CHECK(job.at("reason").as_string() == "no answer within 2000 ms");
}

TEST_CASE("gateway: a validator that gives no sign is named, and its late answer still counts") {
  world w{true, false};
  w.begin();
  const auto order = ticket_for(*w.origin, 1, {});
  const auto id = job_id_of(order);
  const auto seen = [&] { return json_of(got(w.get("/v1/jobs/" + to_hex(id)))); };
  w.write("POST", "/v1/jobs", w.job_body(order));
  for (int i = 0; i < 6; ++i) {  // as long as it says that it is at work, it keeps the job
    w.pass(1'000);
    w.say({role::router, 0}, v1::job_working{id, 0});
  }
  CHECK(seen().at("state").as_string() == "running");
  w.pass(2'500);
  CHECK(seen().at("state").as_string() == "refused");
  CHECK(seen().at("code").as_string() == "timed_out");
  CHECK(std::string{seen().at("reason").as_string()}.starts_with("validator 0 gave no sign of life"));
  w.say({role::router, 0}, w.reply_to(w.jobs.at(0)));
  w.pass(100);
  CHECK(seen().at("state").as_string() == "returned");
  CHECK(seen().at("reason").is_null());
}

TEST_CASE("gateway: once one attempt is answered, nobody asks after the others any more") {
  world w{true, false};
  w.begin();
  const auto order = ticket_for(*w.origin, 1, {});
  auto next = order;
  next.attempt = 1;
  w.write("POST", "/v1/jobs", w.job_body(order));
  w.pass(2'500);  // silent
  w.write("POST", "/v1/jobs", w.job_body(next));
  w.pass(100);
  REQUIRE(w.jobs.size() == 2);
  const auto open = [&] { return got(w.get("/metrics")).body.find("datagen_gateway_jobs_open 2\n"); };
  CHECK(open() != std::string::npos);
  w.say({role::router, 0}, w.reply_to(w.jobs.at(0)));  // the first after all
  w.pass(50);
  CHECK(got(w.get("/metrics")).body.find("datagen_gateway_jobs_open 0\n") != std::string::npos);
  const auto job = json_of(got(w.get("/v1/jobs/" + to_hex(job_id_of(order)))));
  CHECK(job.at("state").as_string() == "returned");
  CHECK(job.at("attempt") == 0);
}

TEST_CASE("gateway: where the router has no link to the validator, the job is refused at once") {
  world w{true, false};
  w.begin();
  const auto order = ticket_for(*w.origin, 1, {});
  const auto id = job_id_of(order);
  w.write("POST", "/v1/jobs", w.job_body(order));
  w.say({role::router, 0}, v1::job_refused{id, 0, ec::unreachable, "validator 0 is out of reach"});
  w.pass(50);
  const auto job = json_of(got(w.get("/v1/jobs/" + to_hex(id))));
  CHECK(job.at("state").as_string() == "refused");
  CHECK(job.at("code").as_string() == "unreachable");
}

TEST_CASE("gateway: an Echo that nobody answers ends after 1.5 s with an empty list") {
  world w{true, false};
  w.begin();
  const auto body = R"({"session":"42","nonce":")" + to_hex(hash("nonce")) + "\"}";
  const auto echo = w.write("POST", "/v1/echo", body);
  CHECK_FALSE(echo->has_value());
  CHECK(code_of(got(w.write("POST", "/v1/echo", body))) == "echo_running");
  w.pass(1'700);
  CHECK(json_of(got(echo)).at("entries").as_array().empty());
}

TEST_CASE("gateway: answers with a bad signature or for another package are not echoed") {
  world w{true, false};
  w.begin();
  const auto nonce = hash("nonce");
  const auto echo = w.write("POST", "/v1/echo",
                            R"({"session":"42","nonce":")" + to_hex(nonce) + "\"}");
  const v1::echo_package package{heavy_chain_id(*w.origin), session, nonce};
  v1::echo_reply reply{session, echo_digest(package), {0}, hash("r"), {}};
  w.say({role::router, 0}, reply);  // unsigned
  const auto statement = ledger::echo_statement(package.chain, session, reply.package, {0}, reply.result);
  reply.by = sign(key_of("validator", 1), statement);  // by another
  w.say({role::router, 0}, reply);
  reply.by = sign(key_of("validator", 0), statement);
  w.say({role::router, 0}, reply);
  w.say({role::router, 0}, reply);  // twice is once
  w.pass(1'700);
  CHECK(json_of(got(echo)).at("entries").as_array().size() == 1);
}

TEST_CASE("gateway: a transaction that no block executes in time is 202 with what is known") {
  world w{true, false};
  w.begin();
  const auto raw = ledger::make_transaction(heavy_chain_id(*w.origin), user, 1,
                                            ledger::tx::transfer{key_of("other", 0).identity, dg(1)});
  const auto sent = w.write("POST", "/v1/transactions", R"({"transaction":")" + to_hex(raw) + "\"}");
  CHECK_FALSE(sent->has_value());
  w.pass(10'500);
  const auto answer = got(sent);
  CHECK(answer.status == 202);
  CHECK(json_of(answer).at("height").is_null());
  CHECK(json_of(answer).at("id").as_string() == to_hex(sha256(raw)));
}

TEST_CASE("gateway: a silent author costs an account query two seconds and a 504") {
  world w{true, false};
  w.begin();
  const auto asked = w.get("/v1/accounts/" + to_address(user.identity));
  CHECK_FALSE(asked->has_value());
  w.pass(2'200);
  CHECK(got(asked).status == 504);
  CHECK(code_of(got(asked)) == "timed_out");
}

TEST_CASE("gateway: limits on open jobs are answered with figures") {
  world w{true, false, [](gateway_config& x, caf::actor_system&) { x.open_jobs_max = 1; }};
  w.begin();
  w.write("POST", "/v1/jobs", w.job_body(ticket_for(*w.origin, 1, {})));
  const auto second = got(w.write("POST", "/v1/jobs", w.job_body(ticket_for(*w.origin, 2, {}))));
  CHECK(second.status == 503);
  CHECK(detail_of(second) == "1 jobs are open here; try again");
}

TEST_CASE("metrics: every series is documented, and every documented series exists") {
  world w;
  w.begin();
  std::set<std::string> served;
  std::istringstream lines{got(w.get("/metrics")).body};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("# HELP "))
      served.insert(line.substr(7, line.find(' ', 7) - 7));
  std::set<std::string> documented;
  std::ifstream page{datagen::source_path("actors/gateway/metrics.md")};
  for (std::string line; std::getline(page, line);)
    if (line.starts_with("| `"))
      documented.insert(line.substr(3, line.find('`', 3) - 3));
  CHECK(served == documented);
  CHECK(served.size() > 20);
}
