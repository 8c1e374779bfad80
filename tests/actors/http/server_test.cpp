// What a well-behaved client sees.

#include "tests/actors/http/support.hpp"

using namespace datagen::http;

TEST_CASE("server: a request arrives decoded and its answer goes back with status and headers") {
  test_server s;
  const auto answer = s.got("/echo%20me?b=2&a=1%2B1");
  CHECK(answer.status == 200);
  CHECK(answer.body == "GET /echo me a=1+1 b=2");
  CHECK(answer.content_type == "text/plain");
  CHECK(answer.headers.at("x-path") == "/echo me");
  CHECK(answer.headers.at("x-content-type-options") == "nosniff");
}

TEST_CASE("server: a body arrives whole, with a length or in chunks") {
  test_server s;
  const auto sent = send({.method = "POST", .url = s.url("/echo"), .body = "hello"});
  REQUIRE(sent.answer);
  CHECK(sent.answer->body == "POST /echo hello");
  raw_client raw{s.http.port()};
  raw.write(
    "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  CHECK(contains(raw.read_all(), "POST /echo abcde"));
}

TEST_CASE("server: HEAD gets the headers of GET and no body") {
  test_server s;
  raw_client raw{s.http.port()};
  raw.write("HEAD /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto text = raw.read_all();
  CHECK(contains(text, "HTTP/1.1 200"));
  CHECK(contains(text, "Content-Length: 9\r\n"));
  CHECK(text.ends_with("\r\n\r\n"));
}

TEST_CASE("server: a client that waits for 100-continue is told to go on") {
  test_server s;
  raw_client raw{s.http.port()};
  raw.write(
    "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n"
    "Connection: close\r\n\r\n");
  CHECK(raw.read_until("\r\n\r\n").starts_with("HTTP/1.1 100 Continue"));
  raw.write("abc");
  CHECK(contains(raw.read_all(), "POST /echo abc"));
}

TEST_CASE("server: pipelined requests are answered in their order, late ones included") {
  test_server s;
  raw_client raw{s.http.port()};
  std::string burst;
  for (int n = 0; n < 20; ++n)
    burst += std::string{"GET "} + (n % 5 == 0 ? "/late" : "/echo") + "?n=" + std::to_string(n) +
             " HTTP/1.1\r\nHost: x\r\n" + (n == 19 ? "Connection: close\r\n" : "") + "\r\n";
  raw.write(burst);
  const auto text = raw.read_all();
  std::size_t at = 0;
  for (int n = 0; n < 20; ++n) {
    const auto wanted =
      n % 5 == 0 ? "late " + std::to_string(n) + "HTTP" : "GET /echo n=" + std::to_string(n);
    at = text.find(wanted, at);
    CHECK_MESSAGE(at != std::string::npos, wanted);
  }
}

TEST_CASE("server: an answer from another thread arrives, and only the first of two counts") {
  test_server s;
  CHECK(s.got("/late?n=5").body == "late 5");
  CHECK(s.got("/twice").body == "GET /twice");
  CHECK(s.got("/twice").status == 200);
}

TEST_CASE("server: a dropped responder and a throwing handler become a 500 with a sentence") {
  test_server s;
  for (const char* path : {"/drop", "/throw"}) {
    const auto answer = s.got(path);
    CHECK(answer.status == 500);
    CHECK(answer.content_type == "application/problem+json");
    CHECK(contains(answer.body, R"("code":"unanswered")"));
  }
}

TEST_CASE("server: no answer by the deadline is a 504, and the late answer is ignored") {
  test_server s{{.answer_deadline_ms = 50}};
  raw_client raw{s.http.port()};
  raw.write("GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(contains(raw.read_until("\"deadline_ms\":50}"), "HTTP/1.1 504"));
  s.handler.answer_kept("too late");
  raw.write("GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto next = raw.read_all();
  CHECK(contains(next, "GET /echo"));
  CHECK_FALSE(contains(next, "too late"));
}

TEST_CASE("server: many threads get their own answers, from several server threads") {
  test_server s{{.threads = 2}};
  std::atomic<int> right{0};
  std::vector<std::thread> clients;
  for (int t = 0; t < 8; ++t)
    clients.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const auto n = std::to_string(t * 100 + i);
        const bool late = i % 5 == 0;
        const auto answer = s.get((late ? "/late?n=" : "/echo?n=") + n);
        right += answer.answer && answer.answer->body == (late ? "late " + n : "GET /echo n=" + n);
      }
    });
  for (auto& client : clients)
    client.join();
  CHECK(right == 200);
}

TEST_CASE("server: stop lets a running request finish, and cuts it off at the deadline") {
  test_server s;
  std::string body;
  std::thread client{[&] { body = s.got("/late?n=1").body; }};
  std::this_thread::sleep_for(10ms);
  auto port = s.http.port();
  s.http.stop(2000);
  client.join();
  CHECK((body == "late 1"));
  CHECK_FALSE(send({.url = "http://127.0.0.1:" + std::to_string(port) + "/echo"}).answer);

  test_server stuck;
  raw_client raw{stuck.http.port()};
  raw.write("GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
  while (stuck.handler.kept() == 0)
    std::this_thread::sleep_for(1ms);
  CHECK(elapsed_ms([&] { stuck.http.stop(50); }) < 1000);
  CHECK(raw.read_all().empty());
  stuck.handler.answer_kept("the server is gone");  // harmless
}

TEST_CASE("server: a port in use and a bad address are sentences, not exceptions") {
  test_server s;
  test_handler h;
  server second;
  const auto error = second.start({.port = s.http.port()}, h);
  REQUIRE(error);
  CHECK(contains(*error, "in use"));
  CHECK(server{}.start({.address = "nowhere"}, h));
}

TEST_CASE("client: unreachable, slow and malformed addresses are sentences") {
  CHECK(contains(send({.url = "http://127.0.0.1:1/"}).error, "Cannot reach"));
  CHECK(contains(send({.url = "https://127.0.0.1/"}).error, "http://"));
  CHECK(contains(send({.url = "http://example.org/"}).error, "numeric address"));
  test_server s;
  const auto slow = send({.url = s.url("/never"), .timeout_ms = 50});
  CHECK(contains(slow.error, "did not answer within 50 ms"));
  CHECK(send({.url = "http://localhost:" + std::to_string(s.http.port()) + "/echo"}).answer);
}

TEST_CASE("client: a large body reports its progress up to the last byte") {
  test_server s{{.body_bytes_max = 8 << 20}};
  std::vector<std::uint64_t> steps;
  const auto answer =
    send({.method = "PUT",
          .url = s.url("/size"),
          .body = std::string(3 << 20, 'x'),
          .sent = [&](std::uint64_t done, std::uint64_t) { steps.push_back(done); }});
  REQUIRE_MESSAGE(answer.answer, answer.error);
  CHECK(answer.answer->body == std::to_string(3 << 20));
  CHECK(steps.size() > 4);
  CHECK(std::is_sorted(steps.begin(), steps.end()));
  CHECK(steps.back() == 3 << 20);
}
