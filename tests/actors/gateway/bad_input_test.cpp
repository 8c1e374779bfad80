// Bad input over real HTTP, with the real network behind the gateway: each kind has its status and
// a problem (RFC 9457) with a stable code and the figures, and costs the user nothing.

#include "tests/support/live_network.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// What a client sends about one job.
struct order {
  ticket content;
  std::string parameters;
  std::string input;
};

byte_view view_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A good job; the test makes it a bad one.
order good_order(const live_network& net, std::uint32_t sequence) {
  order x;
  x.input = "the input of job " + std::to_string(sequence);
  x.content = {.chain = heavy_chain_id(net.chain()),
               .session = net.session,
               .sequence = sequence,
               .validator = net.validator,
               .kernel = {"merkle.root", 0},
               .units_max = 1'000'000,
               .unit_price = 2'000,
               .deadline_ms = live_network::unix_ms() + 600'000};
  return x;
}

order named(order x) {
  x.content.parameters = sha256(view_of(x.parameters));
  x.content.input = sha256(view_of(x.input));
  return x;
}

std::string body_of(const order& x, const key_pair& by = live_network::user_key()) {
  const signed_ticket ticket{x.content, sign(by, ticket_statement(x.content))};
  return R"({"ticket":")" + to_hex(encode(ticket)) + R"(","parameters":")" + x.parameters +
         R"(","input":")" + to_hex(sha256(view_of(x.input))) + "\"}";
}

std::string job_target(const ticket& x) { return "/v1/jobs/" + to_hex(job_id_of(x)); }

http::response upload(live_network& net, const std::string& input) {
  return net.write("PUT", "/v1/inputs/" + to_hex(sha256(view_of(input))), input);
}

/// Uploads, submits, waits until the job is no longer running, and asks for its result.
http::response run(live_network& net, const order& x) {
  CHECK(upload(net, x.input).status == 201);
  const auto accepted = net.write("POST", "/v1/jobs", body_of(x));
  if (accepted.status != 202)
    return accepted;
  const auto target = job_target(x.content);
  for (int i = 0; i < 20; ++i)
    if (net.get(target + "?wait_ms=5000").body.find("\"state\":\"running\"") == std::string::npos)
      break;
  return net.get(target + "/result");
}

struct expectation {
  unsigned status = 0;
  std::string code;
  std::vector<std::string> figures;  ///< Each must be in `detail`.
};

void check_problem(const std::string& name, const http::response& x, const expectation& wanted) {
  INFO(name << ": " << x.body);
  CHECK(x.status == wanted.status);
  REQUIRE(x.content_type == "application/problem+json");
  const auto fields = web::json::parse(x.body).as_object();
  CHECK(fields.at("status").as_int64() == wanted.status);
  CHECK(fields.at("code").as_string() == wanted.code);
  CHECK(fields.at("type").as_string() == "urn:datagen:problem:" + wanted.code);
  CHECK_FALSE(fields.at("title").as_string().empty());
  const std::string detail{fields.at("detail").as_string()};
  for (const auto& figure : wanted.figures)
    CHECK_MESSAGE(detail.find(figure) != std::string::npos, detail << " should have " << figure);
}

/// The next job of the same user, with the sequence that the bad one named.
void check_good(live_network& net, std::uint32_t sequence, std::uint64_t& fees) {
  const auto x = named(good_order(net, sequence));
  const auto result = run(net, x);
  CHECK_MESSAGE(result.status == 200, result.body);
  CHECK(result.body.size() == digest::size);
  fees += price_of(x.content, 1);
}

/// Jobs that are refused before they are accepted, or by their validator after.
struct bad_order {
  std::string name;
  expectation wanted;
  order content;
};

template <class Change>
bad_order changed(std::string name, expectation wanted, order x, Change change) {
  x = named(std::move(x));
  change(x.content);
  return {std::move(name), std::move(wanted), std::move(x)};
}

