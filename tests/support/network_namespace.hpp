#pragma once
// A network namespace of its own with one interface, whose packets come out at a TUN device. It has
// no name and leaves nothing behind: it is gone with the last process in it, also after a crash.

#include <boost/asio.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace datagen::test_support {

/// A file descriptor that is closed with its owner.
class descriptor {
public:
  explicit descriptor(int fd = -1) : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  int get() const { return fd_; }

private:
  int fd_;
};

class network_namespace {
public:
  /// @param address of its interface, e.g. "10.77.0.1"; every other address of that /24 is reached
  /// through `tun()`. @throws std::system_error where this machine does not allow it
  explicit network_namespace(const std::string& address) {
    run([&] {
      check(::unshare(CLONE_NEWNET), "a network namespace");
      raise_loopback();
      tun_ = make_interface(address);
    });
  }

  /// Calls `what` inside and waits for it. All calls run on one thread, one after the other;
  /// sockets and processes that it makes live inside.
  template <class What>
  std::invoke_result_t<What> run(What what) {
    using result = std::invoke_result_t<What>;
    return boost::asio::post(thread_, std::packaged_task<result()>{std::move(what)}).get();
  }

  /// One read is a packet from inside, one write a packet to it. Never blocks.
  int tun() const { return tun_.get(); }

  /// Why nobody can make one on this machine; empty where it is possible.
  static std::string obstacle() {
    try {
      network_namespace{"10.77.0.1"};
      return {};
    } catch (const std::system_error& x) {
      return x.what();
    }
  }

private:
  static int check(int result, const char* what) {
    if (result < 0)
      throw std::system_error{errno, std::generic_category(), what};
    return result;
  }
  static ifreq request_for(const char* interface) {
    ifreq result{};
    std::strncpy(result.ifr_name, interface, IFNAMSIZ - 1);
    return result;
  }
  static void raise(const descriptor& control, const char* interface) {
    auto request = request_for(interface);
    request.ifr_flags = IFF_UP;
    check(::ioctl(control.get(), SIOCSIFFLAGS, &request), interface);
  }
  static descriptor make_control() {
    return descriptor{check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "a socket")};
  }
  /// A host reaches its own address over it.
  static void raise_loopback() { raise(make_control(), "lo"); }

  static descriptor make_interface(const std::string& address) {
    constexpr auto name = "wide0";
    descriptor tun{check(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC), "/dev/net/tun")};
    auto request = request_for(name);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    check(::ioctl(tun.get(), TUNSETIFF, &request), "a TUN device");
    const auto control = make_control();
    set_address(control, request_for(name), SIOCSIFADDR, address);
    set_address(control, request_for(name), SIOCSIFNETMASK, "255.255.255.0");
    raise(control, name);
    return tun;
  }
  static void set_address(const descriptor& control, ifreq request, unsigned long what,
                          const std::string& address) {
    sockaddr_in value{.sin_family = AF_INET};
    ::inet_pton(AF_INET, address.c_str(), &value.sin_addr);
    std::memcpy(&request.ifr_addr, &value, sizeof value);
    check(::ioctl(control.get(), what, &request), "an address");
  }

  descriptor tun_;
  boost::asio::thread_pool thread_{1};
};

}  // namespace datagen::test_support
