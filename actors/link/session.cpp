// A link that is up: frames in, frames out, and how it ends.

#include "actors/link/session.hpp"

namespace datagen::link {

using namespace protocol::link;

void credit_desk::give_back(std::uint64_t bytes) {
  const auto before = returned_.fetch_add(bytes);
  if (before >= wake_bytes_ || before + bytes < wake_bytes_)
    return;
  // Whoever crosses the line wakes the session; `take` brings the count below it again.
  if (const auto owner = owner_.lock()) {
    std::lock_guard lock{owner->mutex};
    if (owner->running)
      asio::post(owner->context, [of = session_] {
        if (const auto self = of.lock())
          self->credit_back();
      });
  }
}

void session::credit_back() {
  if (phase_ != phase::up)
    return;
  if (const auto bytes = desk_->take())
    grant_ += granted_.consumed(bytes);
  write_next();
}

void session::read_frame_bytes(std::size_t bytes_max, void (*next)(session&, error_code)) {
  const auto room = bytes_max + 1 - input_.size();  // one byte too much is enough to know
  stream_.async_read_some(
    input_, room, [self = shared_from_this(), bytes_max, next](error_code error, std::size_t) {
      if (error)
        return next(*self, error);
      if (self->input_.size() > bytes_max)
        return next(*self, websocket::error::message_too_big);
      if (!self->stream_.is_message_done())
        return self->read_frame_bytes(bytes_max, next);
      next(*self, {});
    });
}

void session::read_next() {
  read_frame_bytes(core_->config.frame_bytes_max,
                   [](session& self, error_code error) { self.on_read(error); });
}

void session::on_read(error_code error) {
  if (phase_ != phase::up)
    return;
  if (error == websocket::error::message_too_big)
    return refuse(refusal::frame_too_large);
  if (error == beast::error::timeout)
    return end(refusal::idle);
  if (error &&
      error.category() == websocket::make_error_code(websocket::error::closed).category() &&
      error != websocket::error::closed)
    return refuse(refusal::malformed_frame);
  if (error)
    return end();
  const auto data = input_.data();
  const auto frame = read_frame({static_cast<const std::uint8_t*>(data.data()), data.size()});
  core_->counts.bytes_in += data.size();
  const auto why = frame && stream_.got_binary() ? on_frame(*frame) : refusal::malformed_frame;
  input_.consume(input_.size());
  if (phase_ != phase::up)
    return;
  if (why != refusal::none)
    return refuse(why);
  read_next();
}

refusal session::on_frame(const frame_view& x) {
  if (const auto why = in_.take(x.header.number); why != refusal::none)
    return why;
  const auto bytes = frame_header_bytes + x.body.size();
  if (costs_credit(x.header.kind) && !granted_.received(bytes))
    return refusal::over_credit;
  switch (x.header.kind) {
    case frame_kind::message:
      return on_message(x, bytes);
    case frame_kind::piece: {
      const auto why = on_piece(x.body);
      desk_->give_back(bytes);  // what it takes up now is bounded by itself
      return why;
    }
    case frame_kind::credit: {
      const auto bytes_more = protocol::decode<std::uint64_t>(x.body);
      if (!bytes_more)
        return refusal::malformed_frame;
      if (!credit_.granted(*bytes_more))
        return refusal::bad_credit;
      write_next();
      return refusal::none;
    }
    case frame_kind::refuse: {
      const auto why = protocol::decode<refusal>(x.body);
      if (!why)
        return refusal::malformed_frame;
      ++core_->counts.refused_us[static_cast<std::size_t>(*why)];
      end();
      return refusal::none;
    }
    default:
      return refusal::malformed_frame;  // a second hello; records: not spoken in version 1
  }
}

refusal session::on_message(const frame_view& x, std::uint64_t bytes) {
  const held_credit credit{desk_.get(),
                           [desk = desk_, bytes](const void*) { desk->give_back(bytes); }};
  ++core_->counts.messages_in;
  if (pieces_.empty())
    return core_->owner.received(*peer_, x.body, credit);
  if (const auto why = on_piece(x.body); why != refusal::none)
    return why;
  const auto result = core_->owner.received(*peer_, pieces_, credit);
  drop_pieces();
  return result;
}

refusal session::on_piece(byte_view body) {
  if (pieces_.size() + body.size() > core_->config.message_bytes_max)
    return refusal::message_too_large;
  if (core_->counts.assembly_bytes + body.size() > core_->config.assembly_bytes_max)
    return refusal::no_room;
  pieces_.insert(pieces_.end(), body.begin(), body.end());
  core_->counts.assembly_bytes += body.size();
  return refusal::none;
}

void session::drop_pieces() {
  core_->counts.assembly_bytes -= pieces_.size();
  pieces_ = {};
}

void session::write_next() {
  if (phase_ != phase::up || writing_)
    return;
  if (!prepare_control())
    prepare_message();
}

bool session::prepare_control() {
  if (grant_ == 0)
    return false;
  body_ = protocol::encode(std::exchange(grant_, 0));
  write(frame_kind::credit, body_);
  return true;
}

bool session::prepare_message() {
  if (!message_) {
    message_ = outbox_->pop();
    sent_ = 0;
  }
  if (!message_)
    return false;
  const auto body_max = theirs_.frame_bytes_max - frame_header_bytes;
  const auto left = message_->size() - sent_;
  const auto size = std::min<std::size_t>(left, body_max);
  if (!credit_.covers(frame_header_bytes + size))
    return false;
  credit_.spend(frame_header_bytes + size);
  const auto body = byte_view{*message_}.subspan(sent_, size);
  sent_ += size;
  write(size == left ? frame_kind::message : frame_kind::piece, body);
  return true;
}

void session::write(frame_kind kind, byte_view body) {
  writing_ = true;
  header_ = header_of(out_.next(), kind);
  core_->counts.bytes_out += frame_header_bytes + body.size();
  const std::array<asio::const_buffer, 2> data{asio::buffer(header_),
                                               asio::buffer(body.data(), body.size())};
  stream_.async_write(
    data, [self = shared_from_this()](error_code error, std::size_t) { self->on_written(error); });
}

void session::on_written(error_code error) {
  writing_ = false;
  if (phase_ == phase::farewell)
    return error ? close_now() : send_farewell();
  if (phase_ != phase::up)
    return;
  if (error)
    return end();
  if (message_ && sent_ == message_->size()) {
    message_.reset();
    ++core_->counts.messages_out;
  }
  write_next();
}

void session::refuse(refusal why) {
  if (phase_ == phase::ended || phase_ == phase::farewell)
    return;
  core_->offended(peer_, address_, why);
  leave(why);
  if (phase_ != phase::up && phase_ != phase::hello)
    return close_now();
  phase_ = phase::farewell;
  farewell_ = why;
  timer_.expires_after(std::chrono::milliseconds(core_->config.farewell_ms));
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error)
      self->close_now();
  });
  if (!writing_)
    send_farewell();
}

