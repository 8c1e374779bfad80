// Small questions to the gateway: genesis, job, account, validators, blocks.

#include "tools/datagen/api_client.hpp"
#include "tools/datagen/commands.hpp"
#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/json_fields.hpp"

#include "protocol/chain/genesis.hpp"

#include <algorithm>
#include <iostream>

namespace datagen::tools {

using namespace protocol;
namespace json = boost::json;

namespace {

struct query_arguments {
  std::string api = api_default, subject, output;
  std::uint32_t limit = 20;
  bool json = false;
};

using table = std::vector<std::vector<std::string>>;

void print_columns(const table& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths.resize(std::max(widths.size(), row.size()));
      widths[i] = std::max(widths[i], row[i].size());
    }
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      std::cout << row[i] << (last ? "\n" : std::string(widths[i] - row[i].size() + 2, ' '));
    }
}

/// A list of the API as columns: `names` of fields, also the heads.
exit_code show_list(const query_arguments& x, const std::string& target,
                    const std::vector<std::string>& names) {
  const auto page = api_client{x.api}.get(target + "?limit=" + std::to_string(x.limit));
  const auto& items = list_field(page, "items");
  if (x.json) {
    std::cout << page << '\n';
    return exit_ok;
  }
  table rows = {names};
  for (const auto& item : items) {
    rows.emplace_back();
    for (const auto& name : names)
      rows.back().push_back(shown_field(item, name));
  }
  print_columns(rows);
  return exit_ok;
}

/// One object as two columns; lists and objects inside as JSON.
exit_code show_one(const query_arguments& x, const std::string& target,
                   const std::vector<std::string>& hidden = {}) {
  const auto answer = api_client{x.api}.get(target);
  if (x.json) {
    std::cout << answer << '\n';
    return exit_ok;
  }
  std::vector<std::pair<std::string, std::string>> rows;
  if (const auto* object = answer.if_object())
    for (const auto& [name, value] : *object)
      if (std::find(hidden.begin(), hidden.end(), name) == hidden.end())
        rows.emplace_back(name, shown_field(answer, name));
  print_table(rows);
  return exit_ok;
}

exit_code show_job(const query_arguments& x) {
  const auto target = "/v1/jobs/" + x.subject;
  if (const auto code = show_one(x, target, {"timeline"}); x.json || code != exit_ok)
    return code;
  const auto job = api_client{x.api}.get(target);
  table rows;
  for (const auto& step : list_field(job, "timeline"))
    rows.push_back({shown_field(step, "step"), shown_field(step, "chain"),
                    shown_field(step, "height"), shown_field(step, "text")});
  std::cout << '\n';
  print_columns(rows);
  return exit_ok;
}

exit_code show_account(const query_arguments& x) {
  if (x.json)
    return show_one(x, "/v1/accounts/" + x.subject);
  const auto answer = api_client{x.api}.get("/v1/accounts/" + x.subject);
  const auto balance = from_decimal(text_field(answer, "balance"));
  if (!balance)
    wrong_field("balance", "an amount");
  print_table({{"address", text_field(answer, "address")},
               {"balance", to_text(amount{*balance})},
               {"nonce", shown_field(answer, "nonce")},
               {"sessions", json::serialize(list_field(answer, "sessions"))}});
  return exit_ok;
}

exit_code fetch_genesis(const query_arguments& x) {
  const auto raw = api_client{x.api}.get_bytes("/v1/genesis");
  const auto start = decode<genesis>({reinterpret_cast<const std::uint8_t*>(raw.data()), raw.size()});
  if (!start)
    throw failure(exit_failed, x.api + " serves a genesis that does not decode");
  write_durably(x.output, raw);
  const auto name = to_hex(digest_of(*start));
  if (x.json)
    std::cout << json::object{{"name", start->name}, {"genesis", name}, {"file", x.output}} << '\n';
  else
    print_table({{"name", start->name}, {"genesis", name}, {"file", x.output}});
  return exit_ok;
}

std::string check_word(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  });
  return plain && !text.empty() ? std::string{} : "'" + text + "' is no address: dg1…";
}

}  // namespace

std::string check_job_id(const std::string& text) {
  return fixed_from_hex<job_id>(text) ? std::string{} : "'" + text + "' is no job id: 64 hex digits";
}

void add_queries(CLI::App& program, action& run) {
  const auto x = std::make_shared<query_arguments>();
  const auto shared = [&run, x](CLI::App* part, std::function<exit_code(const query_arguments&)> what) {
    add_api_option(*part, x->api);
    part->add_flag("--json", x->json, "JSON instead of a table");
    part->callback([&run, x, what] { run = [x, what] { return what(*x); }; });
  };
  const auto listed = [&](CLI::App* part, const std::string& target,
                          const std::vector<std::string>& names) {
    part->add_option("--limit", x->limit, "Newest entries to show (default 20)")
      ->check(CLI::Range(1, 200));
    shared(part, [target, names](const query_arguments& y) { return show_list(y, target, names); });
  };
  const auto group = [&program](const char* name, const char* what) {
    auto* result = program.add_subcommand(name, what);
    result->require_subcommand(1);
    return result;
  };
  auto* fetch = group("genesis", "The chain's first block")
                  ->add_subcommand("fetch", "Write its canonical bytes, for `verify`");
  fetch->add_option("--output", x->output, "The file to write")->required();
  shared(fetch, fetch_genesis);
  auto* job = group("job", "Jobs as the gateway knows them");
  auto* show = job->add_subcommand("show", "One job's figures and timeline");
  show->add_option("id", x->subject, "Job id")->required()->check(check_job_id);
  shared(show, show_job);
  add_ask_leaf(*job, run);
  add_missing_result(*job, run);
  listed(job->add_subcommand("list", "Newest jobs"), "/v1/jobs",
         {"id", "kernel", "validator", "units", "fee_nano", "state", "latency_us"});
  auto* accounts = group("account", "Accounts");
  add_transfer(*accounts, run);
  auto* account = accounts->add_subcommand("show", "Balance and sessions");
  account->add_option("address", x->subject, "dg1…")->required()->check(check_word);
  shared(account, show_account);
  listed(program.add_subcommand("validators", "Who computes, at what price"), "/v1/validators",
         {"id", "name", "standing", "ask_nano", "round_trip_us", "jobs_ordered", "audits_passed",
          "audits_failed"});
  auto* blocks = group("blocks", "Newest blocks of a chain");
  for (const std::string chain : {"heavy", "fast"})
    listed(blocks->add_subcommand(chain, "Newest blocks of the " + chain + " chain"),
           "/v1/chains/" + chain + "/blocks",
           {"height", "digest", "author", "transactions", "bytes", "certified"});
}

}  // namespace datagen::tools
