#pragma once
// Somebody who speaks to an endpoint as it should not be spoken to, step by step and without an
// endpoint of its own.

#include "tests/actors/link/party.hpp"

#include "actors/link/certificate.hpp"

#include "protocol/link/frame.hpp"

namespace datagen::link::tests {

using protocol::link::frame_kind;

class intruder {
public:
  explicit intruder(const party& server) : intruder(server, key_of(3)) {}
  intruder(const party& server, const key_pair& key) : intruder(server, make_context(key)) {
    key_ = key;
  }
  intruder(const party& server, asio::ssl::context tls)
      : tls_(std::move(tls)), stream_(context_, tls_) {
    socket().connect({asio::ip::make_address("127.0.0.1"), server.end.port()});
    socket().set_option(tcp::no_delay(true));
  }
  tcp::socket& socket() { return stream_.next_layer().next_layer(); }
  SSL* tls() { return stream_.next_layer().native_handle(); }

  void raw(const bytes& data) { asio::write(socket(), asio::buffer(data), ignored_); }
  /// @returns whether the handshake succeeded as far as a client can tell
  bool shake() {
    stream_.next_layer().handshake(asio::ssl::stream_base::client, ignored_);
    return !ignored_;
  }
  void inside(std::string_view data) {
    asio::write(stream_.next_layer(), asio::buffer(data.data(), data.size()), ignored_);
  }
  bool upgrade() {
    stream_.binary(true);
    stream_.handshake("test", "/link", ignored_);
    return !ignored_;
  }
  protocol::link::hello greeting() const {
    const auto x = config_of(3);
    return {.genesis = x.genesis,
            .heavy = x.heavy,
            .fast = x.fast,
            .life = x.life,
            .window_bytes = x.window_bytes,
            .frame_bytes_max = x.frame_bytes_max};
  }
  void frame(std::uint64_t number, frame_kind kind, const bytes& body) {
    const auto header = protocol::link::header_of(number, kind);
    const std::array<asio::const_buffer, 2> data{asio::buffer(header), asio::buffer(body)};
    stream_.write(data, ignored_);
  }
  void message(const bytes& data) { stream_.write(asio::buffer(data), ignored_); }
  web_stream& stream() { return stream_; }
  /// The next frame, whole; empty when the connection has ended.
  bytes read() {
    beast::flat_buffer data;
    stream_.read(data, ignored_);
    const auto view = data.data();
    const auto* first = static_cast<const std::uint8_t*>(view.data());
    return ignored_ ? bytes{} : bytes(first, first + view.size());
  }
  /// All the way to a link.
  void link() {
    REQUIRE(shake());
    REQUIRE(upgrade());
    frame(0, frame_kind::hello, protocol::encode(greeting()));
    const auto theirs = read();
    REQUIRE(protocol::link::read_frame(theirs));
    REQUIRE(protocol::link::read_frame(theirs)->header.kind == frame_kind::hello);
  }
  /// What the server says in the end; none when it ends without a word.
  refusal farewell() {
    for (auto data = read(); !data.empty(); data = read())
      if (const auto x = protocol::link::read_frame(data);
          x && x->header.kind == frame_kind::refuse)
        return protocol::decode<refusal>(x->body).value_or(refusal::none);
    return refusal::none;
  }
  /// Returns when the server has closed the TCP connection.
  void gone() {
    std::array<char, 4096> scrap;
    for (error_code error; !error;)
      socket().read_some(asio::buffer(scrap), error);
  }

private:
  asio::io_context context_;
  asio::ssl::context tls_;
  web_stream stream_;
  key_pair key_;
  error_code ignored_;
};

}  // namespace datagen::link::tests
