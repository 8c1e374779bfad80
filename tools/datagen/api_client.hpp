#pragma once
// The gateway's HTTP API from the customer's side. Every call answers or throws `failure`:
// unreachable is exit 69 with the address and what to do, a refusal exit 1 with the server's words.

#include "tools/datagen/failure.hpp"

#include "actors/http/client.hpp"
#include "protocol/crypto/sign.hpp"

#include <boost/json.hpp>

namespace CLI {
class App;
}

namespace datagen::tools {

inline constexpr const char* api_default = "http://127.0.0.1:8470";

/// A refusal by the server, with its stable code, e.g. "lane_overdrawn".
struct api_refusal : failure {
  api_refusal(std::string c, const std::string& sentence)
      : failure(exit_failed, sentence), reason_code(std::move(c)) {}
  std::string reason_code;
};

class api_client {
public:
  /// @param key signs writes; without one only reading works
  explicit api_client(std::string address, std::optional<protocol::key_pair> key = {});

  boost::json::value get(const std::string& target) const;
  /// Waits up to `wait_ms` longer than usual: for targets that wait on the server's side.
  boost::json::value get(const std::string& target, std::uint32_t wait_ms) const;
  std::string get_bytes(const std::string& target, const http::progress& received = {}) const;
  boost::json::value post(const std::string& target, const boost::json::value& body,
                          std::uint32_t wait_ms = 0) const;
  std::string post_for_bytes(const std::string& target, const boost::json::value& body) const;
  void put(const std::string& target, std::string body, const http::progress& sent = {}) const;
  const std::string& address() const { return address_; }

private:
  http::response exchange(http::client_request r) const;
  http::client_request signed_post(const std::string& target, const boost::json::value& body,
                                   std::uint32_t wait_ms) const;
  void sign(http::client_request& r, const std::string& target) const;

  std::string address_;  ///< Without a slash at the end.
  std::optional<protocol::key_pair> key_;
};

/// `--api`, else DATAGEN_API, else the default.
void add_api_option(CLI::App& command, std::string& address);

/// Fresh random bytes.
protocol::digest random_digest();
std::uint64_t unix_ms();

}  // namespace datagen::tools
