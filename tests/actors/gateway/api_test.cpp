// The API over HTTP: the real listener, the real actor, stubs behind the transport.

#include "tests/actors/gateway/support.hpp"

#include "protocol/ledger/emission.hpp"
#include "protocol/receipt/portable.hpp"

using namespace gateway_test;

namespace {

class api {
public:
  api() : w(false) {
    const auto wrong = w.edge->listen({});
    REQUIRE_MESSAGE(!wrong, wrong.value_or(""));
    w.begin();
    w.say({role::fast_author, 0}, v1::block_news{.height = 1, .block = hash("fast", 1), .authors = {0, 1}});
    for (int i = 0; i < 500 && get("/readyz").status != 200; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    for (int i = 0; i < 500 && json_of(get("/v1/status")).at("heavy").at("certified").as_int64() != 1; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  http::response send(http::client_request r) {
    r.url = "http://127.0.0.1:" + std::to_string(w.edge->port()) + r.url;
    const auto answer = http::send(r);
    REQUIRE_MESSAGE(answer.answer, answer.error);
    return *answer.answer;
  }
  http::response get(const std::string& target) { return send({.url = target}); }
  http::response write(const std::string& method, const std::string& target, std::string body) {
    http::client_request r{.method = method, .url = target};
    r.headers = w.signed_headers(method, target, body);
    r.body = std::move(body);
    return send(std::move(r));
  }
  http::response post(const std::string& target, std::string body) {
    return write("POST", target, std::move(body));
  }
  world w;
};

std::string transfer(const api& a, std::uint64_t nonce) {
  return R"({"transaction":")" +
         to_hex(ledger::make_transaction(
           heavy_chain_id(*a.w.origin), user, nonce,
           ledger::tx::transfer{key_of("other", 0).identity, dg(1)})) +
         "\"}";
}

}  // namespace

TEST_CASE("api: R30 the economics are the closed form's corners, and today's place between them") {
  api a;
  const auto answer = json_of(a.get("/v1/economics"));
  const auto& emission = answer.at("emission");
  const auto& corners = emission.at("corners").as_array();
  REQUIRE(corners.size() == 9);
  CHECK(corners[1].at("day") == 1'095);
  CHECK(corners[1].at("released").as_string() == to_decimal(dg(4'993'200).units));
  CHECK(corners[2].at("rate").as_string() == to_decimal(dg(2'280).units));
  CHECK(corners[8].at("day") == 79'127);
  CHECK(corners[8].at("remaining").as_string() == "0");
  const auto& today = emission.at("today");
  const auto day = today.at("day").to_number<std::uint64_t>();
  CHECK(today.at("released").as_string() == to_decimal(emission_released(day).units));
  const auto& fee = answer.at("fee");
  CHECK(fee.at("validator_permille").as_int64() + fee.at("audit_permille").as_int64() +
          fee.at("burn_permille").as_int64() == 1'000);
}

TEST_CASE("api: every read route answers, and lists have items and next") {
  api a;
  const auto user_text = to_address(user.identity);
  for (const std::string path : {"/livez", "/readyz", "/v1/status", "/v1/genesis.json",
                                 "/openapi.json", "/v1/chains/heavy/blocks/1", "/v1/validators/1",
                                 "/v1/committees", "/v1/checkpoint", "/v1/economics"}) {
    const auto answer = a.get(path);
    CHECK_MESSAGE(answer.status == 200, path << ": " << answer.body);
    CHECK(json_of(answer).size() > 0);
  }
  for (const std::string path : {"/v1/params", "/v1/chains/heavy/blocks?limit=1",
                                 "/v1/chains/fast/blocks", "/v1/validators", "/v1/audits",
                                 "/v1/pairings", "/v1/jobs", "/v1/proposals", "/v1/sessions?user="}) {
    const auto answer = a.get(path.ends_with('=') ? path + user_text : path);
    CHECK_MESSAGE(answer.status == 200, path << ": " << answer.body);
    CHECK(json_of(answer).at("items").is_array());
    CHECK(json_of(answer).contains("next"));
  }
  const auto genesis_bytes = a.get("/v1/genesis");
  CHECK(genesis_bytes.content_type == "application/octet-stream");
  CHECK(sha256(world::view_of(genesis_bytes.body)) == sha256(encode(*a.w.origin)));
  CHECK(a.get("/metrics").body.find("datagen_chain_height{chain=\"heavy\"} 1") != std::string::npos);
}

TEST_CASE("api: accounts and sessions as a Heavy author tells them") {
  api a;
  const auto account = json_of(a.get("/v1/accounts/" + to_address(user.identity)));
  CHECK(account.at("balance").as_string() == "5000000000000000000");
  CHECK(account.at("nonce").as_int64() == 2);
  CHECK(account.at("sessions").as_array().at(0).as_string() == "42");
  const auto found = json_of(a.get("/v1/sessions/42"));
  CHECK(found.at("paired").at("validator").as_int64() == 0);
  CHECK_FALSE(found.at("closed").as_bool());
  CHECK(a.get("/v1/sessions/43").status == 404);
  CHECK(a.get("/v1/accounts/dg1nonsense").status == 404);
}

TEST_CASE("api: proposals, the open one first, with what they want and how the vote stands") {
  api a;
  const auto items = json_of(a.get("/v1/proposals")).at("items").as_array();
  REQUIRE(items.size() == 2);
  CHECK(items[0].at("proposal").as_int64() == 2);
  CHECK(items[0].at("state").as_string() == "open");
  CHECK(items[0].at("content").at("parameters").at("user_bond").as_string() == "7 DG");
  CHECK(items[0].at("end_ms").as_int64() == 8'000);
  CHECK(items[0].at("yes").as_string() == "70000000000000000000");
  CHECK(items[1].at("state").as_string() == "draft");
  CHECK(items[1].at("content").at("burn_percent").as_int64() == 60);
  CHECK(items[1].at("pooled").as_string() == "50000000000000000000");
  CHECK(items[1].at("end_ms").is_null());
}

TEST_CASE("api: pairings, jobs and audits of one validator, and of no other") {
  api a;
  const auto paired = json_of(a.get("/v1/pairings?validator=0")).at("items").as_array();
  REQUIRE(paired.size() == 1);
  CHECK(paired[0].at("id").as_string() == "42");
  CHECK(paired[0].at("paired").at("validator").as_int64() == 0);
  CHECK(json_of(a.get("/v1/pairings?validator=1")).at("items").as_array().empty());
  const auto order = ticket_for(*a.w.origin, 1, {});
  CHECK(a.post("/v1/jobs", a.w.job_body(order)).status == 202);
  for (const auto* mine : {"/v1/jobs", "/v1/jobs?validator=0", "/v1/jobs?session=42&validator=0"})
    CHECK(json_of(a.get(mine)).at("items").as_array().size() == 1);
  for (const auto* others : {"/v1/jobs?validator=1", "/v1/jobs?session=41", "/v1/audits?validator=0"})
    CHECK(json_of(a.get(others)).at("items").as_array().empty());
  for (const auto* wrong : {"/v1/jobs?validator=x", "/v1/jobs?session=-1", "/v1/audits?validator=",
                            "/v1/pairings?validator=v0"})
    CHECK(a.get(wrong).status == 400);
  CHECK(detail_of(a.get("/v1/jobs?validator=x")) == "validator is 'x'; a number is expected");
}

TEST_CASE("api: a list's pages hold every entry once") {
  api a;
  for (std::uint32_t i = 1; i <= 3; ++i)
    CHECK(a.post("/v1/jobs", a.w.job_body(ticket_for(*a.w.origin, i, {}))).status == 202);
  std::set<std::string> ids;
  std::string cursor;
  for (const std::size_t expected : {2u, 1u}) {
    const auto page = json_of(a.get("/v1/jobs?validator=0&limit=2" + cursor));
    CHECK(page.at("items").as_array().size() == expected);
    for (const auto& job : page.at("items").as_array())
      ids.insert(std::string{job.at("id").as_string()});
    CHECK(page.at("next").is_null() == (expected == 1));
    if (expected == 2)
      cursor = "&cursor=" + std::string{page.at("next").as_string()};
  }
  CHECK(ids.size() == 3);
}

TEST_CASE("api: a job from upload to acknowledgement, with result and receipt") {
  api a;
  const std::string input = "some input";
  const auto uploaded = a.write("PUT", "/v1/inputs/" + to_hex(sha256(world::view_of(input))), input);
  CHECK(uploaded.status == 201);
  CHECK(json_of(uploaded).at("bytes").as_int64() == 10);
  const auto order = ticket_for(*a.w.origin, 1, world::view_of(input));
  const auto body = a.w.job_body(order);
  const auto accepted = a.post("/v1/jobs", body);
  REQUIRE(accepted.status == 202);
  const std::string id{json_of(accepted).at("id").as_string()};
  CHECK(id == to_hex(job_id_of(order)));
  const auto job = json_of(a.get("/v1/jobs/" + id + "?wait_ms=5000"));
  CHECK(job.at("state").as_string() == "returned");
  CHECK(job.at("fee_nano").as_int64() == 1);
  CHECK(a.get("/v1/jobs/" + id + "/result").body == input);
  const auto paper = a.get("/v1/jobs/" + id + "/receipt");
  const auto receipt = decode_portable(world::view_of(paper.body));
  REQUIRE(receipt);
  const auto report = check_portable(*a.w.origin, *receipt, signature_checker{});
  CHECK_MESSAGE(report.code == portable_check::ok, report.reason);
  acknowledgement said{.job = job_id_of(order), .validator = {0}, .result = digest_of(receipt->result)};
  said.user = sign(user, acknowledgement_statement(order.chain, said));
  const auto target = "/v1/jobs/" + id + "/acknowledgement";
  CHECK(a.post(target, R"({"acknowledgement":")" + to_hex(encode(said)) + "\"}").status == 202);
  const auto after = json_of(a.get("/v1/jobs/" + id));
  CHECK(after.at("digests").at("user") == after.at("digests").at("validator"));
  said.user.value[0] ^= 1;
  CHECK(code_of(a.post(target, R"({"acknowledgement":")" + to_hex(encode(said)) + "\"}")) ==
        "bad_signature");
  CHECK(a.post("/v1/jobs", body).status == 202);  // the same ticket again is the same job
  auto other = order;
  other.unit_price = 8;
  CHECK(code_of(a.post("/v1/jobs", a.w.job_body(other))) == "replayed_ticket");
}

TEST_CASE("api: a refusal is the job's state, with code and sentence") {
  api a;
  const auto order = ticket_for(*a.w.origin, 13, {});
  CHECK(a.post("/v1/jobs", a.w.job_body(order)).status == 202);
  const auto job = json_of(a.get("/v1/jobs/" + to_hex(job_id_of(order)) + "?wait_ms=5000"));
  CHECK(job.at("state").as_string() == "refused");
  CHECK(job.at("code").as_string() == "lane_overdrawn");
  CHECK(job.at("reason").as_string() == "the lane holds 5, the ticket may cost 7");
  const auto result = a.get("/v1/jobs/" + to_hex(job_id_of(order)) + "/result");
  CHECK(result.status == 402);
  CHECK(code_of(result) == "lane_overdrawn");
  CHECK(detail_of(result) == "the lane holds 5, the ticket may cost 7");
}

TEST_CASE("api: an Echo times every validator and is told fastest first") {
  api a;
  const auto answer =
    a.post("/v1/echo", R"({"session":"42","nonce":")" + to_hex(hash("nonce")) + "\"}");
  REQUIRE(answer.status == 200);
  const auto entries = json_of(answer).at("entries").as_array();
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].at("round_trip_us").as_int64() <= entries[1].at("round_trip_us").as_int64());
}

TEST_CASE("api: transactions are answered when executed, refusals with the chain's reason") {
  api a;
  const auto done = a.post("/v1/transactions", transfer(a, 1));
  CHECK(done.status == 200);
  CHECK(json_of(done).at("height").as_int64() == 7);
  const auto refused = a.post("/v1/transactions", transfer(a, 13));
  CHECK(refused.status == 422);
  CHECK(code_of(refused) == "refused_by_chain");
  CHECK(detail_of(refused) == "wrong nonce 13");
  CHECK(json_of(refused).at("chain_code").as_int64() == 3);
  const fast::transaction root = fast::tx::echo_root{session, hash("root"), {}};
  CHECK(a.post("/v1/fast-transactions", R"({"transaction":")" + to_hex(encode(root)) + "\"}").status ==
        200);
}

TEST_CASE("api: bad writes each get their status, code and a sentence with figures") {
  api a;
  struct expectation {
    http::response answer;
    unsigned status;
    std::string code;
    std::string detail;  ///< A part of it.
  };
  const auto digest_text = to_hex(sha256(world::view_of("abc")));
  auto foreign = ticket_for(*a.w.origin, 1, {});
  foreign.chain = hash("elsewhere");
  const auto missing = ticket_for(*a.w.origin, 1, world::view_of("never uploaded"));
  const std::vector<expectation> all{
    {a.send({.method = "POST", .url = "/v1/jobs", .body = "{}"}), 401, "bad_signature",
     "Content-Digest, Signature-Input and Signature"},
    {a.post("/v1/jobs", "{"), 400, "malformed", "1 bytes is not JSON"},
    {a.post("/v1/jobs", "[]"), 400, "malformed", "must be a JSON object"},
    {a.post("/v1/jobs", std::string(100, '[')), 400, "malformed", "100 bytes is not JSON"},
    {a.post("/v1/jobs", R"({"ticket":"00"})"), 400, "malformed", "2 characters"},
    {a.post("/v1/jobs", a.w.job_body(foreign)), 422, "wrong_chain", "the ticket is for chain"},
    {a.post("/v1/jobs", a.w.job_body(missing)), 404, "unknown_content", "upload the input"},
    {a.write("PUT", "/v1/inputs/" + digest_text, "abd"), 422, "wrong_digest", "3 bytes have the SHA-256"},
    {a.write("PUT", "/v1/inputs/xyz", "abc"), 400, "malformed", "64 hex digits"},
    {a.post("/v1/jobs", std::string((1 << 20) + 1, 'x')), 413, "body_too_large", "1048576 bytes"},
    {a.post("/v1/echo", R"({"session":"x","nonce":"00"})"), 400, "malformed", "decimal number"},
    {a.post("/v1/transactions", R"({"transaction":"zz"})"), 400, "malformed", "Heavy Chain transaction"},
    {a.post("/v1/jobs/" + digest_text + "/acknowledgement", "{}"), 404, "not_found", "no job"},
  };
  for (const auto& x : all) {
    CHECK_MESSAGE(x.answer.status == x.status, x.answer.body);
    CHECK(x.answer.content_type == "application/problem+json");
    CHECK(code_of(x.answer) == x.code);
    CHECK_MESSAGE(detail_of(x.answer).find(x.detail) != std::string::npos, x.answer.body);
  }
}

TEST_CASE("api: a captured request has no second effect") {
  api a;
  http::client_request r{.method = "POST", .url = "/v1/transactions", .body = transfer(a, 1)};
  r.headers = a.w.signed_headers("POST", r.url, r.body);
  CHECK(a.send(r).status == 200);
  const auto replayed = a.send(r);
  CHECK(replayed.status == 409);
  CHECK(code_of(replayed) == "replayed_request");
  r.url = "/v1/fast-transactions";
  CHECK(a.send(r).status == 401);
}

TEST_CASE("api: bad reads are refused with a sentence") {
  api a;
  CHECK(detail_of(a.get("/v1/jobs?limit=201")) == "limit is '201'; 1 to 200 are allowed");
  CHECK(a.get("/v1/jobs?cursor=x").status == 400);
  CHECK(a.get("/v1/jobs/00").status == 404);
  CHECK(a.get("/v1/jobs/" + to_hex(hash("nobody"))).status == 404);
  CHECK(a.get("/v1/chains/light/blocks").status == 404);
  CHECK(a.get("/v1/chains/heavy/blocks/9999").status == 404);
  CHECK(a.get("/v1/sessions").status == 400);
  const auto wrong = a.send({.method = "DELETE", .url = "/v1/jobs"});
  CHECK(wrong.status == 405);
  CHECK(wrong.headers.at("Allow") == "GET, POST");
  CHECK(a.get("/nothing/here").status == 404);
}

TEST_CASE("api: the page comes with a strict policy and an answer for If-None-Match") {
  api a;
  const auto page = a.get("/");
  CHECK(page.status == 200);
  CHECK(page.content_type.starts_with("text/html"));
  CHECK(page.headers.at("Content-Security-Policy").starts_with("default-src 'none'; script-src 'self'"));
  http::client_request again{.url = "/"};
  again.headers["If-None-Match"] = page.headers.at("ETag");
  CHECK(a.send(again).status == 304);
  again.headers["If-None-Match"] = "\"another\"";
  CHECK(a.send(again).status == 200);
}

TEST_CASE("api: every file that the page names is there with its type") {
  api a;
  const auto page = a.get("/").body;
  CHECK(page.find("src=\"app.js\"") != std::string::npos);
  CHECK(a.get("/app.js").content_type == "text/javascript; charset=utf-8");
  CHECK(a.get("/style.css").content_type == "text/css; charset=utf-8");
  CHECK(a.get("/icon.svg").content_type == "image/svg+xml");
  CHECK(a.get("/app.js").body.find("import") != std::string::npos);
  CHECK(a.get("/none.js").status == 404);
}
