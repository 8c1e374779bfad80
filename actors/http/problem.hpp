#pragma once
// Errors as RFC 9457 problem objects: {"type", "title", "status", "detail", "code", figures…}.

#include "actors/http/message.hpp"

namespace datagen::http {

struct problem {
  unsigned status = 500;
  std::string code;    ///< Stable, snake_case; programs tell errors apart by it.
  std::string title;   ///< A few words, the same for every problem of this code.
  std::string detail;  ///< A sentence about this one, with its figures.
  std::map<std::string, std::uint64_t> figures;  ///< Further members, e.g. "limit_bytes".
};

/// The problem as JSON text; type is "urn:datagen:problem:" and the code.
std::string to_json(const problem& p);
/// A response of type application/problem+json.
response to_response(const problem& p);

// What the server itself answers.
problem body_too_large(std::uint64_t limit_bytes);
problem headers_too_large(std::uint64_t limit_bytes);
problem request_too_slow(std::string_view part, std::uint64_t deadline_ms);
problem bad_request(std::string detail);
problem too_many_connections(std::string_view scope, std::uint64_t limit);
problem too_many_requests(std::uint64_t cost_per_second, std::uint64_t retry_after_s);
problem too_much_in_flight(std::uint64_t limit_bytes);
problem unanswered();
problem answer_too_late(std::uint64_t deadline_ms);

}  // namespace datagen::http
