// What strangers write into a request before anybody is known: target, event query, the fields of a
// signature.

#include "tests/fuzz/target.hpp"

#include "actors/gateway/request_signature.hpp"
#include "actors/http/subscribe.hpp"
#include "actors/http/target.hpp"

#include "protocol/crypto/hash.hpp"

#include <algorithm>

namespace datagen::fuzz {

namespace {

struct trusting_checker final : protocol::signature_checker {
  bool check(const protocol::public_key&, byte_view, const protocol::signature&) const override {
    return true;
  }
};

std::string escaped(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const auto c : text) {
    const auto byte = static_cast<unsigned char>(c);
    result += '%';
    result += digits[byte / 16];
    result += digits[byte % 16];
  }
  return result;
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
}

void check_target(std::string_view text) {
  std::string why;
  const auto parts = http::parse_target(text, why);
  require(parts.has_value() != !why.empty(), "a refused target is answered with a sentence");
  if (!parts)
    return;
  require(parts->path.starts_with('/') && is_printable(parts->path), "a path is a path");
  auto again = "/" + escaped(std::string_view{parts->path}.substr(1)) + "?";
  for (const auto& [name, value] : parts->query)
    again += escaped(name) + "=" + escaped(value) + "&";
  const auto read = http::parse_target(again, why);
  const bool unnamed = parts->query.contains("");  // "=x" alone has a value, "" alone is nothing
  require(unnamed || (read && read->path == parts->path && read->query == parts->query),
          "what was parsed, written with escapes, is parsed to the same");
}

void check_subscription(std::string_view text) {
  constexpr std::size_t topics_max = 16;
  std::string why;
  const auto parts = http::parse_target(text, why);
  const auto wanted =
    parts ? http::parse_subscription(parts->query, topics_max, why) : std::nullopt;
  require(wanted.has_value() != !why.empty(), "a refused query is answered with a sentence");
  if (wanted)
    require(wanted->topics.size() <= topics_max && wanted->resume_topics.size() <= topics_max,
            "a reader follows no more topics than it may");
}

constexpr std::uint64_t now_s = 1'700'000'000;
const std::string body = "{}";

void check_signature(std::string_view text) {
  const auto line = std::min(text.find('\n'), text.size());
  const auto digest = protocol::sha256(as_bytes(body));
  http::request r{.method = "POST", .path = "/v1/jobs", .target = "/v1/jobs?wait=1", .body = body};
  r.headers["Content-Digest"] = "sha-256=:" + web::to_base64(digest.view()) + ":";
  r.headers["Signature-Input"] = text.substr(0, line);
  r.headers["Signature"] = text.substr(std::min(line + 1, text.size()));
  const trusting_checker trusting;
  web::nonce_memory nonces{4};
  const auto first = web::check_request(r, digest, now_s, nonces, trusting);
  require(first.signer.has_value() == (first.status == 200), "who is let in is known");
  require(nonces.size() == (first.status == 200 ? 1u : 0u), "only accepted nonces are kept");
  if (first.status == 200)
    require(web::check_request(r, digest, now_s, nonces, trusting).status == 409,
            "a request is accepted once");
}

void check_base64(std::string_view text) {
  if (const auto raw = web::from_base64(text))
    require(web::to_base64(*raw) == text, "bytes have one base64 form");
}

constexpr void (*checks[])(std::string_view) = {check_target, check_subscription, check_signature,
                                                check_base64};

}  // namespace

void check(byte_view data) {
  const auto [which, rest] = choose(data, std::size(checks));
  checks[which](as_text(rest));
}

std::vector<bytes> seeds() {
  const auto key = protocol::key_pair::from_secret({{1}});
  const auto fields = web::sign_request({.method = "POST",
                                         .target = "/v1/jobs",
                                         .created_s = now_s,
                                         .expires_s = now_s + 60,
                                         .nonce = "nonce1"},
                                        as_bytes(body), key);
  return {chosen(0, as_bytes("/v1/jobs?limit=3&after=%41%c3%a9+b")),
          chosen(0, as_bytes("/v1/inputs/00ff?a&b=&c=%2F")),
          chosen(1, as_bytes("/v1/events?topics=blocks,jobs&resume_from=blocks:7,jobs:3")),
          chosen(1, as_bytes("/?resume_from=7")),
          chosen(2, as_bytes(fields.at("Signature-Input") + "\n" + fields.at("Signature"))),
          chosen(3, as_bytes("AAECAwQ=")),
          chosen(3, as_bytes("/+8=")),
          chosen(3, as_bytes("AA=="))};
}

}  // namespace datagen::fuzz
