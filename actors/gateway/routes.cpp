#include "actors/gateway/routes.hpp"

#include <array>

namespace datagen::web {

namespace {

constexpr std::uint64_t input_bytes_max = 64ULL << 20;
constexpr std::uint64_t text_bytes_max = 1ULL << 20;
constexpr std::uint64_t small_bytes_max = 64ULL << 10;

constexpr std::array table{
  route{action::live, "GET", "/livez", "Is the process alive?", ""},
  route{action::ready, "GET", "/readyz", "Does it follow both chains, and do they commit? With reasons.", ""},
  route{action::metrics, "GET", "/metrics", "Figures as Prometheus text.", ""},
  route{action::openapi, "GET", "/openapi.json", "This list.", ""},
  route{action::status, "GET", "/v1/status", "Both chains, jobs, audits and supply at a glance.", ""},
  route{action::genesis, "GET", "/v1/genesis", "Canonical bytes of the genesis.", ""},
  route{action::genesis_json, "GET", "/v1/genesis.json", "The genesis to read.", ""},
  route{action::params, "GET", "/v1/params", "Every parameter with unit and meaning.", ""},
  route{action::economics, "GET", "/v1/economics", "The reserve's release, and where a price goes.", ""},
  route{action::committees, "GET", "/v1/committees",
        "Who serves on both chains, who is missing, who served before and who comes next.", ""},
  route{action::checkpoint, "GET", "/v1/checkpoint",
        "A Heavy committee at the newest block it certified, to begin trusting at.", "epoch"},
  route{action::blocks, "GET", "/v1/chains/{chain}/blocks", "Blocks, newest first.",
        "cursor,limit"},
  route{action::block, "GET", "/v1/chains/{chain}/blocks/{block}",
        "One block by height or digest, with transactions and events.", ""},
  route{action::validators, "GET", "/v1/validators", "Every validator.", ""},
  route{action::validator, "GET", "/v1/validators/{id}", "One, with its checks and slashes.", ""},
  route{action::account, "GET", "/v1/accounts/{address}", "Balance, nonce and sessions.", ""},
  route{action::sessions, "GET", "/v1/sessions", "Sessions of a user.", "user,cursor,limit"},
  route{action::session, "GET", "/v1/sessions/{id}", "Pairing, escrow and lanes.", ""},
  route{action::pairings, "GET", "/v1/pairings", "Open sessions and who serves them.",
        "validator,cursor,limit"},
  route{action::audits, "GET", "/v1/audits", "Audits, newest first, of all or of one validator.",
        "validator,cursor,limit"},
  route{action::proposals, "GET", "/v1/proposals",
        "Drafts that gather support, and the proposal that is voted on.", ""},
  route{action::jobs, "GET", "/v1/jobs", "Jobs, newest first, of all or of one validator or session.",
        "validator,session,cursor,limit"},
  route{action::job, "GET", "/v1/jobs/{id}", "A job's timeline, digests and verdict.",
        "wait_ms,seen"},
  route{action::job_result, "GET", "/v1/jobs/{id}/result", "Its output bytes.", ""},
  route{action::job_receipt, "GET", "/v1/jobs/{id}/receipt", "Its portable receipt.", ""},
  route{action::delivery_claim, "GET", "/v1/jobs/{id}/delivery-claim",
        "What Heavy is to be told when its result never came.", "attempt", 0, 2},
  route{action::put_input, "PUT", "/v1/inputs/{digest}", "Uploads an input by its SHA-256.", "",
        input_bytes_max, 20},
  route{action::post_job, "POST", "/v1/jobs", "Submits a signed ticket.", "", text_bytes_max, 5},
  route{action::acknowledge, "POST", "/v1/jobs/{id}/acknowledgement",
        "The user's signed word for what it received.", "", small_bytes_max, 2},
  route{action::stored_result, "POST", "/v1/jobs/{id}/stored-result",
        "Its result out of the committee's store, sealed to the user.", "", small_bytes_max, 5},
  route{action::echo, "POST", "/v1/echo", "Times every validator from here.", "", small_bytes_max,
        20},
  route{action::transaction, "POST", "/v1/transactions", "A Heavy Chain transaction.", "wait_ms",
        small_bytes_max * 3, 5},
  route{action::fast_transaction, "POST", "/v1/fast-transactions", "A Fast Chain transaction.",
        "wait_ms", text_bytes_max, 5},
};

std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);  // '/'
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& arguments) {
  arguments.clear();
  while (!pattern.empty() && !path.empty()) {
    const auto want = next_segment(pattern);
    const auto have = next_segment(path);
    if (want.starts_with('{') && !have.empty())
      arguments.emplace_back(have);
    else if (want != have)
      return false;
  }
  return pattern.empty() && path.empty();
}

json::array parameters_of(const route& x) {
  json::array list;
  for (auto rest = x.pattern; rest.find('{') != std::string_view::npos;) {
    rest.remove_prefix(rest.find('{') + 1);
    list.push_back(json::object{{"name", std::string{rest.substr(0, rest.find('}'))}},
                                {"in", "path"},
                                {"required", true},
                                {"schema", {{"type", "string"}}}});
  }
  for (auto rest = x.query; !rest.empty();) {
    const auto name = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    list.push_back(json::object{{"name", std::string{name}},
                                {"in", "query"},
                                {"schema", {{"type", "string"}}}});
  }
  return list;
}

}  // namespace

std::span<const route> routes() { return table; }

match find_route(std::string_view method, std::string_view path) {
  match result;
  std::vector<std::string> arguments;
  if (path.empty() || path.front() != '/')
    return result;
  for (const auto& x : table) {
    if (!fits(x.pattern, path, arguments))
      continue;
    if (x.method == method) {
      result.found = &x;
      result.arguments = std::move(arguments);
      return result;
    }
    result.allowed += (result.allowed.empty() ? "" : ", ") + std::string{x.method};
  }
  return result;
}

std::uint64_t body_limit(std::string_view method, std::string_view path) {
  const auto found = find_route(method, path).found;
  return found ? found->body_bytes_max : 0;
}

std::uint32_t request_cost(std::string_view method, std::string_view path) {
  const auto found = find_route(method, path).found;
  return found ? found->cost : 1;
}

json::value openapi(const std::string& version) {
  json::object paths;
  for (const auto& x : table) {
    std::string method{x.method};
    for (auto& c : method)
      c = static_cast<char>(c + 32);
    json::object operation{{"summary", x.summary},
                           {"parameters", parameters_of(x)},
                           {"responses",
                            {{"default", {{"description", "The answer, or a problem (RFC 9457)."}}}}}};
    if (is_signed(x)) {
      operation["security"] = json::array{json::object{{"signature", json::array{}}}};
      operation["x-body-bytes-max"] = x.body_bytes_max;
    }
    auto& path = paths[std::string{x.pattern}];
    if (!path.is_object())
      path = json::object{};
    path.as_object()[method] = std::move(operation);
  }
  return json::object{
    {"openapi", "3.1.0"},
    {"info", {{"title", "Datagen gateway"}, {"version", version}}},
    {"paths", std::move(paths)},
    {"components",
     {{"securitySchemes",
       {{"signature",
         {{"type", "apiKey"},
          {"in", "header"},
          {"name", "Signature"},
          {"description",
           "RFC 9421 over @method, @path and content-digest, Ed25519, keyid = address"}}}}}}}};
}

}  // namespace datagen::web
