#include "protocol/crypto/seal.hpp"

#include <argon2.h>
#include <cryptopp/chachapoly.h>

namespace datagen::protocol {

bytes seal(const seal_key& key, const seal_nonce& nonce, byte_view context, byte_view message) {
  bytes result(message.size() + seal_tag_bytes);
  CryptoPP::ChaCha20Poly1305::Encryption cipher;
  cipher.SetKeyWithIV(key.value.data(), key.size, nonce.value.data(), nonce.size);
  cipher.EncryptAndAuthenticate(result.data(), result.data() + message.size(), seal_tag_bytes,
                                nonce.value.data(), static_cast<int>(nonce.size), context.data(),
                                context.size(), message.data(), message.size());
  return result;
}

std::optional<bytes> open(const seal_key& key, const seal_nonce& nonce, byte_view context,
                          byte_view sealed) {
  if (sealed.size() < seal_tag_bytes)
    return std::nullopt;
  const auto message = sealed.first(sealed.size() - seal_tag_bytes);
  const auto tag = sealed.last(seal_tag_bytes);
  bytes result(message.size());
  CryptoPP::ChaCha20Poly1305::Decryption cipher;
  cipher.SetKeyWithIV(key.value.data(), key.size, nonce.value.data(), nonce.size);
  if (!cipher.DecryptAndVerify(result.data(), tag.data(), tag.size(), nonce.value.data(),
                               static_cast<int>(nonce.size), context.data(), context.size(),
                               message.data(), message.size()))
    return std::nullopt;
  return result;
}

std::optional<seal_key> key_from_passphrase(std::string_view passphrase, const seal_salt& salt,
                                            const passphrase_cost& cost) {
  if (cost.memory_kib < 8 || cost.memory_kib > passphrase_cost_max.memory_kib || cost.passes < 1 ||
      cost.passes > passphrase_cost_max.passes)
    return std::nullopt;
  seal_key result;
  const auto code =
    argon2id_hash_raw(cost.passes, cost.memory_kib, 1, passphrase.data(), passphrase.size(),
                      salt.value.data(), salt.size, result.value.data(), result.size);
  if (code != ARGON2_OK)
    return std::nullopt;
  return result;
}

}  // namespace datagen::protocol
