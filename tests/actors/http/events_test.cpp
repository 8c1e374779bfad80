#include "tests/actors/http/support.hpp"

#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

using namespace datagen::http;
namespace websocket = boost::beast::websocket;

namespace {

/// A WebSocket reader of a test server.
class reader {
public:
  reader(std::uint16_t port, const std::string& target) : stream_(context_) {
    stream_.next_layer().connect({boost::asio::ip::address_v4::loopback(), port});
    websocket::response_type answer;
    boost::system::error_code error;
    stream_.handshake(answer, "localhost", target, error);
    status = answer.result_int();
    body = answer.body();
  }
  std::string next() {
    boost::beast::flat_buffer buffer;
    boost::system::error_code error;
    stream_.read(buffer, error);
    return error ? "closed" : boost::beast::buffers_to_string(buffer.data());
  }
  void say(const std::string& text) { stream_.write(boost::asio::buffer(text)); }

  unsigned status = 0;
  std::string body;

private:
  boost::asio::io_context context_;
  websocket::stream<boost::asio::ip::tcp::socket> stream_;
};

struct event_server {
  explicit event_server(server_config config = {}, std::size_t remembered = 10)
      : events(std::make_shared<event_stream>(remembered)) {
    config.events = events;
    server.emplace(std::move(config));
  }
  void publish(const std::string& topic, std::uint64_t first, std::uint64_t last) {
    for (auto n = first; n <= last; ++n)
      events->publish(topic, n, R"({"ten":)" + std::to_string(n * 10) + "}");
  }
  reader read(const std::string& query = "") {
    return reader{server->http.port(), "/v1/events" + query};
  }
  std::shared_ptr<event_stream> events;
  std::optional<test_server> server;
};

std::string event_text(const std::string& topic, std::uint64_t n) {
  return R"({"topic":")" + topic + R"(","sequence":)" + std::to_string(n) + R"(,"ten":)" +
         std::to_string(n * 10) + "}";
}

}  // namespace

TEST_CASE("events: a reader gets its topics in order and no others") {
  event_server s;
  s.publish("blocks", 1, 1);
  auto r = s.read("?topics=blocks&resume_from=1");
  CHECK(r.next() == event_text("blocks", 1));  // registered: what follows is live
  s.publish("jobs", 1, 3);
  s.publish("blocks", 2, 3);
  CHECK(r.next() == event_text("blocks", 2));
  CHECK(r.next() == event_text("blocks", 3));
}

TEST_CASE("events: resuming replays what is remembered, by topic, then goes on live") {
  event_server s;
  s.publish("blocks", 1, 5);
  s.publish("jobs", 1, 5);
  auto r = s.read("?topics=blocks,jobs&resume_from=blocks:4,jobs:5");
  CHECK(r.next() == event_text("blocks", 4));
  CHECK(r.next() == event_text("blocks", 5));
  CHECK(r.next() == event_text("jobs", 5));
  s.publish("blocks", 6, 6);
  CHECK(r.next() == event_text("blocks", 6));
}

TEST_CASE("events: resuming from before the memory says what is lost") {
  event_server s;
  s.publish("blocks", 1, 30);
  auto r = s.read("?topics=blocks&resume_from=5");
  CHECK(r.next() == R"({"type":"lagged","topic":"blocks","from":5})");
  CHECK(r.next() == event_text("blocks", 21));
}

TEST_CASE("events: a full queue turns into one mark per topic and goes on after it") {
  event_queue queue{{}, 3};
  auto push = [&](const std::string& topic, std::uint64_t n) {
    auto e = std::make_shared<event>();
    *e = {topic, n, event_text(topic, n)};
    return queue.push(std::move(e));
  };
  CHECK(push("a", 1));
  CHECK_FALSE(push("b", 7));
  (void)push("a", 2);
  (void)push("a", 3);  // overflow: a from 1 and b from 7 are lost
  CHECK(queue.pop() == R"({"type":"lagged","topic":"a","from":1})");
  CHECK(queue.pop() == R"({"type":"lagged","topic":"b","from":7})");
  CHECK(queue.pop() == event_text("a", 3));
  CHECK_FALSE(queue.pop());
}

TEST_CASE("events: a reader that does not read lags, and the publisher never waits for it") {
  event_server s{{.event_queue_max = 8}};
  s.publish("blocks", 1, 1);
  auto r = s.read("?resume_from=1");
  CHECK(r.next() == event_text("blocks", 1));
  const auto big = R"({"x":")" + std::string(100'000, 'x') + R"("})";
  const auto took = elapsed_ms([&] {
    for (std::uint64_t n = 2; n <= 400; ++n)
      s.events->publish("blocks", n, big);
  });
  CHECK(took < 5000);
  std::uint64_t expected = 2;
  bool lagged = false;
  for (auto text = r.next();; text = r.next()) {
    if (contains(text, "lagged")) {
      // No gap goes unsaid; a second mark in a row continues the gap of the first.
      if (!lagged)
        CHECK(contains(text, "\"from\":" + std::to_string(expected) + "}"));
      lagged = true;
      continue;
    }
    const auto at = text.find("\"sequence\":") + 11;
    const auto n = std::stoull(text.substr(at, 20));
    if (!lagged)
      CHECK(n == expected);
    CHECK(n >= expected);
    lagged = false;
    expected = n + 1;
    if (n == 400)
      break;
  }
}

TEST_CASE("events: too many topics, bad names and other paths are refused before the upgrade") {
  event_server s{{.subscriptions_max = 2}};
  CHECK(s.read("?topics=a,b").status == 101);
  for (const char* query : {"?topics=a,b,c", "?topics=a%22", "?resume_from=x", "?other=1"}) {
    const auto refused = s.read(query);
    CHECK(refused.status == 400);
    CHECK(contains(refused.body, "bad_request"));
  }
  CHECK(reader{s.server->http.port(), "/echo"}.status == 400);
}

TEST_CASE("events: a reader that talks is cut off, and stop says goodbye to the quiet ones") {
  event_server s;
  auto quiet = s.read();
  auto loud = s.read();
  loud.say("hello");
  CHECK(loud.next() == "closed");
  std::thread stopping{[&] { s.server->http.stop(2000); }};
  CHECK(quiet.next() == "closed");
  stopping.join();
  s.publish("blocks", 1, 1);  // harmless
}

TEST_CASE("events: publishers on several threads reach several readers while readers come and go") {
  event_server s{{.threads = 2}, 2000};
  std::vector<std::thread> publishers;
  for (const char* topic : {"a", "b"})
    publishers.emplace_back([&s, topic] { s.publish(topic, 1, 200); });
  std::vector<std::thread> readers;
  std::atomic<int> complete{0};
  for (int i = 0; i < 4; ++i)
    readers.emplace_back([&, i] {
      auto r = s.read(i % 2 == 0 ? "?topics=a&resume_from=1" : "?topics=b&resume_from=1");
      int seen = 0;
      while (seen < 200 && r.next() == event_text(i % 2 == 0 ? "a" : "b", seen + 1))
        ++seen;
      complete += seen == 200;
    });
  for (auto& thread : publishers)
    thread.join();
  for (auto& thread : readers)
    thread.join();
  CHECK(complete == 4);
}
