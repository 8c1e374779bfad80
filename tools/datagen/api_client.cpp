#include "tools/datagen/api_client.hpp"

#include "tools/datagen/commands.hpp"
#include "tools/datagen/json_fields.hpp"

#include "actors/gateway/request_signature.hpp"

#include <sys/random.h>

#include <chrono>

namespace datagen::tools {

namespace {

constexpr std::uint32_t answer_ms = 30'000;
constexpr std::uint64_t signature_s = 120;

/// What a problem object says (RFC 9457), or what can be said of another answer.
api_refusal refusal_of(const std::string& address, const http::response& answer) {
  boost::system::error_code error;
  const auto problem = boost::json::parse(answer.body, error);
  const auto detail = error ? std::string{} : shown_field(problem, "detail");
  const auto code = error ? std::string{} : shown_field(problem, "code");
  if (detail.empty())
    return {code, address + " answered " + std::to_string(answer.status) + " without a reason"};
  return {code, detail + (code.empty() ? "" : " (" + code + ")")};
}

}  // namespace

void add_api_option(CLI::App& command, std::string& address) {
  command.add_option("--api", address, std::string{"The gateway (DATAGEN_API; default "} + api_default + ")")
    ->take_last()
    ->envname("DATAGEN_API")
    ->check([](const std::string& text) {
      return text.starts_with("http://") ? std::string{}
                                         : "'" + text + "' is no address: it begins with http://";
    });
}

protocol::digest random_digest() {
  protocol::digest result;
  if (::getentropy(result.value.data(), result.value.size()) != 0)
    throw failure(exit_internal, "the system gives no random bytes");
  return result;
}

std::uint64_t unix_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

api_client::api_client(std::string address, std::optional<protocol::key_pair> key)
    : address_(std::move(address)), key_(std::move(key)) {
  while (address_.ends_with('/'))
    address_.pop_back();
}

http::response api_client::exchange(http::client_request r) const {
  auto result = http::send(r);
  if (!result.answer)
    throw failure(exit_unavailable, result.error + " Is a gateway running at " + address_ +
                                      "? `datagen up` starts one; --api names another.");
  if (result.answer->status >= 400)
    throw refusal_of(address_, *result.answer);
  return std::move(*result.answer);
}

void api_client::sign(http::client_request& r, const std::string& target) const {
  if (!key_)
    throw failure(exit_internal, "a write needs a key");
  const auto now_s = unix_ms() / 1'000;
  const web::signing terms{.method = r.method,
                           .target = target,
                           .created_s = now_s,
                           .expires_s = now_s + signature_s,
                           .nonce = to_hex(random_digest()).substr(0, 32)};
  const auto* body = reinterpret_cast<const std::uint8_t*>(r.body.data());
  for (auto& [name, value] : web::sign_request(terms, {body, r.body.size()}, *key_))
    r.headers[name] = value;
}

boost::json::value api_client::get(const std::string& target) const { return get(target, 0); }

boost::json::value api_client::get(const std::string& target, std::uint32_t wait_ms) const {
  const auto answer = exchange({.url = address_ + target, .timeout_ms = answer_ms + wait_ms});
  return parse_json(answer.body, "the answer of " + address_ + target);
}

std::string api_client::get_bytes(const std::string& target, const http::progress& received) const {
  return exchange({.url = address_ + target, .received = received}).body;
}

http::client_request api_client::signed_post(const std::string& target,
                                             const boost::json::value& body,
                                             std::uint32_t wait_ms) const {
  http::client_request r{.method = "POST",
                         .url = address_ + target,
                         .headers = {{"Content-Type", "application/json"}},
                         .body = boost::json::serialize(body),
                         .timeout_ms = answer_ms + wait_ms};
  sign(r, target);
  return r;
}

boost::json::value api_client::post(const std::string& target, const boost::json::value& body,
                                    std::uint32_t wait_ms) const {
  const auto answer = exchange(signed_post(target, body, wait_ms));
  if (answer.body.empty())
    return nullptr;
  return parse_json(answer.body, "the answer of " + address_ + target);
}

std::string api_client::post_for_bytes(const std::string& target,
                                       const boost::json::value& body) const {
  return exchange(signed_post(target, body, 0)).body;
}

void api_client::put(const std::string& target, std::string body,
                     const http::progress& sent) const {
  http::client_request r{.method = "PUT",
                         .url = address_ + target,
                         .headers = {{"Content-Type", "application/octet-stream"}},
                         .body = std::move(body),
                         .timeout_ms = 4 * answer_ms,
                         .sent = sent};
  sign(r, target);
  exchange(std::move(r));
}

}  // namespace datagen::tools
