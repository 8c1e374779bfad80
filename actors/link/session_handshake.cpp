// From a TCP connection to a link: TLS, whose key, WebSocket, hellos. One deadline for all of it.

#include "actors/link/session.hpp"

namespace datagen::link {

using namespace protocol::link;

namespace {

/// The peer, or the network, ended the connection: no bytes of it were wrong.
bool is_gone(const error_code& error) {
  return error == asio::error::eof || error == asio::error::connection_reset ||
         error == asio::error::connection_aborted || error == asio::error::broken_pipe ||
         error == asio::ssl::error::stream_truncated ||
         error == beast::http::error::end_of_stream || error == beast::http::error::partial_message;
}

constexpr const char* path = "/link";
constexpr std::size_t write_buffer_bytes = 64 << 10;  // a dialler's frames are masked through it

}  // namespace

session::session(std::shared_ptr<core> owner, tcp::socket socket, std::string address,
                 std::optional<public_key> expected)
    : core_(std::move(owner)),
      address_(std::move(address)),
      expected_(expected),
      stream_(std::move(socket), core_->tls),
      timer_(core_->context) {}

void session::start() {
  ++core_->counts.handshakes;
  timer_.expires_after(std::chrono::milliseconds(core_->config.handshake_ms));
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error)
      self->too_slow();
  });
  stream_.next_layer().async_handshake(
    is_dialler() ? asio::ssl::stream_base::client : asio::ssl::stream_base::server,
    [self = shared_from_this()](error_code error) { self->on_tls(error); });
}

void session::too_slow() {
  if (phase_ == phase::up)
    return;
  blame(refusal::too_slow);
}

void session::blame(refusal why) {
  if (!is_dialler())  // an address that is dialled is blamed for nothing: it may be somebody else's
    core_->offended(peer_, address_, why);
  end(why);
}

void session::on_tls(error_code error) {
  if (phase_ != phase::tls)
    return;
  if (error)
    return blame(is_gone(error)                ? refusal::hung_up
                 : is_about_certificate(error) ? refusal::bad_certificate
                                               : refusal::not_tls);
  auto* tls = stream_.next_layer().native_handle();
  const auto key = key_of_peer(tls);
  if (!key)
    return blame(refusal::bad_certificate);
  if (is_dialler() && *key != *expected_)
    return end(refusal::wrong_identity);
  if (!core_->owner.knows(*key))
    return blame(refusal::unknown_key);
  peer_ = key;
  if (core_->gate.is_banned(*key, core_->now_ms()))
    return end(refusal::banned);
  channel_ = channel_of(tls);
  upgrade();
}

void session::upgrade() {
  phase_ = phase::upgrade;
  stream_.binary(true);
  stream_.auto_fragment(false);
  stream_.write_buffer_bytes(write_buffer_bytes);
  stream_.secure_prng(false);   // masks hide nothing inside TLS
  stream_.read_message_max(0);  // `read_frame_bytes` bounds it, and can still say so
  auto done = [self = shared_from_this()](error_code error) { self->on_upgrade(error); };
  if (is_dialler())
    stream_.async_handshake(address_, path, std::move(done));
  else
    stream_.async_accept(std::move(done));
}

void session::on_upgrade(error_code error) {
  if (phase_ != phase::upgrade)
    return;
  if (error)
    return blame(is_gone(error) ? refusal::hung_up : refusal::not_websocket);
  phase_ = phase::hello;
  is_dialler() ? send_hello(&session::read_hello) : read_hello();
}

protocol::bytes session::make_hello() const {
  const auto& config = core_->config;
  hello own{.versions = config.versions,
            .genesis = config.genesis,
            .heavy = config.heavy,
            .fast = config.fast,
            .life = config.life,
            .window_bytes = config.window_bytes,
            .frame_bytes_max = config.frame_bytes_max};
  for (const auto& key : config.also) {
    const auto statement =
      identity_statement(config.genesis, channel_, is_dialler() ? end::dialler : end::listener,
                         config.key.identity, key.identity);
    own.also.push_back({key.identity, protocol::sign(key, statement.view())});
  }
  return protocol::encode(own);
}

