// Hostile bytes against a live endpoint that serves an honest peer all the while.

#include "tests/actors/link/intruder.hpp"

#include <openssl/rsa.h>

#include <fstream>

using namespace datagen;
using namespace datagen::link;
using namespace datagen::link::tests;

namespace {

endpoint_config patient() {
  auto x = config_of(2);
  x.standing.ban_points = 1'000'000;  // so that one intruder may try everything
  x.handshake_ms = 300;
  x.farewell_ms = 200;
  x.frame_bytes_max = 100'000;
  x.window_bytes = 400'000;
  return x;
}

/// An endpoint, and an honest peer that asks it things and counts the answers.
class siege {
public:
  explicit siege(const endpoint_config& config = patient()) : server(config), honest_{1} {
    server.ear.answer = [this](const public_key& from, byte_view data) {
      if (from == honest_.key.identity)
        server.end.send(from, bytes(data.begin(), data.end()));
    };
    honest_.dial(server);
    talk(10);
  }
  /// The honest peer asks and is answered; @returns the slowest answer, milliseconds
  std::uint64_t talk(std::uint32_t times) {
    std::uint64_t slowest = 0;
    for (std::uint32_t i = 0; i < times; ++i) {
      const auto start = std::chrono::steady_clock::now();
      honest_.say(server, numbered(asked_));
      REQUIRE(honest_.ear.hears(++asked_));
      const auto took = std::chrono::steady_clock::now() - start;
      slowest = std::max<std::uint64_t>(
        slowest, std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
    }
    return slowest;
  }
  /// @returns whether `why` is counted `times`, and the honest peer is served on its first link
  bool counts(refusal why, std::uint64_t times = 1) {
    const bool counted = soon([&] { return server.refused(why) >= times; });
    talk(10);
    CHECK(honest_.end.counts().established == 1);
    CHECK(honest_.end.counts().links == 1);
    return counted && server.refused(why) == times;
  }

  party server;

private:
  party honest_;
  std::uint32_t asked_ = 0;
};

std::size_t resident_bytes() {
  std::size_t pages = 0;
  std::ifstream in{"/proc/self/statm"};
  in >> pages >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

bytes noise(std::size_t size, std::uint32_t seed) {
  std::mt19937 dice{seed};
  bytes result(size);
  for (auto& x : result)
    x = static_cast<std::uint8_t>(dice());
  return result;
}

/// TLS 1.3 as anybody has it, with an RSA certificate or none.
asio::ssl::context stranger_context(bool with_certificate) {
  asio::ssl::context result{asio::ssl::context::tls_client};
  if (!with_certificate)
    return result;
  auto* key = EVP_RSA_gen(2048);
  auto* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3'600);
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  SSL_CTX_use_certificate(result.native_handle(), certificate);
  SSL_CTX_use_PrivateKey(result.native_handle(), key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return result;
}

}  // namespace

TEST_CASE("hostile: garbage instead of TLS is refused as such, of whatever length") {
  siege x;
  std::uint64_t times = 0;
  for (const std::size_t size : {5, 100, 20'000, 300'000}) {
    intruder mallory{x.server};
    mallory.raw(noise(size, static_cast<std::uint32_t>(size)));
    mallory.gone();
    CHECK(x.counts(refusal::not_tls, ++times));
  }
  intruder plain{x.server};
  plain.raw(
    bytes{'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P', '/', '1', '.', '1', '\r', '\n'});
  plain.gone();
  CHECK(x.counts(refusal::not_tls, ++times));
}

TEST_CASE("hostile: TLS 1.2 is not spoken") {
  siege x;
  asio::ssl::context old{asio::ssl::context::tlsv12_client};
  intruder mallory{x.server, std::move(old)};
  CHECK(!mallory.shake());
  CHECK(x.counts(refusal::not_tls));
}

TEST_CASE("hostile: no certificate, or one with another kind of key, is refused as such") {
  siege x;
  {
    intruder nobody{x.server, stranger_context(false)};
    nobody.shake();
    nobody.gone();
  }
  CHECK(x.counts(refusal::bad_certificate, 1));
  {
    intruder other{x.server, stranger_context(true)};
    other.shake();
    other.gone();
  }
  CHECK(x.counts(refusal::bad_certificate, 2));
}

TEST_CASE(
  "hostile: valid TLS with a key that nobody registered is refused before it can say more") {
  siege x;
  intruder mallory{x.server, key_of(99)};
  CHECK(mallory.shake());  // a TLS 1.3 client is done before its certificate is read
  CHECK(!mallory.upgrade());
  CHECK(x.counts(refusal::unknown_key));
}

TEST_CASE("hostile: a registered key's certificate without its secret proves nothing") {
  siege x;
  // The certificate of key 4, and a signature of key 3.
  auto stolen = make_context(key_of(4));
  auto* certificate = SSL_CTX_get0_certificate(stolen.native_handle());
  X509_up_ref(certificate);
  auto mine = make_context(key_of(3));
  SSL_CTX_set_cert_cb(
    mine.native_handle(),
    [](SSL* tls, void* other) {
      SSL_use_certificate(tls, static_cast<X509*>(other));
      return 1;
    },
    certificate);
  intruder mallory{x.server, std::move(mine)};
  mallory.shake();
  mallory.gone();
  X509_free(certificate);
  CHECK(x.server.end.counts().established == 1);
  CHECK(x.server.refused(refusal::bad_certificate) + x.server.refused(refusal::hung_up) +
          x.server.refused(refusal::not_tls) ==
        1);
}

TEST_CASE("hostile: whoever is slow at any step of the handshake is cut off at one deadline") {
  siege x;
  std::vector<std::unique_ptr<intruder>> slow;
  for (int step = 0; step < 4; ++step) {
    slow.push_back(
      std::make_unique<intruder>(x.server, key_of(static_cast<std::uint8_t>(3 + step))));
    if (step > 0)
      REQUIRE(slow.back()->shake());
    if (step == 2)
      slow.back()->inside("GET /link HTTP/1.1\r\nHost: ");
    if (step == 3)
      REQUIRE(slow.back()->upgrade());
  }
  const auto start = std::chrono::steady_clock::now();
  for (auto& mallory : slow)
    mallory->gone();
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});
  CHECK(x.counts(refusal::too_slow, 4));
  CHECK(x.server.end.counts().handshakes == 0);
}

TEST_CASE("hostile: what is no WebSocket inside TLS is refused as such") {
  siege x;
  intruder mallory{x.server};
  REQUIRE(mallory.shake());
  mallory.inside("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  mallory.gone();
  CHECK(x.counts(refusal::not_websocket, 1));
  intruder wordy{x.server};
  REQUIRE(wordy.shake());
  wordy.inside("GET /link HTTP/1.1\r\nX: " + std::string(100'000, 'x'));
  wordy.gone();
  CHECK(x.counts(refusal::not_websocket, 2));
}

TEST_CASE("hostile: a first frame that is no hello, or a long one, is refused as such") {
  siege x;
  std::uint64_t times = 0;
  const auto first = [&](const bytes& data) {
    intruder mallory{x.server};
    REQUIRE(mallory.shake());
    REQUIRE(mallory.upgrade());
    mallory.message(data);
    CHECK(mallory.farewell() == refusal::malformed_hello);
    CHECK(x.counts(refusal::malformed_hello, ++times));
  };
  first({});
  first(noise(100, 1));
  auto cut = protocol::encode(intruder{x.server}.greeting());
  cut.pop_back();
  const auto header = protocol::link::header_of(0, frame_kind::hello);
  cut.insert(cut.begin(), header.begin(), header.end());
  first(cut);
  first(bytes(header.begin(), header.end()));
  first(bytes(50'000, 0));
}

TEST_CASE("hostile: a hello captured on one channel, or reflected, proves no identity on another") {
  siege x;
  const auto prove = [&](const protocol::digest& channel, protocol::link::end speaker) {
    intruder mallory{x.server};
    REQUIRE(mallory.shake());
    auto greeting = mallory.greeting();
    const auto own = channel_of(mallory.tls());
    const auto statement = protocol::link::identity_statement(
      greeting.genesis, channel == protocol::digest{} ? own : channel, speaker, key_of(3).identity,
      key_of(7).identity);
    greeting.also = {{key_of(7).identity, protocol::sign(key_of(7), statement.view())}};
    REQUIRE(mallory.upgrade());
    mallory.frame(0, frame_kind::hello, protocol::encode(greeting));
    return mallory.farewell();
  };
  CHECK(prove(protocol::hash("captured"), protocol::link::end::dialler) == refusal::bad_proof);
  CHECK(prove({}, protocol::link::end::listener) == refusal::bad_proof);
  CHECK(x.counts(refusal::bad_proof, 2));
}

TEST_CASE("hostile: a replayed or a reordered frame ends the link and is heard once at most") {
  siege x;
  intruder mallory{x.server};
  mallory.link();
  mallory.frame(1, frame_kind::message, numbered(0xabcd));
  mallory.frame(1, frame_kind::message, numbered(0xabcd));
  CHECK(mallory.farewell() == refusal::replayed_frame);
  CHECK(x.counts(refusal::replayed_frame));
  intruder hasty{x.server};
  hasty.link();
  hasty.frame(2, frame_kind::message, numbered(0xef01));
  CHECK(hasty.farewell() == refusal::reordered_frame);
  CHECK(x.counts(refusal::reordered_frame));
  const auto heard = x.server.ear.heard();
  CHECK(std::count(heard.begin(), heard.end(), numbered(0xabcd)) == 1);
  CHECK(std::count(heard.begin(), heard.end(), numbered(0xef01)) == 0);
}

TEST_CASE("hostile: truncated, unknown, text and second hello frames are malformed") {
  siege x;
  std::uint64_t times = 0;
  const auto sends = [&](const auto& what) {
    intruder mallory{x.server};
    mallory.link();
    what(mallory);
    CHECK(mallory.farewell() == refusal::malformed_frame);
    CHECK(x.counts(refusal::malformed_frame, ++times));
  };
  sends([](intruder& m) { m.message({}); });
  sends([](intruder& m) { m.message({0, 0, 0, 0, 0, 0, 0, 1}); });
  sends([](intruder& m) { m.message({0, 0, 0, 0, 0, 0, 0, 1, 0x77, 1}); });
  sends([](intruder& m) { m.frame(1, frame_kind::hello, protocol::encode(m.greeting())); });
  sends([](intruder& m) { m.frame(1, frame_kind::records, {}); });
  sends([](intruder& m) { m.frame(1, frame_kind::credit, {1, 2, 3}); });
  sends([](intruder& m) { m.frame(1, frame_kind::refuse, {0xff}); });
  sends([](intruder& m) {
    m.stream().text(true);
    m.message({0, 0, 0, 0, 0, 0, 0, 1, 2, 'a'});
  });
}

TEST_CASE("hostile: a frame beyond the largest is refused before it is read") {
  siege x;
  intruder mallory{x.server};
  mallory.link();
  mallory.frame(1, frame_kind::message, bytes(100'001 - protocol::link::frame_header_bytes));
  CHECK(mallory.farewell() == refusal::frame_too_large);
  CHECK(x.counts(refusal::frame_too_large));
}

TEST_CASE("hostile: more than was granted, and grants that nobody owes, end the link") {
  siege x;
  x.server.ear.keeps_credit = true;
  {
    intruder greedy{x.server};
    greedy.link();
    for (std::uint64_t i = 1; i <= 5; ++i)  // the window holds four of these
      greedy.frame(i, frame_kind::message, bytes(90'000, 1));
    CHECK(greedy.farewell() == refusal::over_credit);
    CHECK(x.server.refused(refusal::over_credit) == 1);
  }
  x.server.ear.keeps_credit = false;
  x.server.ear.give_back();
  for (const std::uint64_t grant : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
    intruder giver{x.server};
    giver.link();
    giver.frame(1, frame_kind::credit, protocol::encode(grant));
    CHECK(giver.farewell() == refusal::bad_credit);
  }
  CHECK(x.counts(refusal::bad_credit, 3));
}

TEST_CASE("hostile: pieces without end are cut off, of one peer and of all together") {
  auto config = patient();
  config.message_bytes_max = 1'000'000;
  config.assembly_bytes_max = 1'500'000;
  siege x{config};
  const auto pour = [](intruder& m, std::size_t pieces) {
    for (std::uint64_t i = 1; i <= pieces; ++i)
      m.frame(i, frame_kind::piece, bytes(50'000, 1));
  };
  intruder endless{x.server, key_of(3)};
  endless.link();
  pour(endless, 21);
  CHECK(endless.farewell() == refusal::message_too_large);
  CHECK(x.counts(refusal::message_too_large));
  intruder first{x.server, key_of(4)}, second{x.server, key_of(5)};
  first.link();
  pour(first, 18);
  REQUIRE(soon([&] { return x.server.end.counts().assembly_bytes == 900'000; }));
  second.link();
  pour(second, 13);
  CHECK(second.farewell() == refusal::no_room);
  CHECK(x.counts(refusal::no_room));
  CHECK(x.server.end.counts().assembly_bytes == 900'000);
}

TEST_CASE("hostile: a peer that falls silent and answers no ping is let go") {
  auto config = patient();
  config.idle_ms = 400;
  siege x{config};
  intruder silent{x.server};
  silent.link();
  for (int i = 0; i < 15; ++i) {
    x.talk(1);
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  CHECK(x.counts(refusal::idle));
}

TEST_CASE("hostile: whoever takes nothing costs one outbox, the oldest dropped") {
  auto config = patient();
  config.outbox_bytes_max = 1'000'000;
  siege x{config};
  intruder deaf{x.server};
  deaf.link();
  for (std::uint32_t i = 0; i < 20'000; ++i)
    x.server.end.send(key_of(3).identity, numbered(i, 1'000));
  CHECK(x.server.end.counts().dropped > 5'000);
  x.talk(10);
}

TEST_CASE("hostile: a flood of connections leaves room for others and memory as it was") {
  auto config = patient();
  config.handshakes_max = 20;
  config.handshakes_per_address_max = 12;
  siege x{config};
  const auto before = resident_bytes();
  std::uint64_t slowest = 0;
  for (int wave = 0; wave < 5; ++wave) {
    asio::io_context context;
    std::vector<std::unique_ptr<tcp::socket>> flood;
    for (int i = 0; i < 200; ++i) {
      flood.push_back(std::make_unique<tcp::socket>(context));
      flood.back()->connect({asio::ip::make_address("127.0.0.1"), x.server.end.port()});
      error_code ignored;
      asio::write(*flood.back(), asio::buffer("\x16\x03\x01\x02", 4), ignored);
    }
    slowest = std::max(slowest, x.talk(50));
    CHECK(x.server.end.counts().handshakes <= 12);
  }
  CHECK(x.server.refused(refusal::address_handshakes_full) >= 5 * (200 - 2 * 12));
  CHECK(soon([&] { return x.server.end.counts().handshakes == 0; }));
  CHECK(slowest < 1'000);
  CHECK(resident_bytes() < before + (std::size_t{64} << 20));
  party late{4};  // and a newcomer gets in
  late.dial(x.server);
  CHECK(late.ear.links(1));
}

TEST_CASE("hostile: random frames on a live link never do more than end it") {
  siege x;
  std::mt19937 dice{29};
  for (std::uint32_t round = 0; round < 200; ++round) {
    intruder mallory{x.server, key_of(static_cast<std::uint8_t>(3 + round % 5))};
    mallory.link();
    for (std::uint64_t i = 1; i < 1 + dice() % 6; ++i)
      mallory.frame(dice() % 8 == 0 ? dice() : i, static_cast<frame_kind>(dice() % 7),
                    noise(dice() % 64, dice()));
  }
  x.talk(10);
  CHECK(soon([&] { return x.server.end.counts().links == 1; }));
}
