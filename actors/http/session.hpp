#pragma once
// One HTTP connection: reads a request, waits for its answer, writes it, and so on. Every member
// function runs on the connection's strand unless it says otherwise. Private to this folder.

#include "actors/http/problem.hpp"
#include "actors/http/server_core.hpp"
#include "actors/http/target.hpp"

namespace datagen::http {

class session : public connection, public std::enable_shared_from_this<session> {
public:
  session(shared_ticket pass, tcp::socket socket, std::string key, bool exempt);
  ~session() override;

  void start();                          ///< From any thread.
  void start_refused(const problem& p);  ///< From any thread: says why, and ends.
  void close(bool now) override;         ///< From any thread.

private:
  enum class phase : std::uint8_t { idle, header, body, answering, writing, lingering, closed };

  void enter(phase p, std::uint32_t deadline_ms);
  void expired();
  void read_first_bytes();
  void read_header();
  void on_header(error_code error);
  bool admit_request();
  void upgrade();
  void read_body();
  void on_body(error_code error);
  void hand_over();
  void answer(std::uint64_t exchange, response r);
  void refuse(const problem& p);
  void write(response r);
  void written(error_code error);
  void linger();
  void drain();
  void close_now();
  void release_bytes();
  const server_config& config() const { return pass_->core().config; }

  const shared_ticket pass_;  // first: given back last
  tcp::socket socket_;
  const asio::any_io_executor strand_;  // read by other threads, unlike the socket
  asio::steady_timer timer_;
  const std::string key_;
  const bool exempt_;
  beast::flat_buffer buffer_;
  std::optional<beast::http::request_parser<beast::http::string_body>> parser_;
  std::optional<beast_response> out_;
  std::optional<beast::http::response_serializer<beast::http::string_body>> serializer_;
  target_parts target_;
  phase phase_ = phase::idle;
  std::uint64_t timer_round_ = 0;  ///< Ignores the timers of earlier phases.
  std::uint64_t exchange_ = 0;     ///< Ignores the answers to earlier requests.
  std::uint64_t reserved_ = 0;     ///< Bytes in flight that this connection holds.
  std::size_t drained_ = 0;
  bool expired_ = false;
  bool stopping_ = false;
  bool head_ = false;
  bool keep_alive_ = false;
};

}  // namespace datagen::http
