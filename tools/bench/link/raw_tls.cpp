#include "tools/bench/link/raw_tls.hpp"

#include "actors/link/certificate.hpp"
#include "tools/bench/clock.hpp"

#include <netinet/tcp.h>

#include <stdexcept>
#include <thread>

namespace datagen::bench {

namespace {

using link::tcp;
using link::asio::ip::make_address;

class tls_end {
public:
  tls_end(link::asio::ssl::context& context, tcp::socket socket, bool server)
      : socket_(std::move(socket)), tls_(SSL_new(context.native_handle())) {
    socket_.non_blocking(false);
    socket_.native_non_blocking(false);
    socket_.set_option(tcp::no_delay(true));
    SSL_set_fd(tls_, socket_.native_handle());
    if ((server ? SSL_accept(tls_) : SSL_connect(tls_)) != 1)
      throw std::runtime_error{"the TLS handshake failed"};
  }
  ~tls_end() { SSL_free(tls_); }
  tls_end(const tls_end&) = delete;
  tls_end& operator=(const tls_end&) = delete;

  void write(const protocol::bytes& data, std::size_t size) {
    if (SSL_write(tls_, data.data(), static_cast<int>(size)) != static_cast<int>(size))
      throw std::runtime_error{"a TLS write failed"};
  }
  /// @returns whether so many bytes came before the end
  bool read(protocol::bytes& data, std::size_t size) {
    for (std::size_t have = 0; have < size;) {
      const auto got = SSL_read(tls_, data.data() + have, static_cast<int>(size - have));
      if (got <= 0)
        return false;
      have += static_cast<std::size_t>(got);
    }
    return true;
  }
  void shut() { SSL_shutdown(tls_); }
  std::string cipher() const { return SSL_get_cipher_name(tls_); }

private:
  tcp::socket socket_;
  SSL* tls_;
};

/// First byte of a message: what its receiver is to do.
enum command : std::uint8_t { echo = 0, swallow = 1, answer_and_go_on = 2 };

void serve(tls_end& end, std::size_t bytes) {
  protocol::bytes data(bytes);
  while (end.read(data, bytes))
    if (data[0] == echo)
      end.write(data, bytes);
    else if (data[0] == answer_and_go_on)
      end.write(data, 1);
}

}  // namespace

raw_result measure_raw_tls(const protocol::key_pair& left, const protocol::key_pair& right,
                           std::size_t bytes, double seconds) {
  link::asio::io_context io;
  auto here = link::make_context(left), there = link::make_context(right);
  tcp::acceptor acceptor{io, {make_address("127.0.0.1"), 0}};
  tcp::socket near{io};
  near.connect(acceptor.local_endpoint());
  auto far = acceptor.accept();
  std::thread server{[&] {
    tls_end end{there, std::move(far), true};
    serve(end, bytes);
  }};
  raw_result result;
  {
    tls_end end{here, std::move(near), false};
    result.cipher = end.cipher();
    protocol::bytes data(bytes);
    for (const auto stop = wall_us() + 1e6 * seconds; wall_us() < stop;) {
      const auto start = wall_us();
      data[0] = echo;
      end.write(data, bytes);
      end.read(data, bytes);
      result.round_trips_us.push_back(wall_us() - start);
    }
    const auto start = wall_us();
    std::uint64_t sent = 0;
    data[0] = swallow;
    for (const auto stop = start + 1e6 * seconds; wall_us() < stop; sent += bytes)
      end.write(data, bytes);
    data[0] = answer_and_go_on;
    end.write(data, bytes);
    end.read(data, 1);
    result.mb_per_s = static_cast<double>(sent + bytes) / (wall_us() - start);
    end.shut();
  }
  server.join();
  return result;
}

}  // namespace datagen::bench
