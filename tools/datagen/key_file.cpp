#include "tools/datagen/key_file.hpp"

#include "protocol/codec.hpp"
#include "protocol/crypto/bech32m.hpp"

namespace datagen::tools {

using namespace protocol;

namespace {

/// What the seal authenticates beside the secret: whose key it is.
bytes context_of(const account_id& address) { return encode("datagen key file", address); }

}  // namespace

key_file seal_key_file(const key_pair& key, const std::string& passphrase) {
  return {key.identity, seal_secret(key.secret.view(), context_of(key.identity), passphrase)};
}

std::string to_json(const key_file& x) {
  boost::json::object result{{"version", 1}, {"address", to_address(x.address)}};
  if (const auto* plain = std::get_if<secret_key>(&x.secret))
    result["secret"] = to_hex(*plain);
  else
    write_sealed(result, std::get<sealed_secret>(x.secret));
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
  auto sealed = read_sealed(x);
  if (auto* why = std::get_if<std::string>(&sealed))
    return std::move(*why);
  return key_file{*address, std::get<sealed_secret>(std::move(sealed))};
}

std::optional<key_pair> unlock(const key_file& x, const std::string& passphrase) {
  secret_key secret;
  if (const auto* plain = std::get_if<secret_key>(&x.secret)) {
    secret = *plain;
  } else {
    const auto opened =
      open_secret(std::get<sealed_secret>(x.secret), context_of(x.address), passphrase);
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
