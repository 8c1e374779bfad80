// What a hostile or broken client gets: the right status, a sentence, and the figures.

#include "actors/http/admission.hpp"
#include "tests/actors/http/support.hpp"

#include <sys/resource.h>

using namespace datagen::http;

TEST_CASE("limits: a body over the limit is a 413 with the figure, announced or chunked") {
  test_server s{{.body_bytes_max = 1000}};
  const auto sent = send({.method = "POST", .url = s.url("/size"), .body = std::string(1001, 'x')});
  REQUIRE_MESSAGE(sent.answer, sent.error);
  CHECK(sent.answer->status == 413);
  CHECK(contains(sent.answer->body, R"("limit_bytes":1000)"));
  CHECK(contains(sent.answer->body, "1000 bytes that this path takes"));
  raw_client raw{s.http.port()};
  raw.write("POST /size HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
            std::string(1001, 'x') + "\r\n0\r\n\r\n");
  CHECK(contains(raw.read_all(), "HTTP/1.1 413"));
  const auto fits = send({.method = "POST", .url = s.url("/size"), .body = std::string(1000, 'x')});
  REQUIRE(fits.answer);
  CHECK(fits.answer->body == "1000");
}

TEST_CASE("limits: a route may take larger bodies than the others") {
  test_server s{{.body_limit = [](std::string_view, std::string_view path) -> std::uint64_t {
    return path == "/size" ? 64 << 20 : 10;
  }}};
  const std::string body(2 << 20, 'x');
  CHECK(send({.method = "PUT", .url = s.url("/size"), .body = body}).answer->status == 200);
  CHECK(send({.method = "PUT", .url = s.url("/echo"), .body = body}).answer->status == 413);
}

TEST_CASE("limits: bodies in flight are bounded together, and the bytes come back") {
  test_server s{{.body_bytes_max = 1 << 20, .body_bytes_in_flight_max = 1 << 20}};
  const std::string body(600 << 10, 'x');
  {
    raw_client first{s.http.port()};
    first.write("POST /never HTTP/1.1\r\nHost: x\r\nContent-Length: 614400\r\n\r\n" + body);
    while (s.handler.kept() == 0)
      std::this_thread::sleep_for(1ms);
    const auto second = send({.method = "POST", .url = s.url("/size"), .body = body});
    REQUIRE_MESSAGE(second.answer, second.error);
    CHECK(second.answer->status == 503);
    CHECK(contains(second.answer->body, R"("limit_bytes":1048576)"));
    s.handler.answer_kept("done");
    CHECK(contains(first.read_until("done"), "200"));
  }
  CHECK(send({.method = "POST", .url = s.url("/size"), .body = body}).answer->status == 200);
}

TEST_CASE("limits: a silent socket and a trickling header get a 408 at the absolute deadline") {
  test_server s{{.header_deadline_ms = 100}};
  raw_client silent{s.http.port()};
  std::string text;
  const auto waited = elapsed_ms([&] { text = silent.read_until("}"); });
  CHECK(contains(text, "HTTP/1.1 408"));
  CHECK(contains(text, R"("deadline_ms":100)"));
  CHECK(waited >= 90);
  CHECK(waited < 2000);

  raw_client trickle{s.http.port()};
  const auto trickled = elapsed_ms([&] {
    for (int i = 0; i < 10; ++i) {
      trickle.write(i == 0 ? "GET / HT" : "T");
      std::this_thread::sleep_for(20ms);
    }
    text = trickle.read_until("}");
  });
  CHECK(contains(text, "HTTP/1.1 408"));
  CHECK(trickled < 2000);
}

