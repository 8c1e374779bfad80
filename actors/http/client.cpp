#include "actors/http/client.hpp"

#include "actors/http/beast.hpp"

#include <charconv>

namespace datagen::http {

namespace {

constexpr std::size_t piece_bytes = 256 << 10;  // between two progress calls

struct address_parts {
  std::vector<tcp::endpoint> endpoints;
  std::string host;  ///< As in the URL, for the Host field.
  std::string target;
};

std::optional<address_parts> parse_url(std::string_view url, std::string& why) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) {
    why = "the address must begin with http://";
    return std::nullopt;
  }
  url.remove_prefix(scheme.size());
  const auto slash = std::min(url.find_first_of("/?"), url.size());
  const auto host = url.substr(0, slash);
  auto target = std::string{url.substr(slash)};
  if (target.empty() || target.front() != '/')
    target.insert(0, "/");
  const auto bracket = host.rfind(']');
  const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  std::uint16_t port = 80;
  if (colon != std::string_view::npos) {
    const auto digits = host.substr(colon + 1);
    const auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (bad != std::errc{} || end != digits.data() + digits.size()) {
      why = "'" + std::string{digits} + "' is no port";
      return std::nullopt;
    }
  }
  auto name = std::string{host.substr(0, colon)};
  if (name == "localhost")
    return address_parts{
      {{asio::ip::address_v4::loopback(), port}, {asio::ip::address_v6::loopback(), port}},
      std::string{host},
      target};
  if (name.size() > 2 && name.front() == '[' && name.back() == ']')
    name = name.substr(1, name.size() - 2);
  error_code error;
  const auto address = asio::ip::make_address(name, error);
  if (error) {
    why = "'" + name + "' is neither localhost nor a numeric address";
    return std::nullopt;
  }
  return address_parts{{{address, port}}, std::string{host}, target};
}

/// One exchange; every step runs the I/O context until it is done or the time is up.
class exchange {
public:
  explicit exchange(const client_request& r) : request_(r), stream_(context_) {
    stream_.expires_after(std::chrono::milliseconds(r.timeout_ms));
  }

  error_code connect(const std::vector<tcp::endpoint>& endpoints) {
    return wait([&](auto done) { stream_.async_connect(endpoints, std::move(done)); });
  }

  error_code write(const address_parts& where) {
    beast::http::request<beast::http::buffer_body> message;
    message.version(11);
    message.method_string(request_.method);
    message.target(where.target);
    message.set(beast::http::field::host, where.host);
    for (const auto& [name, value] : request_.headers)
      message.set(name, value);
    message.set(beast::http::field::connection, "close");
    const auto total = request_.body.size();
    if (total > 0 || request_.method == "POST" || request_.method == "PUT")
      message.content_length(total);
    message.body().data = nullptr;
    message.body().more = total > 0;
    beast::http::request_serializer<beast::http::buffer_body> serializer{message};
    auto error = wait(
      [&](auto done) { beast::http::async_write_header(stream_, serializer, std::move(done)); });
    for (std::size_t sent = 0; !error && sent < total;) {
      const auto size = std::min(piece_bytes, total - sent);
      message.body().data = const_cast<char*>(request_.body.data() + sent);
      message.body().size = size;
      message.body().more = sent + size < total;
      error =
        wait([&](auto done) { beast::http::async_write(stream_, serializer, std::move(done)); });
      if (error == beast::http::error::need_buffer)
        error = {};
      sent += size;
      if (request_.sent && !error)
        request_.sent(sent, total);
    }
    return error;
  }

  error_code read(response& answer) {
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(request_.response_bytes_max);
    parser.skip(request_.method == "HEAD");
    auto error = wait([&](auto done) {
      beast::http::async_read_header(stream_, buffer_, parser, std::move(done));
    });
    while (!error && !parser.is_done()) {
      error = wait([&](auto done) {
        beast::http::async_read_some(stream_, buffer_, parser, std::move(done));
      });
      if (request_.received && !error)
        request_.received(parser.get().body().size(), parser.content_length().value_or(0));
    }
    if (error)
      return error;
    answer.status = parser.get().result_int();
    for (const auto& field : parser.get())
      answer.headers[std::string{field.name_string()}] = std::string{field.value()};
    answer.content_type = std::string{parser.get()[beast::http::field::content_type]};
    answer.body = std::move(parser.get().body());
    return {};
  }

private:
  template <class Start>
  error_code wait(Start start) {
    error_code result;
    start([&](error_code error, const auto&...) { result = error; });
    context_.restart();
    context_.run();
    return result;
  }

  const client_request& request_;
  asio::io_context context_{1};
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
};

std::string sentence(const client_request& r, std::string_view step, const error_code& error) {
  if (error == beast::error::timeout)
    return r.url + " did not answer within " + std::to_string(r.timeout_ms) + " ms (" +
           std::string{step} + ").";
  if (error == beast::http::error::body_limit)
    return r.url + " answers with more than " + std::to_string(r.response_bytes_max) + " bytes.";
  return "Cannot " + std::string{step} + " " + r.url + ": " + error.message() + ".";
}

}  // namespace

client_answer send(const client_request& r) {
  std::string why;
  const auto where = parse_url(r.url, why);
  if (!where)
    return {std::nullopt, "Cannot use the address " + r.url + ": " + why + "."};
  exchange x{r};
  if (const auto error = x.connect(where->endpoints))
    return {std::nullopt, sentence(r, "reach", error)};
  const auto write_error = x.write(*where);
  if (write_error == beast::error::timeout)
    return {std::nullopt, sentence(r, "send to", write_error)};
  // A server may refuse a large body before it has read it all: its answer counts.
  response answer;
  if (const auto error = x.read(answer))
    return {std::nullopt,
            sentence(r, write_error ? "send to" : "read from", write_error ? write_error : error)};
  return {std::move(answer), {}};
}

}  // namespace datagen::http
