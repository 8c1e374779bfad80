#include "tools/datagen/key_file.hpp"

#include "protocol/codec.hpp"
#include "protocol/crypto/bech32m.hpp"

#include <boost/json.hpp>

namespace datagen::tools {

using namespace protocol;

namespace {

/// What the seal authenticates beside the secret: whose key it is.
bytes context_of(const account_id& address) { return encode("datagen key file", address); }

/// A string member of `x`, or empty.
std::string text_of(const boost::json::object& x, const char* name) {
  const auto* value = x.if_contains(name);
  return value != nullptr && value->is_string() ? std::string{value->as_string()} : std::string{};
}

std::optional<std::uint32_t> count_of(const boost::json::object& x, const char* name) {
  const auto* value = x.if_contains(name);
  if (value == nullptr || !value->is_int64() || value->as_int64() < 0 ||
      value->as_int64() > 0xffffffff)
    return std::nullopt;
  return static_cast<std::uint32_t>(value->as_int64());
}

std::variant<std::string, sealed_secret> parse_sealed(const boost::json::object& x) {
  if (text_of(x, "kdf") != "argon2id" || text_of(x, "cipher") != "chacha20-poly1305")
    return "expected kdf argon2id and cipher chacha20-poly1305";
  const auto memory = count_of(x, "memory_kib"), passes = count_of(x, "passes");
  const auto salt = fixed_from_hex<seal_salt>(text_of(x, "salt"));
  const auto nonce = fixed_from_hex<seal_nonce>(text_of(x, "nonce"));
  const auto sealed = from_hex(text_of(x, "sealed"));
  if (!memory || *memory > passphrase_cost_max.memory_kib || !passes ||
      *passes > passphrase_cost_max.passes)
    return "expected memory_kib up to " + std::to_string(passphrase_cost_max.memory_kib) +
           " and passes up to " + std::to_string(passphrase_cost_max.passes);
  if (!salt || !nonce || !sealed || sealed->size() != secret_key::size + seal_tag_bytes)
    return "expected hexadecimal salt (16 bytes), nonce (12) and sealed (48)";
  return sealed_secret{{*memory, *passes}, *salt, *nonce, *sealed};
}

}  // namespace

key_file seal_key_file(const key_pair& key, const std::string& passphrase, const seal_salt& salt,
                       const seal_nonce& nonce) {
  sealed_secret result{{}, salt, nonce, {}};
  const auto sealing_key = key_from_passphrase(passphrase, salt, result.cost);
  if (!sealing_key)
    throw std::runtime_error("deriving a key from a passphrase needs 64 MiB of memory");
  result.sealed = seal(*sealing_key, nonce, context_of(key.identity), key.secret.view());
  return {key.identity, result};
}

std::string to_json(const key_file& x) {
  boost::json::object result{{"version", 1}, {"address", to_address(x.address)}};
  if (const auto* plain = std::get_if<secret_key>(&x.secret)) {
    result["secret"] = to_hex(*plain);
  } else {
    const auto& y = std::get<sealed_secret>(x.secret);
    result["kdf"] = "argon2id";
    result["memory_kib"] = y.cost.memory_kib;
    result["passes"] = y.cost.passes;
    result["salt"] = to_hex(y.salt);
    result["cipher"] = "chacha20-poly1305";
    result["nonce"] = to_hex(y.nonce);
    result["sealed"] = to_hex(y.sealed);
  }
  return boost::json::serialize(result) + "\n";
}

std::variant<std::string, key_file> parse_key_file(const std::string& text) {
  boost::json::error_code failure;
  const auto parsed = boost::json::parse(text, failure);
  if (failure || !parsed.is_object())
    return "expected one JSON object";
  const auto& x = parsed.as_object();
  if (count_of(x, "version") != 1)
    return "expected version 1";
  const auto address = from_address(text_of(x, "address"));
  if (!address)
    return "expected an address that begins with dg1";
  if (x.contains("secret")) {
    const auto secret = fixed_from_hex<secret_key>(text_of(x, "secret"));
    if (!secret)
      return "expected a secret of 32 bytes in hexadecimal";
    return key_file{*address, *secret};
  }
  auto sealed = parse_sealed(x);
  if (auto* why = std::get_if<std::string>(&sealed))
    return std::move(*why);
  return key_file{*address, std::get<sealed_secret>(std::move(sealed))};
}

std::optional<key_pair> unlock(const key_file& x, const std::string& passphrase) {
  secret_key secret;
  if (const auto* plain = std::get_if<secret_key>(&x.secret)) {
    secret = *plain;
  } else {
    const auto& y = std::get<sealed_secret>(x.secret);
    const auto key = key_from_passphrase(passphrase, y.salt, y.cost);
    const auto opened = key ? open(*key, y.nonce, context_of(x.address), y.sealed) : std::nullopt;
    if (!opened || opened->size() != secret_key::size)
      return std::nullopt;
    std::copy(opened->begin(), opened->end(), secret.value.begin());
  }
  const auto result = key_pair::from_secret(secret);
  if (result.identity != x.address)
    return std::nullopt;
  return result;
}

}  // namespace datagen::tools
