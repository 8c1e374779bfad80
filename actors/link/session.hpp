#pragma once
// One connection: handshake (session_handshake.cpp), frames (session.cpp). Runs on the endpoint's
// thread. Private to this folder.

#include "actors/link/core.hpp"

#include "protocol/link/credit.hpp"
#include "protocol/link/frame.hpp"

#include <atomic>

namespace datagen::link {

/// Where the credit of delivered messages comes back, from any thread.
class credit_desk {
public:
  credit_desk(std::weak_ptr<core> owner, std::weak_ptr<session> of, std::uint64_t wake_bytes)
      : owner_(std::move(owner)), session_(std::move(of)), wake_bytes_(wake_bytes) {}
  void give_back(std::uint64_t bytes);
  std::uint64_t take() { return returned_.exchange(0); }

private:
  const std::weak_ptr<core> owner_;
  const std::weak_ptr<session> session_;
  const std::uint64_t wake_bytes_;  ///< As much is worth waking the session for.
  std::atomic<std::uint64_t> returned_{0};
};

class session : public std::enable_shared_from_this<session> {
public:
  /// @param expected whom this side dialled; none: it was dialled
  session(std::shared_ptr<core> owner, tcp::socket socket, std::string address,
          std::optional<public_key> expected);

  void start();
  /// The outbox has something again.
  void wake() { write_next(); }
  void credit_back();
  /// Ends for `why`; tells the peer, where it can understand, and counts against it.
  void refuse(refusal why);
  /// Ends without blaming anybody.
  void end(refusal why = refusal::none);
  /// Ends at once, whatever is still to be said.
  void stop();

  const std::optional<public_key>& peer() const { return peer_; }
  const std::optional<public_key>& expected() const { return expected_; }
  const protocol::link::incarnation& life() const { return theirs_.life; }
  const std::string& address() const { return address_; }

private:
  enum class phase : std::uint8_t { tls, upgrade, hello, up, farewell, ended };

  // session_handshake.cpp
  void on_tls(error_code error);
  void upgrade();
  void on_upgrade(error_code error);
  protocol::bytes make_hello() const;
  void send_hello(void (session::*next)());
  void read_hello();
  void on_hello();
  void come_up();
  void too_slow();
  void blame(refusal why);
  bool is_dialler() const { return expected_.has_value(); }

  // session.cpp
  /// Reads a frame into `input_`; error `message_too_big` beyond `bytes_max`.
  void read_frame_bytes(std::size_t bytes_max, void (*next)(session&, error_code));
  void read_next();
  void on_read(error_code error);
  refusal on_frame(const protocol::link::frame_view& x);
  refusal on_message(const protocol::link::frame_view& x, std::uint64_t bytes);
  refusal on_piece(protocol::byte_view body);
  void drop_pieces();
  void write_next();
  bool prepare_control();
  bool prepare_message();
  void write(protocol::link::frame_kind kind, byte_view body);
  void on_written(error_code error);
  void send_farewell();
  void leave(refusal why);
  void close_now();

  const std::shared_ptr<core> core_;
  const std::string address_;
  const std::optional<public_key> expected_;
  web_stream stream_;
  asio::steady_timer timer_;
  phase phase_ = phase::tls;
  bool counted_ = true;  ///< As a handshake.
  std::optional<public_key> peer_;
  protocol::digest channel_;
  protocol::link::hello theirs_;
  std::uint16_t version_ = 0;

  beast::flat_buffer input_;
  protocol::link::frame_count in_, out_;
  protocol::link::credit_granted granted_;
  std::shared_ptr<credit_desk> desk_;
  protocol::bytes pieces_;

  protocol::link::credit_to_spend credit_;
  std::shared_ptr<outbox> outbox_;
  std::optional<protocol::bytes> message_;  ///< Being sent.
  std::size_t sent_ = 0;                    ///< Of `message_`.
  std::uint64_t grant_ = 0;                 ///< To be sent.
  bool writing_ = false;
  refusal farewell_ = refusal::none;  ///< What the peer is told.
  std::array<std::uint8_t, protocol::link::frame_header_bytes> header_{};
  protocol::bytes body_;  ///< Of frames that are no messages.
};

}  // namespace datagen::link
