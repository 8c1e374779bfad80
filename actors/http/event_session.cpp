// One WebSocket reader of events. Readers send nothing but control frames.

#include "actors/http/server_core.hpp"

namespace datagen::http {

namespace {

namespace websocket = beast::websocket;

constexpr std::size_t message_bytes_max = 4096;  // of what a reader may send

class event_session : public connection,
                      public event_reader,
                      public std::enable_shared_from_this<event_session> {
public:
  event_session(shared_ticket pass, tcp::socket socket, subscription wanted)
      : pass_(std::move(pass)),
        socket_(std::move(socket)),
        queue_(std::move(wanted), pass_->core().config.event_queue_max) {}

  void start(const beast_request& upgrade) {
    websocket::stream_base::timeout limits{};
    limits.handshake_timeout = std::chrono::seconds(5);
    limits.idle_timeout = std::chrono::milliseconds(pass_->core().config.idle_timeout_ms);
    limits.keep_alive_pings = true;
    socket_.set_option(limits);
    socket_.read_message_max(message_bytes_max);
    socket_.async_accept(upgrade, [self = shared_from_this()](error_code error) {
      if (!error)
        self->accepted();
    });
  }

  event_queue& queue() override { return queue_; }

  void wake() override {
    pass_->core().post(socket_.get_executor(), [weak = weak_from_this()] {
      if (const auto self = weak.lock())
        self->write_next();
    });
  }

  void close(bool now) override {
    pass_->core().post(socket_.get_executor(), [weak = weak_from_this(), now] {
      if (const auto self = weak.lock())
        self->end(now, websocket::close_code::going_away);
    });
  }

private:
  void accepted() {
    open_ = true;
    read_next();
    pass_->core().config.events->add(shared_from_this());
  }

  void read_next() {
    socket_.async_read(input_, [self = shared_from_this()](error_code error, std::size_t) {
      if (!error)
        return self->end(false, websocket::close_code::policy_error);
      self->open_ = false;  // the peer left, or fell silent
      self->end(true, websocket::close_code::none);
    });
  }

  void write_next() {
    if (!open_ || writing_)
      return;
    auto next = queue_.pop();
    if (!next)
      return;
    writing_ = true;
    output_ = std::move(*next);
    socket_.text(true);
    socket_.async_write(asio::buffer(output_),
                        [self = shared_from_this()](error_code error, std::size_t) {
                          self->writing_ = false;
                          error ? self->end(true, websocket::close_code::none) : self->write_next();
                        });
  }

  void end(bool now, websocket::close_code code) {
    if (open_ && !now) {
      open_ = false;
      return socket_.async_close(code, [self = shared_from_this()](error_code) {
        self->end(true, websocket::close_code::none);
      });
    }
    if (!now)
      return;
    open_ = false;
    error_code ignored;
    socket_.next_layer().close(ignored);
  }

  const shared_ticket pass_;  // first: given back last
  websocket::stream<tcp::socket> socket_;
  event_queue queue_;
  beast::flat_buffer input_{message_bytes_max};
  std::string output_;
  bool open_ = false;  ///< Accepted, and not closing.
  bool writing_ = false;
};

}  // namespace

void start_event_session(shared_ticket pass, tcp::socket socket, const beast_request& upgrade,
                         subscription wanted) {
  auto& core = pass->core();
  auto reader =
    std::make_shared<event_session>(std::move(pass), std::move(socket), std::move(wanted));
  if (core.add(reader))
    reader->start(upgrade);
}

}  // namespace datagen::http
