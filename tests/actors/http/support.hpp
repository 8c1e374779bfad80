#pragma once
// A server with a small handler, and a raw socket to be rude with.

#include "actors/http/client.hpp"
#include "actors/http/problem.hpp"
#include "actors/http/server.hpp"

#include <doctest/doctest.h>
#include <boost/asio.hpp>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace datagen::http {

using namespace std::chrono_literals;

/// Answers by path: /echo gives back the request, /late answers from another thread, /never keeps
/// the responder, /drop drops it, /twice answers twice, /throw throws.
class test_handler : public handler {
public:
  ~test_handler() override { join(); }
  void join() {
    for (auto& thread : threads_)
      thread.join();
    threads_.clear();
  }
  void handle(request r, responder answer) override {
    if (r.path == "/late")
      return later(std::move(r), std::move(answer));
    if (r.path == "/drop")
      return;
    if (r.path == "/throw")
      throw std::runtime_error{"planted"};
    if (r.path == "/never") {
      std::lock_guard lock{mutex_};
      return kept_.push_back(std::move(answer));
    }
    response reply{200, "text/plain", {{"X-Path", r.path}}, describe(r)};
    answer(reply);
    if (r.path == "/twice")
      answer({500, "text/plain", {}, "second"});
  }
  /// Answers what /never kept.
  void answer_kept(const std::string& body) {
    std::lock_guard lock{mutex_};
    for (const auto& answer : kept_)
      answer({200, "text/plain", {}, body});
    kept_.clear();
  }
  void drop_kept() {
    std::lock_guard lock{mutex_};
    kept_.clear();
  }
  std::size_t kept() {
    std::lock_guard lock{mutex_};
    return kept_.size();
  }

private:
  static std::string describe(const request& r) {
    if (r.path == "/size")
      return std::to_string(r.body.size());
    auto text = r.method + " " + r.path;
    for (const auto& [name, value] : r.query)
      text += " " + name + "=" + value;
    return text + (r.body.empty() ? "" : " " + r.body);
  }
  void later(request r, responder answer) {
    std::lock_guard lock{mutex_};
    threads_.emplace_back([r = std::move(r), answer = std::move(answer)] {
      std::this_thread::sleep_for(20ms);
      answer({200, "text/plain", {}, "late " + r.query.at("n")});
    });
  }
  std::mutex mutex_;
  std::vector<std::thread> threads_;
  std::vector<responder> kept_;
};

struct test_server {
  explicit test_server(server_config config = {}) {
    const auto error = http.start(std::move(config), handler);
    REQUIRE_MESSAGE(!error, error.value_or(""));
  }
  std::string url(const std::string& target) const {
    return "http://127.0.0.1:" + std::to_string(http.port()) + target;
  }
  client_answer get(const std::string& target) const { return send({.url = url(target)}); }
  response got(const std::string& target) const {
    auto answer = get(target);
    REQUIRE_MESSAGE(answer.answer, answer.error);
    return *answer.answer;
  }
  test_handler handler;
  server http;  // stops before the handler goes
};

/// A TCP connection without manners.
class raw_client {
public:
  explicit raw_client(std::uint16_t port) : socket_(context_) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }
  void write(std::string_view text) {
    boost::system::error_code ignored;
    boost::asio::write(socket_, boost::asio::buffer(text), ignored);
  }
  /// Everything until the server closes.
  std::string read_all() {
    std::string text;
    boost::system::error_code ignored;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(text), ignored);
    return text;
  }
  std::string read_until(const std::string& mark) {
    std::string text;
    boost::system::error_code ignored;
    boost::asio::read_until(socket_, boost::asio::dynamic_buffer(text), mark, ignored);
    return text;
  }
  boost::asio::ip::tcp::socket& socket() { return socket_; }

private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
};

/// The milliseconds that `work` takes.
template <class Work>
std::int64_t elapsed_ms(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               begin)
    .count();
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace datagen::http
