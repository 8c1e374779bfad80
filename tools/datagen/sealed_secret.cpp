#include "tools/datagen/sealed_secret.hpp"

#include "tools/datagen/new_file.hpp"

#include "protocol/codec.hpp"

namespace datagen::tools {

using namespace protocol;

sealed_secret seal_secret(byte_view secret, const bytes& context, const std::string& passphrase) {
  invariant(secret.size() == sealed_secret_bytes, "a sealed secret has 32 bytes");
  sealed_secret result{{}, random_bytes<seal_salt>(), random_bytes<seal_nonce>(), {}};
  const auto key = key_from_passphrase(passphrase, result.salt, result.cost);
  if (!key)
    throw std::runtime_error("deriving a key from a passphrase needs 64 MiB of memory");
  result.sealed = seal(*key, result.nonce, context, secret);
  return result;
}

std::optional<bytes> open_secret(const sealed_secret& x, const bytes& context,
                                 const std::string& passphrase) {
  const auto key = key_from_passphrase(passphrase, x.salt, x.cost);
  return key ? open(*key, x.nonce, context, x.sealed) : std::nullopt;
}

void write_sealed(boost::json::object& file, const sealed_secret& x) {
  file["kdf"] = "argon2id";
  file["memory_kib"] = x.cost.memory_kib;
  file["passes"] = x.cost.passes;
  file["salt"] = to_hex(x.salt);
  file["cipher"] = "chacha20-poly1305";
  file["nonce"] = to_hex(x.nonce);
  file["sealed"] = to_hex(x.sealed);
}

std::variant<std::string, sealed_secret> read_sealed(const boost::json::object& file) {
  if (text_of(file, "kdf") != "argon2id" || text_of(file, "cipher") != "chacha20-poly1305")
    return "expected kdf argon2id and cipher chacha20-poly1305";
  const auto memory = count_of(file, "memory_kib"), passes = count_of(file, "passes");
  const auto salt = fixed_from_hex<seal_salt>(text_of(file, "salt"));
  const auto nonce = fixed_from_hex<seal_nonce>(text_of(file, "nonce"));
  const auto sealed = from_hex(text_of(file, "sealed"));
  if (!memory || *memory > passphrase_cost_max.memory_kib || !passes ||
      *passes > passphrase_cost_max.passes)
    return "expected memory_kib up to " + std::to_string(passphrase_cost_max.memory_kib) +
           " and passes up to " + std::to_string(passphrase_cost_max.passes);
  if (!salt || !nonce || !sealed || sealed->size() != sealed_secret_bytes + seal_tag_bytes)
    return "expected hexadecimal salt (16 bytes), nonce (12) and sealed (48)";
  return sealed_secret{{*memory, *passes}, *salt, *nonce, *sealed};
}

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

}  // namespace datagen::tools
