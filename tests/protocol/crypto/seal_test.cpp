#include "protocol/crypto/seal.hpp"

using namespace datagen::protocol;

namespace {
template <class Fixed>
Fixed from(const std::string& hex) {
  return fixed_from_hex<Fixed>(hex).value();
}
}  // namespace

TEST_CASE("seal: the known answer of RFC 8439, section 2.8.2") {
  const std::string text =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
    "sunscreen would be it.";
  const bytes message(text.begin(), text.end());
  const auto key =
    from<seal_key>("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  const auto nonce = from<seal_nonce>("070000004041424344454647");
  const auto context = from_hex("50515253c0c1c2c3c4c5c6c7").value();
  const auto sealed = seal(key, nonce, context, message);
  CHECK(to_hex(byte_view{sealed}.first(16)) == "d31a8d34648e60db7b86afbc53ef7ec2");
  CHECK(to_hex(byte_view{sealed}.last(16)) == "1ae10b594f09e26a7e902ecbd0600691");
  CHECK(open(key, nonce, context, sealed) == message);
}

TEST_CASE("seal: any changed byte of key, nonce, context or ciphertext opens nothing") {
  seal_key key{{1}};
  seal_nonce nonce{{2}};
  bytes context = {3}, message = {4, 5, 6};
  auto sealed = seal(key, nonce, context, message);
  for (auto& b : sealed) {
    b ^= 1;
    CHECK_FALSE(open(key, nonce, context, sealed));
    b ^= 1;
  }
  CHECK(open(key, nonce, context, sealed) == message);
  CHECK_FALSE(open({{9}}, nonce, context, sealed));
  CHECK_FALSE(open(key, {{9}}, context, sealed));
  CHECK_FALSE(open(key, nonce, bytes{9}, sealed));
  CHECK_FALSE(open(key, nonce, context, byte_view{sealed}.first(15)));
  CHECK(open(key, nonce, {}, seal(key, nonce, {}, {})) == bytes{});
}

TEST_CASE("seal: Argon2id gives what libsodium gives") {
  // libsodium 1.0.18, crypto_pwhash_argon2id: 2 passes, 256 KiB, "password", "somesaltsomesalt".
  const std::string salt_text = "somesaltsomesalt";
  seal_salt salt;
  std::copy(salt_text.begin(), salt_text.end(), salt.value.begin());
  const auto key = key_from_passphrase("password", salt, {.memory_kib = 256, .passes = 2});
  REQUIRE(key);
  CHECK(to_hex(*key) == "cab746b4621993fdc91ec50787980b414a90a692f0bc68dfe19f9c25b3cba9ec");
  CHECK(key_from_passphrase("passwore", salt, {256, 2}) != key);
  CHECK(key_from_passphrase("password", {}, {256, 2}) != key);
  CHECK(key_from_passphrase("password", salt, {256, 3}) != key);
  CHECK(key_from_passphrase("password", salt, {512, 2}) != key);
}

TEST_CASE("seal: a cost out of range is refused before it takes memory") {
  CHECK_FALSE(key_from_passphrase("x", {}, {.memory_kib = 7, .passes = 1}));
  CHECK_FALSE(key_from_passphrase("x", {}, {.memory_kib = 64, .passes = 0}));
  CHECK_FALSE(key_from_passphrase("x", {}, {.memory_kib = 1'048'577, .passes = 1}));
  CHECK_FALSE(key_from_passphrase("x", {}, {.memory_kib = 64, .passes = 17}));
}