std::vector<bad_order> bad_tickets(const order& good) {
  return {
    changed("another chain", {422, "wrong_chain", {to_hex(hash("elsewhere")).substr(0, 16)}}, good,
            [](ticket& x) { x.chain = hash("elsewhere"); }),
    changed("no such session", {404, "unknown_session", {"session 4711", "height "}}, good,
            [](ticket& x) { x.session = {4711}; }),
    changed("a ticket for another input", {422, "wrong_digest", {"bytes of parameters"}}, good,
            [](ticket& x) { x.input = hash("other"); }),
    changed("overdrawn lane", {402, "lane_overdrawn", {"holds 12 DG", "may cost 14 DG"}}, good,
            [](ticket& x) { x.unit_price = 14'000'000; }),
    changed("value cap",
            {409, "value_cap_reached", {"worth 1000 DG", "cap of 93.408 DG for unmatured work 0"}},
            good, [](ticket& x) { x.declared_value = 1'000'000'000'000; }),
    changed("one user's share", {409, "value_cap_reached", {"one user may fill 23.352 DG"}}, good,
            [](ticket& x) { x.declared_value = 50'000'000'000; }),
    changed("price below the ask", {422, "price_too_low", {"1999", "2000"}}, good,
            [](ticket& x) { x.unit_price = 1'999; }),
    changed("deadline passed", {422, "deadline_passed", {" ms ago"}}, good,
            [](ticket& x) { x.deadline_ms -= 1'200'000; }),
    changed("too few units", {422, "units_exceeded", {"needs 1 units", "buys 0"}}, good,
            [](ticket& x) { x.units_max = 0; }),
    changed("unknown kernel", {422, "unknown_kernel", {"'merkle.tree'", "known: "}}, good,
            [](ticket& x) { x.kernel.name = "merkle.tree"; }),
    changed("sequence out of reach", {422, "outside_window", {"4000000000", "65536"}}, good,
            [](ticket& x) { x.sequence = 4'000'000'000; }),
  };
}

std::vector<bad_order> bad_contents(const order& good) {
  auto scene = good;
  scene.input = "[camera\n";
  scene.content.kernel.name = "render.path";
  auto parameters = good;
  parameters.parameters = "colour=7";
  auto long_parameters = good;
  long_parameters.parameters = std::string(5'000, 'a');
  return {
    {"malformed scene", {422, "bad_input", {"line 1, column "}}, named(scene)},
    {"unknown parameter", {422, "bad_parameters", {"'colour'"}}, named(parameters)},
    {"oversized parameters", {413, "too_large", {"5000 bytes", "4096"}}, named(long_parameters)}};
}

}  // namespace

TEST_CASE(
  "R5 bad input over HTTP: a ticket or content that cannot be served has its status and a problem "
  "with the figures, and the same user's next job passes and no 10^-9 DG is lost") {
  live_network net{dg(20)};
  std::uint32_t sequence = 1;
  std::uint64_t fees = 0;
  check_good(net, sequence++, fees);
  auto bad = bad_tickets(good_order(net, sequence));
  for (auto& x : bad_contents(good_order(net, sequence)))
    bad.push_back(std::move(x));
  for (auto& x : bad) {
    if (x.content.content.sequence < sequence)
      x.content.content.sequence = sequence;
    check_problem(x.name, run(net, x.content), x.wanted);
    ++sequence;  // two different tickets for one job would cost the user its bond
    check_good(net, sequence++, fees);
  }
  // The lane holds what it held but for the fees of the good jobs, to the last 10^-9 DG.
  auto last = good_order(net, sequence);
  last.input.clear();
  last.content.units_max = 1;
  last.content.unit_price = 1'000 * (12'000'000'000 - fees) + 1'000;
  last = named(last);
  const auto refused = net.write("POST", "/v1/jobs", body_of(last));
  CHECK(refused.status == 202);
  net.get(job_target(last.content) + "?wait_ms=20000");
  check_problem("one too many", net.get(job_target(last.content) + "/result"),
                {402, "lane_overdrawn", {"holds 12 DG"}});
  last.content.sequence = sequence + 1;
  last.content.unit_price -= 1'000;
  CHECK(net.write("POST", "/v1/jobs", body_of(last)).status == 202);
  net.get(job_target(last.content) + "?wait_ms=20000");
  const auto result = net.get(job_target(last.content) + "/result");
  CHECK_MESSAGE(result.status == 200, result.body);
}

TEST_CASE(
  "R5 bad input over HTTP: what is not signed, not whole or too large is refused at the edge, and "
  "a forged or repeated ticket changes nothing about the job that it names") {
  live_network net{dg(20)};
  std::uint64_t fees = 0;
  const auto good = named(good_order(net, 1));
  const auto body = body_of(good);
  CHECK(upload(net, good.input).status == 201);

  check_problem("not signed", net.send({.method = "POST", .url = "/v1/jobs", .body = body}),
                {401, "bad_signature", {"Content-Digest, Signature-Input and Signature"}});
  auto altered = net.signed_request("POST", "/v1/jobs", body);
  altered.body.back() = ' ';
  check_problem("altered on the way", net.send(altered),
                {401, "bad_signature", {std::to_string(body.size()) + " bytes"}});
  check_problem("not JSON", net.write("POST", "/v1/jobs", "{"), {400, "malformed", {"1 bytes"}});
  check_problem("not a ticket", net.write("POST", "/v1/jobs", R"({"ticket":"00"})"),
                {400, "malformed", {"2 characters"}});
  check_problem("other bytes than named",
                net.write("PUT", "/v1/inputs/" + to_hex(hash("x")), "abc"),
                {422, "wrong_digest", {"3 bytes", to_hex(sha256(view_of("abc")))}});
  auto missing = good;
  missing.input = "never uploaded";
  check_problem("not uploaded", net.write("POST", "/v1/jobs", body_of(named(missing))),
                {404, "unknown_content", {to_hex(sha256(view_of("never uploaded")))}});
  check_problem("oversized input", upload(net, std::string((64u << 20) + 1, 'x')),
                {413, "body_too_large", {"67108864 bytes"}});
  check_problem("oversized ticket", net.write("POST", "/v1/jobs", std::string((1u << 20) + 1, ' ')),
                {413, "body_too_large", {"1048576 bytes"}});
  const auto forged = body_of(good, development_key(development_kind::account, 1));
  check_problem("forged ticket", net.write("POST", "/v1/jobs", forged),
                {401, "bad_signature", {"ticket 1 of session", "session's key dg1"}});

  check_good(net, 1, fees);  // the very job that all of them named
  const auto receipt = net.get(job_target(good.content) + "/receipt").body;
  const auto again = net.signed_request("POST", "/v1/jobs", body_of(named(good_order(net, 2))));
  CHECK(net.send(again).status == 404);  // its input is not uploaded
  check_problem("captured request", net.send(again), {409, "replayed_request", {"the nonce 'n"}});
  auto other = named(good_order(net, 1));
  other.content.unit_price += 1;
  check_problem("another ticket for the job", net.write("POST", "/v1/jobs", body_of(other)),
                {409, "replayed_ticket", {to_hex(job_id_of(good.content))}});
  check_problem("forged, after the result", net.write("POST", "/v1/jobs", forged),
                {401, "bad_signature", {"ticket 1 of session"}});
  CHECK(net.get(job_target(good.content) + "/receipt").body == receipt);
  CHECK(net.get(job_target(good.content) + "/result").status == 200);
  check_good(net, 2, fees);
}
