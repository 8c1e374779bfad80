#include "tests/support/lending_hosts.hpp"

#include <doctest/doctest.h>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace datagen;
using namespace datagen::tests;

namespace {

using std::chrono::milliseconds;

/// A port at which attempts to connect wait until others before them are taken away.
class full_port {
public:
  full_port() {
    const auto size = static_cast<socklen_t>(sizeof where_);
    REQUIRE(::bind(listener_, address(), size) == 0);
    REQUIRE(::listen(listener_, 0) == 0);
    auto length = size;
    REQUIRE(::getsockname(listener_, address(), &length) == 0);
    do {
      waiting_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
      ::connect(waiting_.back(), address(), size);
    } while (connected(waiting_.back()));
    ::close(waiting_.back());
    waiting_.pop_back();
  }
  ~full_port() {
    for (const auto x : waiting_)
      ::close(x);
    ::close(listener_);
  }
  std::uint16_t port() const { return ntohs(where_.sin_port); }
  void make_room() {
    for (std::size_t i = 0; i < waiting_.size(); ++i)
      ::close(::accept(listener_, nullptr, nullptr));
  }

private:
  sockaddr* address() { return reinterpret_cast<sockaddr*>(&where_); }
  static bool connected(int socket) {
    pollfd x{.fd = socket, .events = POLLOUT, .revents = 0};
    return ::poll(&x, 1, 50) == 1;
  }

  sockaddr_in where_{.sin_family = AF_INET,
                     .sin_port = 0,
                     .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
                     .sin_zero = {}};
  int listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
  std::vector<int> waiting_;
};

}  // namespace

TEST_CASE("inside_link: a host ends while it is being connected, and the connection is made after") {
  full_port lender;
  std::thread opens;
  {
    borrower near{lender.port(), 0};
    std::this_thread::sleep_for(milliseconds{200});  // the attempt is under way
    opens = std::thread{[&] {
      std::this_thread::sleep_for(milliseconds{300});  // the host has begun to end
      lender.make_room();
    }};
  }
  opens.join();
  CHECK(lender.port() != 0);
}
