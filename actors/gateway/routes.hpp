#pragma once
// Every path of the API in one table: dispatch, body limits and /openapi.json come from it.

#include "actors/gateway/answer.hpp"

namespace datagen::web {

enum class action : std::uint8_t {
  live, ready, metrics, openapi, status, genesis, genesis_json, params, economics, committees,
  checkpoint, blocks, block, validators, validator, account, sessions, session, pairings, audits,
  proposals, jobs, job, job_result, job_receipt, delivery_claim, put_input, post_job, acknowledge,
  stored_result, echo, transaction, fast_transaction,
};

struct route {
  action what;
  std::string_view method;
  std::string_view pattern;  ///< {name} stands for one segment.
  std::string_view summary;
  std::string_view query;    ///< Names of its parameters, comma-separated.
  std::uint64_t body_bytes_max = 0;
  std::uint32_t cost = 1;    ///< Against the address's budget.
};

std::span<const route> routes();
/// Writes are signed by an account.
inline bool is_signed(const route& x) { return x.method != "GET"; }

struct match {
  const route* found = nullptr;
  std::vector<std::string> arguments;  ///< In the order of the pattern.
  std::string allowed;                 ///< Methods of this path, when only the method is wrong.
};
match find_route(std::string_view method, std::string_view path);

std::uint64_t body_limit(std::string_view method, std::string_view path);
std::uint32_t request_cost(std::string_view method, std::string_view path);

/// The table as an OpenAPI 3.1 document.
json::value openapi(const std::string& version);

}  // namespace datagen::web
