#include "actors/http/problem.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace datagen::http {

bool name_less::operator()(std::string_view a, std::string_view b) const {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [&](char x, char y) { return lower(x) < lower(y); });
}

std::string to_json(const problem& p) {
  boost::json::object object{{"type", "urn:datagen:problem:" + p.code},
                             {"title", p.title},
                             {"status", p.status},
                             {"detail", p.detail},
                             {"code", p.code}};
  for (const auto& [name, figure] : p.figures)
    object[name] = figure;
  return boost::json::serialize(object);
}

response to_response(const problem& p) {
  response answer{p.status, "application/problem+json", {}, to_json(p)};
  if (auto wait = p.figures.find("retry_after_s"); wait != p.figures.end())
    answer.headers["Retry-After"] = std::to_string(wait->second);
  return answer;
}

problem body_too_large(std::uint64_t limit_bytes) {
  return {
    413,
    "body_too_large",
    "Body too large",
    "The body is larger than the " + std::to_string(limit_bytes) + " bytes that this path takes.",
    {{"limit_bytes", limit_bytes}}};
}

problem headers_too_large(std::uint64_t limit_bytes) {
  return {431,
          "headers_too_large",
          "Headers too large",
          "The request line and headers are larger than " + std::to_string(limit_bytes) + " bytes.",
          {{"limit_bytes", limit_bytes}}};
}

problem request_too_slow(std::string_view part, std::uint64_t deadline_ms) {
  return {
    408,
    "request_too_slow",
    "Request too slow",
    "The " + std::string{part} + " did not arrive within " + std::to_string(deadline_ms) + " ms.",
    {{"deadline_ms", deadline_ms}}};
}

problem bad_request(std::string detail) {
  return {400, "bad_request", "Bad request", std::move(detail), {}};
}

problem too_many_connections(std::string_view scope, std::uint64_t limit) {
  return {503,
          "too_many_connections",
          "Too many connections",
          "All " + std::to_string(limit) + " connections " + std::string{scope} +
            " are in use; try again later.",
          {{"limit_connections", limit}, {"retry_after_s", 1}}};
}

problem too_many_requests(std::uint64_t cost_per_second, std::uint64_t retry_after_s) {
  return {429,
          "too_many_requests",
          "Too many requests",
          "This address has used up its budget, which refills by " +
            std::to_string(cost_per_second) + " a second; try again in " +
            std::to_string(retry_after_s) + " s.",
          {{"budget_per_second", cost_per_second}, {"retry_after_s", retry_after_s}}};
}

problem too_much_in_flight(std::uint64_t limit_bytes) {
  return {503,
          "too_much_in_flight",
          "Too much in flight",
          "The server already holds as many request bodies as it may, " +
            std::to_string(limit_bytes) + " bytes; try again later.",
          {{"limit_bytes", limit_bytes}, {"retry_after_s", 1}}};
}

problem unanswered() {
  return {500,
          "unanswered",
          "Not answered",
          "The part of this node that handles the request gave it up without an answer.",
          {}};
}

problem answer_too_late(std::uint64_t deadline_ms) {
  return {504,
          "answer_too_late",
          "Answer too late",
          "This node did not find an answer within " + std::to_string(deadline_ms) + " ms.",
          {{"deadline_ms", deadline_ms}}};
}

}  // namespace datagen::http