void session::send_hello(void (session::*next)()) {
  body_ = make_hello();
  header_ = header_of(out_.next(), frame_kind::hello);
  const std::array<asio::const_buffer, 2> data{asio::buffer(header_), asio::buffer(body_)};
  writing_ = true;
  stream_.async_write(data, [self = shared_from_this(), next](error_code error, std::size_t) {
    if (self->phase_ != phase::hello)
      return self->on_written(error);
    self->writing_ = false;
    if (error)
      return self->blame(refusal::hung_up);
    (self.get()->*next)();
  });
}

void session::read_hello() {
  read_frame_bytes(hello_bytes_max, [](session& self, error_code error) {
    if (self.phase_ != phase::hello)
      return;
    if (error == beast::error::timeout || is_gone(error))
      return self.blame(refusal::hung_up);
    error ? self.refuse(refusal::malformed_hello) : self.on_hello();
  });
}

void session::on_hello() {
  const auto data = input_.data();
  const auto frame = read_frame({static_cast<const std::uint8_t*>(data.data()), data.size()});
  if (!frame)
    return refuse(refusal::malformed_hello);
  if (const auto why = in_.take(frame->header.number); why != refusal::none)
    return refuse(why);
  if (frame->header.kind == frame_kind::refuse) {
    const auto why = protocol::decode<refusal>(frame->body);
    if (why)
      ++core_->counts.refused_us[static_cast<std::size_t>(*why)];
    return end();
  }
  auto theirs = frame->header.kind == frame_kind::hello ? protocol::decode<hello>(frame->body)
                                                        : std::optional<hello>{};
  if (!theirs)
    return refuse(refusal::malformed_hello);
  input_.consume(input_.size());
  theirs_ = std::move(*theirs);
  const auto& config = core_->config;
  const hello own{.versions = config.versions,
                  .genesis = config.genesis,
                  .heavy = config.heavy,
                  .fast = config.fast};
  if (const auto why =
        check(own, theirs_, channel_, is_dialler() ? end::listener : end::dialler, *peer_);
      why != refusal::none)
    return refuse(why);
  if (!window_fits(theirs_.window_bytes, theirs_.frame_bytes_max))
    return refuse(refusal::malformed_hello);
  version_ = *agreed_version(own.versions, theirs_.versions);
  if (const auto why = core_->claim(shared_from_this()); why != refusal::none)
    return refuse(why);
  is_dialler() ? come_up() : send_hello(&session::come_up);
}

void session::come_up() {
  const auto& config = core_->config;
  phase_ = phase::up;
  timer_.cancel();
  core_->handshake_over(is_dialler() ? std::string{} : address_);
  counted_ = false;
  ++core_->counts.established;
  ++core_->counts.links;
  websocket::stream_base::timeout limits{};
  limits.handshake_timeout = websocket::stream_base::none();
  limits.idle_timeout = std::chrono::milliseconds(config.idle_ms);
  limits.keep_alive_pings = true;
  stream_.set_option(limits);
  credit_ = credit_to_spend{theirs_.window_bytes};
  granted_ = credit_granted{config.window_bytes};
  desk_ = std::make_shared<credit_desk>(core_->weak_from_this(), weak_from_this(),
                                        config.window_bytes / 4);
  outbox_ = core_->outbox_of(*peer_);
  if (const auto dialled = core_->dialled.find(*peer_); dialled != core_->dialled.end())
    dialled->second.attempt = 0;
  std::vector<public_key> also;
  for (const auto& x : theirs_.also)
    also.push_back(x.key);
  core_->owner.up(*peer_, also, version_);
  read_next();
  write_next();
}

}  // namespace datagen::link
