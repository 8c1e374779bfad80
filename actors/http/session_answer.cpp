// Handing requests over and writing their answers; requests are read in session.cpp.

#include "actors/http/session.hpp"

#include <atomic>

namespace datagen::http {

namespace {

constexpr std::size_t drained_bytes_max = 256 << 10;  // read and thrown away before closing
constexpr std::uint32_t linger_ms = 1000;

std::string text_of(beast::string_view text) { return {text.data(), text.size()}; }

/// Field values from handlers reach the wire without line breaks.
std::string one_line(std::string text) {
  std::erase_if(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
  return text;
}

header_map headers_of(const beast_request& message) {
  header_map headers;
  for (const auto& field : message) {
    auto [at, fresh] = headers.try_emplace(text_of(field.name_string()), text_of(field.value()));
    if (!fresh)
      at->second += ", " + text_of(field.value());
  }
  return headers;
}

}  // namespace

/// Shared by the copies of a responder.
struct pending_answer {
  explicit pending_answer(std::function<void(response)> d) : deliver(std::move(d)) {}
  ~pending_answer() {
    if (!answered.exchange(true))
      deliver(to_response(unanswered()));
  }
  std::atomic<bool> answered{false};
  std::function<void(response)> deliver;
};

void responder::operator()(response answer) const {
  if (!pending_->answered.exchange(true))
    pending_->deliver(std::move(answer));
}

void session::hand_over() {
  error_code ignored;
  const auto peer = socket_.remote_endpoint(ignored).address();
  auto message = parser_->release();
  request r{.method = head_ ? "GET" : text_of(message.method_string()),
            .path = std::move(target_.path),
            .target = text_of(message.target()),
            .query = std::move(target_.query),
            .headers = headers_of(message),
            .body = std::move(message.body()),
            .peer = peer.to_string(ignored),
            .loopback = peer.is_loopback()};
  enter(phase::answering, config().answer_deadline_ms);
  auto deliver = [weak = weak_from_this(), exchange = exchange_](response answer) {
    if (const auto self = weak.lock())
      self->pass_->core().post(self->strand_,
                               [weak, exchange, answer = std::move(answer)]() mutable {
                                 if (const auto alive = weak.lock())
                                   alive->answer(exchange, std::move(answer));
                               });
  };
  responder answer{std::make_shared<pending_answer>(std::move(deliver))};
  try {
    pass_->core().handle_with.handle(std::move(r), answer);
  } catch (const std::exception&) {
    answer(to_response(unanswered()));
  }
}

void session::answer(std::uint64_t exchange, response r) {
  if (phase_ != phase::answering || exchange != exchange_)
    return;
  release_bytes();
  write(std::move(r));
}

void session::refuse(const problem& p) {
  release_bytes();
  keep_alive_ = false;
  write(to_response(p));
}

void session::write(response r) {
  enter(phase::writing, config().write_deadline_ms);
  keep_alive_ = keep_alive_ && !stopping_;
  out_.emplace();
  out_->version(11);
  out_->result(r.status);
  for (auto& [name, value] : r.headers)
    out_->insert(one_line(name), one_line(value));
  if (!r.content_type.empty())
    out_->set(beast::http::field::content_type, one_line(r.content_type));
  out_->set("X-Content-Type-Options", "nosniff");
  out_->keep_alive(keep_alive_);
  const bool bodiless = r.status < 200 || r.status == 204 || r.status == 304;
  if (!bodiless)
    out_->content_length(r.body.size());
  auto done = [self = shared_from_this()](error_code error, std::size_t) { self->written(error); };
  if (!head_ && !bodiless)
    out_->body() = std::move(r.body);
  serializer_.emplace(*out_);
  if (head_)
    return beast::http::async_write_header(socket_, *serializer_, std::move(done));
  beast::http::async_write(socket_, *serializer_, std::move(done));
}

void session::written(error_code error) {
  if (phase_ == phase::closed)
    return;
  serializer_.reset();
  out_.reset();
  if (error)
    return close_now();
  keep_alive_ && !stopping_ ? read_first_bytes() : linger();
}

// Closing with unread bytes would reset the connection, and the client would lose the answer.
void session::linger() {
  error_code error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  if (error)
    return close_now();
  enter(phase::lingering, linger_ms);
  buffer_.clear();
  drain();
}

void session::drain() {
  socket_.async_read_some(
    buffer_.prepare(16 << 10), [self = shared_from_this()](error_code error, std::size_t size) {
      self->drained_ += size;
      error || self->drained_ > drained_bytes_max ? self->close_now() : self->drain();
    });
}

void session::close_now() {
  if (phase_ == phase::closed)
    return;
  phase_ = phase::closed;
  ++timer_round_;
  timer_.cancel();
  error_code ignored;
  socket_.close(ignored);
}

void session::release_bytes() {
  if (reserved_ > 0)
    pass_->core().gate.release(std::exchange(reserved_, 0));
}

}  // namespace datagen::http
