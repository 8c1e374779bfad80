#include "actors/gateway/request_signature.hpp"

#include "protocol/crypto/bech32m.hpp"
#include "protocol/crypto/hash.hpp"

#include <charconv>

namespace datagen::web {

using namespace protocol;

namespace {

constexpr std::string_view covered = R"(("@method" "@path" "content-digest"))";

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

byte_view as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string content_digest(const digest& body) {
  return "sha-256=:" + to_base64(body.view()) + ":";
}

/// RFC 9421 section 2.5.
std::string signature_base(std::string_view method, std::string_view path,
                           const std::string& body_digest, std::string_view params) {
  std::string base = "\"@method\": ";
  base.append(method).append("\n\"@path\": ").append(path);
  base.append("\n\"content-digest\": ").append(body_digest);
  base.append("\n\"@signature-params\": ").append(params);
  return base;
}

struct signature_params {
  std::uint64_t created_s = 0;
  std::uint64_t expires_s = 0;
  std::string nonce;
  std::string keyid;
};

/// Takes `prefix` off the front of `text`.
bool skip(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix))
    return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool read_number(std::string_view& text, std::uint64_t& x) {
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (bad != std::errc{})
    return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool read_quoted(std::string_view& text, std::string& x) {
  if (!skip(text, "\""))
    return false;
  const auto end = text.find('"');
  if (end == std::string_view::npos)
    return false;
  x = std::string{text.substr(0, end)};
  text.remove_prefix(end + 1);
  return true;
}

/// Exactly the form of the contract, so that there is one way to say it.
std::optional<signature_params> parse_params(std::string_view text) {
  signature_params x;
  if (skip(text, covered) && skip(text, ";created=") && read_number(text, x.created_s) &&
      skip(text, ";expires=") && read_number(text, x.expires_s) && skip(text, ";nonce=") &&
      read_quoted(text, x.nonce) && skip(text, ";keyid=") && read_quoted(text, x.keyid) &&
      text.empty())
    return x;
  return std::nullopt;
}

std::string params_text(const signature_params& x) {
  return std::string{covered} + ";created=" + std::to_string(x.created_s) +
         ";expires=" + std::to_string(x.expires_s) + ";nonce=\"" + x.nonce + "\";keyid=\"" +
         x.keyid + "\"";
}

signature_verdict refused(std::string detail) { return {.detail = std::move(detail)}; }

std::string header(const http::request& r, std::string_view name) {
  const auto it = r.headers.find(name);
  return it == r.headers.end() ? std::string{} : it->second;
}

/// What is wrong with the times and the nonce, or nothing.
std::string wrong_terms(const signature_params& x, std::uint64_t now_s) {
  const auto skew = x.created_s > now_s ? x.created_s - now_s : now_s - x.created_s;
  if (skew > created_skew_s)
    return "created is " + std::to_string(skew) + " s away from this clock; at most " +
           std::to_string(created_skew_s) + " s are accepted";
  if (x.expires_s <= now_s)
    return "the signature expired " + std::to_string(now_s - x.expires_s) + " s ago";
  if (x.expires_s < x.created_s || x.expires_s - x.created_s > signature_life_s)
    return "a signature lives at most " + std::to_string(signature_life_s) + " s";
  if (x.nonce.empty() || x.nonce.size() > nonce_length_max)
    return "the nonce has " + std::to_string(x.nonce.size()) + " characters; 1 to " +
           std::to_string(nonce_length_max) + " are accepted";
  return {};
}

}  // namespace

http::header_map sign_request(const signing& x, byte_view body, const key_pair& key) {
  const auto digest_field = content_digest(sha256(body));
  const auto params =
    params_text({x.created_s, x.expires_s, x.nonce, to_address(key.identity)});
  const auto base = signature_base(x.method, path_of(x.target), digest_field, params);
  return {{"Content-Digest", digest_field},
          {"Signature-Input", "sig1=" + params},
          {"Signature", "sig1=:" + to_base64(sign(key, as_bytes(base)).view()) + ":"}};
}

signature_verdict check_request(const http::request& r, const digest& body_digest,
                                std::uint64_t now_s, nonce_memory& nonces,
                                const signature_checker& signatures) {
  const auto input = header(r, "Signature-Input");
  const auto signed_as = header(r, "Signature");
  const auto digest_field = header(r, "Content-Digest");
  if (input.empty() || signed_as.empty() || digest_field.empty())
    return refused("writes carry Content-Digest, Signature-Input and Signature");
  if (digest_field != content_digest(body_digest))
    return refused("Content-Digest is not the SHA-256 of the body's " +
                   std::to_string(r.body.size()) + " bytes");
  const auto labelled = std::string_view{input};
  const auto params = labelled.starts_with("sig1=") ? parse_params(labelled.substr(5)) : std::nullopt;
  if (!params)
    return refused("Signature-Input is not sig1=" + std::string{covered} +
                   ";created=…;expires=…;nonce=\"…\";keyid=\"dg1…\"");
  const auto signer = from_address(params->keyid);
  if (!signer)
    return refused("keyid '" + params->keyid.substr(0, 80) + "' is no account address");
  if (auto why = wrong_terms(*params, now_s); !why.empty())
    return refused(std::move(why));
  auto text = std::string_view{signed_as};
  std::optional<bytes> raw;
  if (skip(text, "sig1=:") && text.ends_with(":"))
    raw = from_base64(text.substr(0, text.size() - 1));
  if (!raw || raw->size() != signature::size)
    return refused("Signature is not sig1=: and 64 bytes in base64 :");
  signature by;
  std::copy(raw->begin(), raw->end(), by.value.begin());
  const auto base =
    signature_base(r.method, path_of(r.target), digest_field, labelled.substr(5));
  if (!signatures.check(*signer, as_bytes(base), by))
    return refused("the signature is not one by " + params->keyid + " over " + r.method + " " +
                   std::string{path_of(r.target)} + " and this body");
  switch (nonces.remember(*signer, params->nonce, params->expires_s, now_s)) {
    case nonce_memory::answer::fresh: return {.signer = signer, .status = 200, .code = "ok"};
    case nonce_memory::answer::seen:
      return {.status = 409,
              .code = "replayed_request",
              .detail = "this key has used the nonce '" + params->nonce + "' before"};
    case nonce_memory::answer::full: break;
  }
  return {.status = 503,
          .code = "busy",
          .detail = std::to_string(nonces.size()) + " signed requests are remembered; try again"};
}

nonce_memory::answer nonce_memory::remember(const account_id& key, const std::string& nonce,
                                            std::uint64_t expires_s, std::uint64_t now_s) {
  while (!by_expiry_.empty() && std::get<0>(*by_expiry_.begin()) < now_s) {
    const auto& [expired, old_key, old_nonce] = *by_expiry_.begin();
    known_.erase({old_key, old_nonce});
    by_expiry_.erase(by_expiry_.begin());
  }
  if (known_.contains({key, nonce}))
    return answer::seen;
  if (known_.size() >= nonces_max_)
    return answer::full;
  known_.emplace(key, nonce);
  by_expiry_.emplace(expires_s, key, nonce);
  return answer::fresh;
}

namespace {
constexpr std::string_view base64_digits =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}  // namespace

std::string to_base64(byte_view data) {
  std::string text;
  for (std::size_t i = 0; i < data.size(); i += 3) {
    const auto have = std::min<std::size_t>(3, data.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = (group << 8) | (k < have ? data[i + k] : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      text += k <= have ? base64_digits[(group >> (18 - 6 * k)) & 63] : '=';
  }
  return text;
}

std::optional<bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return std::nullopt;
  bytes data;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const auto last = i + 4 == text.size();
    const std::size_t pads = last && text[i + 3] == '=' ? (text[i + 2] == '=' ? 2 : 1) : 0;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const auto digit = k < 4 - pads ? base64_digits.find(text[i + k]) : 0;
      if (digit == std::string_view::npos)
        return std::nullopt;
      group = (group << 6) | static_cast<std::uint32_t>(digit);
    }
    if ((pads == 1 && (group & 0xff) != 0) || (pads == 2 && (group & 0xffff) != 0))
      return std::nullopt;
    for (std::size_t k = 0; k + pads < 3; ++k)
      data.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * k)));
  }
  return data;
}

}  // namespace datagen::web
