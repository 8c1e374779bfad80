#include "protocol/crypto/box.hpp"

#include "protocol/codec.hpp"
#include "protocol/crypto/seal.hpp"

#include <cryptopp/donna.h>
#include <cryptopp/hkdf.h>
#include <cryptopp/sha.h>

namespace datagen::protocol {

namespace {

struct message_key {
  seal_key key;
  seal_nonce nonce;
};

/// Both keys are in it, in the order of the message: the way back and other pairs get other keys.
std::optional<message_key> key_of(const std::optional<box_shared>& shared, const box_public& sender,
                                  const box_public& receiver, byte_view context) {
  if (!shared)
    return std::nullopt;
  const auto info =
    encode("datagen/v1/box", sender, receiver, bytes{context.begin(), context.end()});
  const auto raw = hkdf_sha256(shared->view(), {}, info, seal_key::size + seal_nonce::size);
  message_key result;
  std::copy_n(raw.begin(), seal_key::size, result.key.value.begin());
  std::copy_n(raw.begin() + seal_key::size, seal_nonce::size, result.nonce.value.begin());
  return result;
}

}  // namespace

box_key_pair box_key_pair::from_secret(const box_secret& secret) {
  box_key_pair result{secret, {}};
  CryptoPP::Donna::curve25519_mult(result.published.value.data(), secret.value.data());
  return result;
}

std::optional<box_shared> x25519(const box_secret& own, const box_public& other) {
  box_shared result;
  CryptoPP::Donna::curve25519_mult(result.value.data(), own.value.data(), other.value.data());
  // Every scalar is a multiple of 8: zero comes from points of small order alone, and always.
  return result == box_shared{} ? std::nullopt : std::optional{result};
}

bytes hkdf_sha256(byte_view secret, byte_view salt, byte_view info, std::size_t size) {
  bytes result(size);
  CryptoPP::HKDF<CryptoPP::SHA256>{}.DeriveKey(result.data(), size, secret.data(), secret.size(),
                                               salt.data(), salt.size(), info.data(), info.size());
  return result;
}

std::optional<bytes> seal(const box_key_pair& sender, const box_public& receiver, byte_view context,
                          byte_view message) {
  const auto key = key_of(x25519(sender.secret, receiver), sender.published, receiver, context);
  return key ? std::optional{seal(key->key, key->nonce, {}, message)} : std::nullopt;
}

std::optional<bytes> open(const box_key_pair& receiver, const box_public& sender, byte_view context,
                          byte_view sealed) {
  const auto key = key_of(x25519(receiver.secret, sender), sender, receiver.published, context);
  return key ? open(key->key, key->nonce, {}, sealed) : std::nullopt;
}

}  // namespace datagen::protocol
