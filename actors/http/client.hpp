#pragma once
// A small synchronous HTTP client for command lines and tests. No TLS, no redirects, no name
// resolution: hosts are "localhost" or numeric IPv4 or [IPv6] addresses.

#include "actors/http/message.hpp"

#include <functional>
#include <optional>

namespace datagen::http {

/// Bytes of the body sent or received so far, and in all (0: unknown).
using progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

struct client_request {
  std::string method = "GET";
  std::string url;  ///< "http://127.0.0.1:8080/v1/jobs?limit=3"
  header_map headers;
  std::string body;
  std::uint32_t timeout_ms = 30'000;  ///< For everything together.
  std::uint64_t response_bytes_max = 128ULL << 20;
  progress sent;      ///< Called while the body goes out.
  progress received;  ///< Called while the answer's body comes in.
};

/// An answer, or the sentence that says why there is none.
struct client_answer {
  std::optional<response> answer;  ///< Any status, 500 included.
  std::string error;
};

/// Sends one request over a connection of its own and waits for the answer.
client_answer send(const client_request& r);

}  // namespace datagen::http
