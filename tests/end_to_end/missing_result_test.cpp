// A customer of the HTTP API whose result never came: no gateway has its key.

#include "tests/end_to_end/live_cluster.hpp"

#include "actors/gateway/request_signature.hpp"

#include "protocol/chain/development.hpp"
#include "protocol/receipt/portable.hpp"

using namespace end_to_end;
using namespace datagen::protocol;
namespace http = datagen::http;
namespace web = datagen::web;

namespace {

/// Orders the job of `paper` once more, and has nothing to do with its answer. @returns the job's id
std::string order_again(const live_cluster& net, const std::string& paper) {
  const auto raw = from_hex(text_of(json::parse(read_all(paper)), "canonical"));
  auto order = decode_portable(*raw)->held.order.content;
  const auto account = development_key(development_kind::account, 0);
  ++order.sequence;
  order.deadline_ms += 60'000;
  const signed_ticket ticket{order, sign(account, ticket_statement(order))};
  const std::string body = json::serialize(json::object{
    {"ticket", to_hex(encode(ticket))}, {"parameters", ""}, {"input", to_hex(order.input)}});
  const auto now_s = static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch())
      .count());
  http::client_request r{.method = "POST",
                         .url = net.api() + "/v1/jobs",
                         .headers = {{"Content-Type", "application/json"}},
                         .body = body};
  const byte_view signed_body{reinterpret_cast<const std::uint8_t*>(body.data()), body.size()};
  for (auto& [name, value] :
       web::sign_request({"POST", "/v1/jobs", now_s, now_s + 60, "once"}, signed_body, account))
    r.headers[name] = value;
  const auto reply = http::send(r);
  REQUIRE_MESSAGE(reply.answer, reply.error);
  REQUIRE_MESSAGE(reply.answer->status == 202, reply.answer->body);
  return to_hex(job_id_of(order));
}

}  // namespace

TEST_CASE("R15 deliveries: a customer that has no answer asks Heavy for the result it would pay for, and "
          "takes it out of the committee's store, checked") {
  scratch_directory home;
  live_cluster net{home.path};
  net.submit("merkle.root", "root.bin", {"--input", datagen::source_path("LICENSE")});
  const auto id = order_again(net, net.file("root.bin.receipt.json"));
  const auto part = [&](const char* name, std::vector<std::string> further) {
    std::vector<std::string> arguments{"job", name, id, "--dev-account", "0", "--json"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return net.run(arguments);
  };
  CHECK(part("ask-result", {}).code == 1);  // its epoch is open, and it may still come
  process_result asked;
  REQUIRE(eventually([&] { return (asked = part("ask-result", {})).code == 0; }));
  const auto fetched = part("fetch-result", {"--output", net.file("fetched.bin")});
  REQUIRE_MESSAGE(fetched.code == 0, fetched.err);
  CHECK(read_all(net.file("fetched.bin")) == read_all(net.file("root.bin")));
  const auto shown = net.run({"job", "show", id});
  CHECK(shown.code == 0);
  CHECK_MESSAGE(shown.out.find("result_brought") != std::string::npos, shown.out);
  const auto again = part("ask-result", {});
  CHECK(again.code == 1);
  CHECK_MESSAGE(again.err.find("asked") != std::string::npos, again.err);
  const auto foreign = net.run({"job", "ask-result", id, "--dev-account", "1"});
  CHECK_MESSAGE(foreign.err.find("has not signed") != std::string::npos, foreign.err);
}