void session::send_farewell() {
  body_ = protocol::encode(farewell_);
  header_ = header_of(out_.next(), frame_kind::refuse);
  const std::array<asio::const_buffer, 2> data{asio::buffer(header_), asio::buffer(body_)};
  stream_.async_write(data, [self = shared_from_this()](error_code error, std::size_t) {
    if (error || self->phase_ != phase::farewell)
      return self->close_now();
    self->stream_.async_close(websocket::close_code::policy_error,
                              [self](error_code) { self->close_now(); });
  });
}

void session::end(refusal why) {
  if (phase_ == phase::ended || phase_ == phase::farewell)
    return;
  leave(why);
  close_now();
}

void session::stop() {
  end();
  close_now();
}

void session::leave(refusal why) {
  const bool was_up = phase_ == phase::up;
  if (why != refusal::none)
    core_->count(why);
  else if (was_up)
    ++core_->counts.broken;
  if (counted_)
    core_->handshake_over(is_dialler() ? std::string{} : address_);
  counted_ = false;
  drop_pieces();
  core_->ended(*this, why, was_up);
}

void session::close_now() {
  if (phase_ == phase::ended)
    return;
  phase_ = phase::ended;
  timer_.cancel();
  error_code ignored;
  stream_.next_layer().next_layer().close(ignored);
  core_->sessions.erase(shared_from_this());
}

}  // namespace datagen::link
