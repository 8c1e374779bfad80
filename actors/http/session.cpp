// Reading requests; answers are in session_answer.cpp.

#include "actors/http/session.hpp"

#include "actors/http/subscribe.hpp"

namespace datagen::http {

namespace {

constexpr std::size_t read_ahead_max = 64 << 10;  // buffered beyond the header limit
constexpr std::uint32_t cancel_again_ms = 20;
constexpr std::uint64_t small_body = 64 << 10;  // not counted as in flight

std::string text_of(beast::string_view text) { return {text.data(), text.size()}; }

bool is_http_error(const error_code& error) {
  return error.category() ==
         beast::http::make_error_code(beast::http::error::bad_method).category();
}

}  // namespace

session::session(shared_ticket pass, tcp::socket socket, std::string key, bool exempt)
    : pass_(std::move(pass)),
      socket_(std::move(socket)),
      strand_(socket_.get_executor()),
      timer_(strand_),
      key_(std::move(key)),
      exempt_(exempt),
      buffer_(config().header_bytes_max + read_ahead_max) {}

session::~session() { release_bytes(); }

void session::start() {
  asio::post(strand_, [self = shared_from_this()] {
    self->enter(phase::header, self->config().header_deadline_ms);
    self->read_header();
  });
}

void session::start_refused(const problem& p) {
  asio::post(strand_, [self = shared_from_this(), p] { self->refuse(p); });
}

void session::close(bool now) {
  pass_->core().post(strand_, [weak = weak_from_this(), now] {
    const auto self = weak.lock();
    if (!self)
      return;
    self->stopping_ = true;
    if (now || self->phase_ == phase::idle || self->phase_ == phase::header)
      self->close_now();
  });
}

void session::enter(phase p, std::uint32_t deadline_ms) {
  phase_ = p;
  expired_ = false;
  timer_.expires_after(std::chrono::milliseconds(deadline_ms));
  // The timer keeps the session alive while it waits for an answer and no socket operation does.
  timer_.async_wait([self = shared_from_this(), round = ++timer_round_](error_code error) {
    if (!error && round == self->timer_round_)
      self->expired();
  });
}

void session::expired() {
  switch (phase_) {
    case phase::header:
    case phase::body: {
      // Ends the pending read, whose handler answers 408. Again until it does: a read that has just
      // completed starts the next one without noticing.
      const auto p = phase_;
      error_code ignored;
      socket_.cancel(ignored);
      enter(p, cancel_again_ms);
      expired_ = true;
      return;
    }
    case phase::answering:
      return answer(exchange_, to_response(answer_too_late(config().answer_deadline_ms)));
    default:
      return close_now();
  }
}

void session::read_first_bytes() {
  if (buffer_.size() > 0) {  // pipelined
    enter(phase::header, config().header_deadline_ms);
    return read_header();
  }
  enter(phase::idle, config().idle_timeout_ms);
  socket_.async_read_some(buffer_.prepare(4096),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            if (error)
                              return self->close_now();
                            self->buffer_.commit(size);
                            self->enter(phase::header, self->config().header_deadline_ms);
                            self->read_header();
                          });
}

void session::read_header() {
  head_ = false;
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(config().header_bytes_max));
  parser_->body_limit(boost::none);  // set once the path is known
  beast::http::async_read_header(
    socket_, buffer_, *parser_,
    [self = shared_from_this()](error_code error, std::size_t) { self->on_header(error); });
}

void session::on_header(error_code error) {
  if (phase_ == phase::closed)
    return;
  if (error && expired_)
    return refuse(request_too_slow("header", config().header_deadline_ms));
  if (error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow)
    return refuse(headers_too_large(config().header_bytes_max));
  if (error && is_http_error(error) && error != beast::http::error::end_of_stream &&
      error != beast::http::error::partial_message)
    return refuse(bad_request("This is not HTTP/1.1: " + error.message() + "."));
  if (error)
    return close_now();
  ++exchange_;
  keep_alive_ = parser_->keep_alive();
  head_ = parser_->get().method() == beast::http::verb::head;
  if (admit_request())
    beast::websocket::is_upgrade(parser_->get()) ? upgrade() : read_body();
}

bool session::admit_request() {
  const auto& message = parser_->get();
  std::string why;
  auto parts = parse_target({message.target().data(), message.target().size()}, why);
  if (!parts)
    return refuse(bad_request(why)), false;
  target_ = std::move(*parts);
  if (message.version() == 11 && message.count(beast::http::field::host) != 1)
    return refuse(bad_request("A request carries exactly one Host field.")), false;
  const auto method = text_of(message.method_string());
  const auto cost = config().request_cost ? config().request_cost(method, target_.path) : 1;
  if (!exempt_)
    if (auto wait = pass_->core().gate.spend(key_, cost, std::chrono::steady_clock::now()))
      return refuse(too_many_requests(config().cost_per_second, *wait)), false;
  const auto limit =
    config().body_limit ? config().body_limit(method, target_.path) : config().body_bytes_max;
  const auto length = parser_->content_length();
  if (length && *length > limit)
    return refuse(body_too_large(limit)), false;
  parser_->body_limit(limit);
  const auto bytes = length ? *length : parser_->chunked() ? limit : 0;
  if (bytes <= small_body)
    return true;
  if (!pass_->core().gate.reserve(bytes))
    return refuse(too_much_in_flight(config().body_bytes_in_flight_max)), false;
  reserved_ = bytes;
  return true;
}

void session::upgrade() {
  if (!config().events || target_.path != config().event_path)
    return refuse(
      bad_request("This path is no WebSocket; events are at " + config().event_path + "."));
  std::string why;
  auto wanted = parse_subscription(target_.query, config().subscriptions_max, why);
  if (!wanted)
    return refuse(bad_request(why));
  phase_ = phase::closed;
  ++timer_round_;
  timer_.cancel();
  start_event_session(pass_, std::move(socket_), parser_->get(), std::move(*wanted));
}

void session::read_body() {
  enter(phase::body, config().body_deadline_ms);
  auto read = [self = shared_from_this()] {
    beast::http::async_read(self->socket_, self->buffer_, *self->parser_,
                            [self](error_code error, std::size_t) { self->on_body(error); });
  };
  if (parser_->is_done() ||
      !beast::iequals(parser_->get()[beast::http::field::expect], "100-continue"))
    return read();
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(go_on),
                    [self = shared_from_this(), read](error_code error, std::size_t) {
                      error ? self->close_now() : read();
                    });
}

void session::on_body(error_code error) {
  if (phase_ == phase::closed)
    return;
  if (error && expired_)
    return refuse(request_too_slow("body", config().body_deadline_ms));
  if (error == beast::http::error::body_limit) {
    const auto method = text_of(parser_->get().method_string());
    return refuse(body_too_large(config().body_limit ? config().body_limit(method, target_.path)
                                                     : config().body_bytes_max));
  }
  if (error && is_http_error(error) && error != beast::http::error::partial_message)
    return refuse(bad_request("The body is malformed: " + error.message() + "."));
  if (error)
    return close_now();
  hand_over();
}

}  // namespace datagen::http
