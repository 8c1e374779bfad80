#include "protocol/crypto/hash.hpp"

#include <cryptopp/hmac.h>
#include <cryptopp/sha.h>

namespace datagen::protocol {

digest sha256(byte_view data) {
  digest result;
  CryptoPP::SHA256{}.CalculateDigest(result.value.data(), data.data(), data.size());
  return result;
}

struct sha256_stream::state {
  CryptoPP::SHA256 hash;
};

sha256_stream::sha256_stream() : state_(std::make_unique<state>()) {}
sha256_stream::~sha256_stream() = default;
sha256_stream::sha256_stream(sha256_stream&&) noexcept = default;
sha256_stream& sha256_stream::operator=(sha256_stream&&) noexcept = default;

void sha256_stream::update(byte_view data) { state_->hash.Update(data.data(), data.size()); }

digest sha256_stream::finish() {
  digest result;
  state_->hash.Final(result.value.data());
  return result;
}

digest hmac(byte_view key, byte_view message) {
  digest result;
  CryptoPP::HMAC<CryptoPP::SHA256>{key.data(), key.size()}.CalculateDigest(
    result.value.data(), message.data(), message.size());
  return result;
}

}  // namespace datagen::protocol
