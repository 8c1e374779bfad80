#pragma once
// A user-space relay between hosts on the loopback interface: TCP connections pass through it with
// a delay that can be changed, and freeze or break on command. One thread serves all relays.

#include <boost/asio.hpp>

#include <atomic>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

namespace datagen::test_support {

namespace asio = boost::asio;
using asio::ip::tcp;

/// What two hosts have between them.
struct wire {
  std::atomic<std::uint32_t> delay_ms{0};  ///< One way.
  std::atomic<bool> frozen{false};         ///< Bytes wait, nobody is told: a black hole.
};

class relays {
public:
  relays() : thread_([this] { context_.run(); }) {}
  ~relays() {
    asio::post(context_, [this] {
      for (const auto& x : listeners_)
        x->close();
      for (const auto& x : streams_)
        x->close();
    });
    work_.reset();
    thread_.join();
  }

  /// Listens on `port` and passes everything to `target` over `over`.
  void add(std::uint16_t port, std::uint16_t target, std::shared_ptr<wire> over) {
    auto listener = std::make_shared<tcp::acceptor>(
      context_, tcp::endpoint{asio::ip::address_v4::loopback(), port});
    asio::post(context_, [this, listener, target, over = std::move(over)] {
      listeners_.push_back(listener);
      accept(listener, target, over);
    });
  }
  /// Ends every connection over `over`, as when a cable was pulled and both ends noticed.
  void reset(const std::shared_ptr<wire>& over) {
    asio::post(context_, [this, over] {
      const auto all = streams_;
      for (const auto& x : all)
        if (x->over == over)
          x->close();
    });
  }

private:
  using clock = std::chrono::steady_clock;

  /// One direction of a connection.
  struct pipe {
    pipe(std::shared_ptr<tcp::socket> a, std::shared_ptr<tcp::socket> b, asio::io_context& context)
        : from(std::move(a)), to(std::move(b)), timer(context) {}
    std::shared_ptr<tcp::socket> from, to;
    asio::steady_timer timer;
    std::array<char, 16'384> room;
    std::deque<std::pair<clock::time_point, std::string>> waiting;
    bool sending = false;
  };
  struct stream {
    std::shared_ptr<wire> over;
    std::shared_ptr<pipe> there, back;
    void close() {
      boost::system::error_code ignored;
      for (const auto& x : {there, back}) {
        // A process that was started meanwhile may hold the descriptor too: closing is not enough.
        x->from->shutdown(tcp::socket::shutdown_both, ignored);
        x->from->close(ignored);
        x->timer.cancel();
      }
    }
  };

  void accept(const std::shared_ptr<tcp::acceptor>& listener, std::uint16_t target,
              const std::shared_ptr<wire>& over) {
    listener->async_accept([=, this](boost::system::error_code error, tcp::socket socket) {
      if (error)
        return;
      const auto near = std::make_shared<tcp::socket>(std::move(socket));
      const auto far = std::make_shared<tcp::socket>(context_);
      far->async_connect({asio::ip::address_v4::loopback(), target},
                         [=, this](boost::system::error_code refused) {
                           if (!refused)
                             begin(near, far, over);
                         });
      accept(listener, target, over);
    });
  }
  void begin(const std::shared_ptr<tcp::socket>& near, const std::shared_ptr<tcp::socket>& far,
             const std::shared_ptr<wire>& over) {
    near->set_option(tcp::no_delay{true});
    far->set_option(tcp::no_delay{true});
    const auto x =
      std::make_shared<stream>(stream{over, std::make_shared<pipe>(near, far, context_),
                                      std::make_shared<pipe>(far, near, context_)});
    streams_.insert(x);
    read(x, x->there);
    read(x, x->back);
  }
  void read(const std::shared_ptr<stream>& x, const std::shared_ptr<pipe>& p) {
    p->from->async_read_some(
      asio::buffer(p->room), [=, this](boost::system::error_code error, std::size_t bytes) {
        if (error) {
          x->close();
          streams_.erase(x);
          return;
        }
        const auto due = clock::now() + std::chrono::milliseconds{x->over->delay_ms.load()};
        p->waiting.emplace_back(due, std::string{p->room.data(), bytes});
        send(x, p);
        read(x, p);
      });
  }
  void send(const std::shared_ptr<stream>& x, const std::shared_ptr<pipe>& p) {
    if (p->sending || p->waiting.empty())
      return;
    p->sending = true;
    const auto frozen_look = clock::now() + std::chrono::milliseconds{20};
    p->timer.expires_at(x->over->frozen ? std::max(frozen_look, p->waiting.front().first)
                                        : p->waiting.front().first);
    p->timer.async_wait([=, this](boost::system::error_code cancelled) {
      if (cancelled)
        return;
      if (x->over->frozen) {
        p->sending = false;
        return send(x, p);
      }
      asio::async_write(*p->to, asio::buffer(p->waiting.front().second),
                        [=, this](boost::system::error_code error, std::size_t) {
                          if (error)
                            return;  // the other direction reads the same error
                          p->waiting.pop_front();
                          p->sending = false;
                          send(x, p);
                        });
    });
  }

  asio::io_context context_{1};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_{
    asio::make_work_guard(context_)};
  std::list<std::shared_ptr<tcp::acceptor>> listeners_;
  std::set<std::shared_ptr<stream>> streams_;
  std::thread thread_;
};

}  // namespace datagen::test_support