TEST_CASE("limits: a body that stops halfway is a 408, an idle connection is closed quietly") {
  test_server s{{.body_deadline_ms = 80, .idle_timeout_ms = 80}};
  raw_client half{s.http.port()};
  half.write("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  CHECK(contains(half.read_all(), "HTTP/1.1 408"));
  raw_client idle{s.http.port()};
  idle.write("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto text = idle.read_all();
  CHECK(text.ends_with("GET /echo"));
}

TEST_CASE("limits: headers over 16 KiB are a 431 with the figure, also in one endless line") {
  test_server s;
  for (const auto& bomb : {"X-A: " + std::string(20'000, 'a'),
                           [] {
                             std::string many;
                             for (int i = 0; i < 2000; ++i)
                               many += "X-" + std::to_string(i) + ": 1234\r\n";
                             return many;
                           }(),
                           std::string(300'000, 'h')}) {
    raw_client raw{s.http.port()};
    raw.write("GET /echo HTTP/1.1\r\nHost: x\r\n" + bomb);
    const auto text = raw.read_all();
    CHECK(contains(text, "HTTP/1.1 431"));
    CHECK(contains(text, R"("limit_bytes":16384)"));
  }
}

TEST_CASE("limits: garbage, smuggling and bad targets are a 400 with a sentence") {
  test_server s;
  for (const std::string& text :
       {std::string{"\x16\x03\x01\x02"} + '\0' + "\x01\xfc\x03\x03 TLS\r\n\r\n",
        std::string{"GET / HTTP/9.9\r\n\r\n"}, std::string{"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"},
        std::string{"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n"},
        std::string{"GET /?a=1&a=2 HTTP/1.1\r\nHost: x\r\n\r\n"},
        std::string{"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n"},
        std::string{"GET /echo HTTP/1.1\r\n\r\n"},
        std::string{"GET /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"},
        std::string{"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: "
                    "4\r\n\r\nabcd"},
        std::string{"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: "
                    "chunked\r\n\r\n0\r\n\r\n"},
        std::string{
          "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}}) {
    raw_client raw{s.http.port()};
    raw.write(text);
    const auto answer = raw.read_all();
    CHECK_MESSAGE(contains(answer, "HTTP/1.1 400"), text, " -> ", answer);
    CHECK(contains(answer, R"("code":"bad_request")"));
  }
  CHECK(s.got("/echo").status == 200);
}

TEST_CASE("limits: of 600 connections 512 are served, the rest are turned away, then all is well") {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
  ::setrlimit(RLIMIT_NOFILE, &files);
  test_server s;
  std::vector<std::unique_ptr<raw_client>> crowd;
  for (int i = 0; i < 600; ++i)
    crowd.push_back(std::make_unique<raw_client>(s.http.port()));
  int served = 0;
  int told = 0;
  int closed = 0;
  for (auto& client : crowd) {
    client->write("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto text = client->read_until("\r\n\r\n");
    served += contains(text, "HTTP/1.1 200") ? 1 : 0;
    told += contains(text, "HTTP/1.1 503") ? 1 : 0;
    closed += text.empty() ? 1 : 0;
  }
  CHECK(served == 512);
  CHECK(told >= 1);
  CHECK(served + told + closed == 600);
  CHECK(s.http.connections() == 512);
  crowd.clear();
  for (int i = 0; i < 200 && s.http.connections() > 0; ++i)
    std::this_thread::sleep_for(10ms);
  CHECK(s.got("/echo").status == 200);
}

TEST_CASE("limits: an address over its share gets a 503 that names it, others still come in") {
  test_server s{{.connections_per_address_max = 3, .loopback_exempt = false}};
  std::vector<std::unique_ptr<raw_client>> held;
  for (int i = 0; i < 3; ++i) {
    held.push_back(std::make_unique<raw_client>(s.http.port()));
    held.back()->write("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
    (void)held.back()->read_until("GET /echo");
  }
  const auto refused = s.got("/echo");
  CHECK(refused.status == 503);
  CHECK(contains(refused.body, "3 connections of this address"));
  CHECK(refused.headers.at("retry-after") == "1");
}

TEST_CASE("limits: a spent budget is a 429 that says when to come back") {
  test_server s{{.loopback_exempt = false,
                 .request_cost = [](std::string_view, std::string_view path) -> std::uint32_t {
                   return path == "/dear" ? 10 : 1;
                 },
                 .cost_per_second = 1,
                 .cost_burst = 12}};
  CHECK(s.got("/dear").status == 200);
  CHECK(s.got("/echo").status == 200);
  const auto refused = s.got("/dear");
  CHECK(refused.status == 429);
  CHECK(refused.headers.at("retry-after") == "9");
  CHECK(contains(refused.body, R"("budget_per_second":1)"));
}

TEST_CASE("admission: budgets refill with time, up to the burst, and are kept apart") {
  admission gate{{.cost_per_second = 10, .cost_burst = 20}};
  const moment start{};
  CHECK_FALSE(gate.spend("a", 20, start));
  CHECK(gate.spend("a", 5, start) == 1);
  CHECK_FALSE(gate.spend("b", 20, start));
  CHECK_FALSE(gate.spend("a", 5, start + 500ms));
  CHECK_FALSE(gate.spend("a", 20, start + 1h));
  CHECK(gate.spend("a", 1, start + 1h));
}
