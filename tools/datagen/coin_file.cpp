#include "tools/datagen/coin_file.hpp"

#include "protocol/crypto/coin/scalar.hpp"

namespace datagen::tools {

using namespace protocol;

namespace {

constexpr std::uint32_t authors_max = 0xffff;

/// What the seal authenticates beside the secret: whose share of which coin it is.
bytes context_of(std::uint16_t author, const coin_point& share_key) {
  return encode("datagen coin file", author, share_key);
}

/// The object in `text`, or what is wrong with it.
std::variant<std::string, boost::json::object> parse_object(const std::string& text) {
  boost::json::error_code failure;
  auto parsed = boost::json::parse(text, failure);
  if (failure || !parsed.is_object())
    return "expected one JSON object";
  if (count_of(parsed.as_object(), "version") != 1)
    return "expected version 1";
  return std::move(parsed.as_object());
}

}  // namespace

std::string to_json(const coin_keys& x) {
  boost::json::array shares;
  for (const auto& share : x.shares)
    shares.emplace_back(to_hex(share));
  return boost::json::serialize(boost::json::object{{"version", 1},
                                                    {"threshold", x.threshold},
                                                    {"group", to_hex(x.group)},
                                                    {"shares", std::move(shares)}}) +
         "\n";
}

std::variant<std::string, coin_keys> parse_coin_keys(const std::string& text) {
  auto parsed = parse_object(text);
  if (auto* why = std::get_if<std::string>(&parsed))
    return std::move(*why);
  const auto& x = std::get<boost::json::object>(parsed);
  const auto group = fixed_from_hex<coin_point>(text_of(x, "group"));
  const auto threshold = count_of(x, "threshold");
  const auto* shares = x.if_contains("shares");
  if (!group || !threshold || *threshold > authors_max || shares == nullptr || !shares->is_array())
    return "expected a threshold, a group key of 33 bytes and an array of share keys";
  coin_keys result{*group, {}, static_cast<std::uint16_t>(*threshold)};
  for (const auto& entry : shares->as_array()) {
    const auto share =
      entry.is_string() ? fixed_from_hex<coin_point>(std::string{entry.as_string()}) : std::nullopt;
    if (!share)
      return "expected share keys of 33 bytes in hexadecimal";
    result.shares.push_back(*share);
  }
  return result;
}

coin_secret_file seal_coin_secret(std::uint16_t author, const coin_point& share_key,
                                  const coin_scalar& secret, const std::string& passphrase) {
  return {author, share_key, seal_secret(secret.view(), context_of(author, share_key), passphrase)};
}

std::string to_json(const coin_secret_file& x) {
  boost::json::object result{
    {"version", 1}, {"author", x.author}, {"share_key", to_hex(x.share_key)}};
  if (const auto* plain = std::get_if<coin_scalar>(&x.secret))
    result["secret"] = to_hex(*plain);
  else
    write_sealed(result, std::get<sealed_secret>(x.secret));
  return boost::json::serialize(result) + "\n";
}

std::variant<std::string, coin_secret_file> parse_coin_secret(const std::string& text) {
  auto parsed = parse_object(text);
  if (auto* why = std::get_if<std::string>(&parsed))
    return std::move(*why);
  const auto& x = std::get<boost::json::object>(parsed);
  const auto author = count_of(x, "author");
  const auto share_key = fixed_from_hex<coin_point>(text_of(x, "share_key"));
  if (!author || *author > authors_max || !share_key)
    return "expected an author's index and a share key of 33 bytes";
  coin_secret_file result{static_cast<std::uint16_t>(*author), *share_key, coin_scalar{}};
  if (x.contains("secret")) {
    const auto secret = fixed_from_hex<coin_scalar>(text_of(x, "secret"));
    if (!secret)
      return "expected a secret of 32 bytes in hexadecimal";
    result.secret = *secret;
    return result;
  }
  auto sealed = read_sealed(x);
  if (auto* why = std::get_if<std::string>(&sealed))
    return std::move(*why);
  result.secret = std::get<sealed_secret>(std::move(sealed));
  return result;
}

std::optional<coin_scalar> unlock(const coin_secret_file& x, const std::string& passphrase) {
  coin_scalar secret;
  if (const auto* plain = std::get_if<coin_scalar>(&x.secret)) {
    secret = *plain;
  } else {
    const auto opened = open_secret(std::get<sealed_secret>(x.secret),
                                    context_of(x.author, x.share_key), passphrase);
    if (!opened)
      return std::nullopt;
    std::copy(opened->begin(), opened->end(), secret.value.begin());
  }
  if (!reduced(secret) || openssl_coin_group()->secret_base(secret, 0) != x.share_key)
    return std::nullopt;
  return secret;
}

}  // namespace datagen::tools
