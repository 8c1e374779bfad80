// The gateway's answers to GET: from read models, or after a word with an author or the archive.

#include "actors/gateway.hpp"

#include "actors/gateway/page.hpp"
#include "actors/gateway/query.hpp"
#include "actors/gateway/views.hpp"

namespace datagen {

using namespace protocol;
using namespace web;

namespace {

http::response unknown_job(const std::string& id) {
  return not_found("no job '" + id.substr(0, 80) + "' is known here");
}

std::optional<chain_kind> chain_of(const std::string& name) {
  if (name == "heavy")
    return chain_kind::heavy;
  if (name == "fast")
    return chain_kind::fast;
  return std::nullopt;
}

}  // namespace

void gateway_state::serve(const v1::web_request& request) {
  const auto& ask = request.what;
  const auto matched = find_route(ask->ask.method, ask->ask.path);
  if (matched.found)
    return dispatch(ask, *matched.found, matched.arguments);
  if (!matched.allowed.empty()) {
    auto refusal = problem_answer(405, "method_not_allowed",
                                  ask->ask.path + " takes " + matched.allowed + ", not " +
                                    ask->ask.method.substr(0, 20));
    refusal.headers["Allow"] = matched.allowed;
    return ask->answer(std::move(refusal));
  }
  if (ask->ask.method == "GET")
    if (auto file = page_answer(ask->ask))
      return ask->answer(std::move(*file));
  ask->answer(not_found("there is nothing at " + ask->ask.path.substr(0, 200)));
}

void gateway_state::dispatch(const shared_exchange& ask, const route& what,
                             const arguments& args) {
  ++requests_[std::string{what.method} + " " + std::string{what.pattern}];
  if (!is_signed(what))
    return answer_read(ask, what.what, args);
  const auto verdict =
    check_request(ask->ask, ask->body, config_.context.net->now().unix_ms / 1000, *nonces_,
                  *config_.context.signatures);
  if (!verdict.signer)
    return ask->answer(problem_answer(verdict.status, verdict.code, verdict.detail));
  ask->signer = *verdict.signer;
  switch (what.what) {
    case action::put_input: return ask->answer(put_input(*ask, args[0]));
    case action::post_job: return post_job(ask);
    case action::acknowledge: return acknowledge(ask, args[0]);
    case action::stored_result: return post_stored_result(ask, args[0]);
    case action::echo: return start_echo(ask);
    case action::transaction: return post_transaction(ask, chain_kind::heavy);
    case action::fast_transaction: return post_transaction(ask, chain_kind::fast);
    default: invariant(false, "a signed route without a handler");
  }
}

void gateway_state::answer_read(const shared_exchange& ask, action what, const arguments& args) {
  const auto& origin = *config_.context.chain;
  switch (what) {
    case action::live: return ask->answer(json_answer({{"alive", true}}));
    case action::ready: return ask->answer(ready_answer());
    case action::metrics: return ask->answer(metrics_answer());
    case action::openapi: return ask->answer(json_answer(openapi(config_.version)));
    case action::status:
      return ask->answer(json_answer(status_json(
        origin, models_,
        {config_.version, config_.context.net->now().unix_ms, heavy_.live_ms(),
         committees_.newest(chain_kind::heavy).members.size(),
         committees_.newest(chain_kind::fast).members.size()})));
    case action::genesis: return ask->answer(bytes_answer(encode(origin)));
    case action::genesis_json: return ask->answer(json_answer(genesis_json(origin)));
    case action::params:
      return ask->answer(list_answer(params_json(heavy_.view().rules()), std::nullopt));
    case action::economics: return ask->answer(economics_answer());
    case action::committees: return ask->answer(committees_answer());
    case action::checkpoint: return ask->answer(checkpoint_answer(ask->ask));
    case action::blocks: return answer_blocks(ask, args[0]);
    case action::block: return answer_block(ask, args);
    case action::validators: return ask->answer(validators_answer());
    case action::validator: return ask->answer(validator_answer(args[0]));
    case action::account: return answer_account(ask, args[0]);
    case action::sessions: return ask->answer(sessions_answer(ask->ask));
    case action::session: return answer_session(ask, args[0]);
    case action::pairings: return ask->answer(pairings_answer(ask->ask));
    case action::audits: return ask->answer(audits_answer(ask->ask));
    case action::proposals: return answer_proposals(ask);
    case action::jobs: return ask->answer(jobs_answer(ask->ask));
    case action::job: return answer_job(ask, args[0]);
    case action::job_result: return answer_result(ask, args[0]);
    case action::job_receipt: return ask->answer(receipt_answer(args[0]));
    case action::delivery_claim: return answer_delivery_claim(ask, args[0]);
    default: invariant(false, "a route without a handler");
  }
}

// Blocks ---------------------------------------------------------------------------------------------

void gateway_state::answer_blocks(const shared_exchange& ask, const std::string& chain_name) {
  const auto which = chain_of(chain_name);
  const auto page = page_of(ask->ask);
  if (!which)
    return ask->answer(not_found("chains are heavy and fast, not '" + chain_name.substr(0, 40) + "'"));
  if (!page.wrong.empty())
    return ask->answer(bad_query(page.wrong));
  const auto& index = models_.of(*which);
  const auto top = page.cursor.value_or(~0ULL);
  const auto finish = [this, ask, limit = page.limit,
                       x = *which](const std::vector<v1::block_news>& blocks) {
    json::array items;
    for (const auto& block : blocks)
      items.push_back(block_item(x, block, models_));
    const auto last = blocks.empty() ? 0 : blocks.back().height;
    ask->answer(list_answer(std::move(items), blocks.size() == limit && last > 1
                                                ? std::optional{last - 1}
                                                : std::nullopt));
  };
  std::vector<v1::block_news> blocks;
  for (const auto* block : index.page(top, page.limit))
    blocks.push_back(block->news);
  const auto below = blocks.empty() ? std::min(top, index.height()) + 1 : blocks.back().height;
  if (blocks.size() == page.limit || below <= 1 || !config_.archive)
    return finish(blocks);
  self_
    ->request(config_.archive, std::chrono::milliseconds{config_.query_timeout_ms},
              v1::commits_query{static_cast<std::uint8_t>(*which), 0, below - 1,
                                static_cast<std::uint32_t>(page.limit - blocks.size())})
    .then(
      [finish, blocks](const v1::commits_reply& reply) mutable {
        for (const auto& raw : reply.blocks)
          if (auto news = decode<v1::block_news>(raw))
            blocks.push_back(std::move(*news));
        finish(blocks);
      },
      [finish, blocks](const caf::error&) { finish(blocks); });
}

void gateway_state::answer_block(const shared_exchange& ask, const arguments& args) {
  const auto which = chain_of(args[0]);
  if (!which)
    return ask->answer(not_found("chains are heavy and fast, not '" + args[0].substr(0, 40) + "'"));
  const auto& index = models_.of(*which);
  const auto id = fixed_from_hex<digest>(args[1]);
  const auto height = id ? std::nullopt : number_from(args[1]);
  const auto* found = id ? index.find(*id) : height ? index.at(*height) : nullptr;
  if (found)
    return ask->answer(json_answer(block_detail(*which, found->news, found->certifiers, models_)));
  const auto missing = not_found("the " + args[0] + " chain has no block '" +
                                 args[1].substr(0, 80) + "' here; it is at height " +
                                 std::to_string(index.height()));
  if (!height || *height > index.height() || !config_.archive)
    return ask->answer(missing);
  self_
    ->request(config_.archive, std::chrono::milliseconds{config_.query_timeout_ms},
              v1::commits_query{static_cast<std::uint8_t>(*which), *height, *height, 1})
    .then(
      [this, ask, missing, x = *which](const v1::commits_reply& reply) {
        const auto news =
          reply.blocks.empty() ? std::nullopt : decode<v1::block_news>(reply.blocks.front());
        ask->answer(news ? json_answer(block_detail(x, *news, {}, models_)) : missing);
      },
      [ask, missing](const caf::error&) { ask->answer(missing); });
}

// Records of Heavy's state -----------------------------------------------------------------------------

void gateway_state::answer_account(const shared_exchange& ask, const std::string& text) {
  const auto id = from_address(text);
  if (!id)
    return ask->answer(not_found("'" + text.substr(0, 80) + "' is no account address"));
  query(v1::state_kind::account, encode(*id), [this, ask, id = *id](const v1::state_reply* reply) {
    if (!reply)
      return ask->answer(author_silent(config_.query_timeout_ms));
    const auto account =
      reply->record ? decode<ledger::account>(*reply->record) : std::optional{ledger::account{}};
    if (!account)
      return ask->answer(problem_answer(500, "malformed", "the author's record does not decode"));
    const auto sessions = sessions_of_.find(id);
    ask->answer(json_answer(
      json::object{{"address", address(id)},
                   {"balance", form(account->balance)},
                   {"nonce", account->nonce},
                   {"sessions", sessions == sessions_of_.end() ? json::value(json::array{})
                                                               : form(sessions->second)}}));
  });
}

void gateway_state::answer_session(const shared_exchange& ask, const std::string& text) {
  const auto number = number_from(text);
  if (!number)
    return ask->answer(not_found("'" + text.substr(0, 40) + "' is no session number"));
  const session_id id{*number};
  query(v1::state_kind::session, encode(id), [this, ask, id](const v1::state_reply* reply) {
    const auto record =
      reply && reply->record ? decode<ledger::session_record>(*reply->record) : std::nullopt;
    if (record)
      return ask->answer(json_answer(session_detail(id, *record)));
    if (const auto* known = heavy_.view().find(id))  // settled and gone, or the author is silent
      return ask->answer(json_answer(session_item(id, *known)));
    ask->answer(reply ? not_found("there is no session " + std::to_string(id.value))
                      : author_silent(config_.query_timeout_ms));
  });
}

http::response gateway_state::economics_answer() const {
  const auto* newest = models_.heavy.newest();
  const auto chain_ms = newest ? newest->news.timestamp_ms : config_.context.chain->time_ms;
  return json_answer(economics_json(*config_.context.chain, heavy_.view().rules(), chain_ms));
}

http::response gateway_state::sessions_answer(const http::request& ask) const {
  const auto user = ask.query.find("user");
  const auto id = user == ask.query.end() ? std::nullopt : from_address(user->second);
  const auto page = page_of(ask);
  if (!id)
    return bad_query("user must be an account address, dg1…");
  if (!page.wrong.empty())
    return bad_query(page.wrong);
  json::array items;
  std::optional<std::uint64_t> next;
  if (const auto known = sessions_of_.find(*id); known != sessions_of_.end())
    for (auto it = known->second.lower_bound({page.cursor.value_or(0)});
         it != known->second.end(); ++it) {
      if (items.size() == page.limit) {
        next = it->value;
        break;
      }
      if (const auto* session = heavy_.view().find(*it))
        items.push_back(session_item(*it, *session));
    }
  return list_answer(std::move(items), next);
}

http::response gateway_state::validators_answer() const {
  json::array items;
  for (const auto& [id, entry] : models_.validators.all()) {
    const auto record = models_.records.validators.find(id);
    items.push_back(validator_item(
      id, entry, record == models_.records.validators.end() ? nullptr : &record->second));
  }
  return list_answer(std::move(items), std::nullopt);
}

http::response gateway_state::validator_answer(const std::string& text) const {
  const auto number = number_from(text);
  const auto* entry = number && *number <= UINT32_MAX
                        ? models_.validators.find({static_cast<std::uint32_t>(*number)})
                        : nullptr;
  if (!entry)
    return not_found("there is no validator '" + text.substr(0, 40) + "'; " +
                     std::to_string(models_.validators.all().size()) + " are known");
  const validator_id id{static_cast<std::uint32_t>(*number)};
  const auto record = models_.records.validators.find(id);
  return json_answer(validator_detail(
    id, *entry, record == models_.records.validators.end() ? nullptr : &record->second));
}

// Jobs and audits ---------------------------------------------------------------------------------------

namespace {

/// A number of the query that picks entries; nothing picks all.
struct pick {
  std::optional<std::uint64_t> number;
  std::string wrong;  ///< A sentence when it is no number.
  bool operator()(std::uint64_t x) const { return !number || *number == x; }
};

pick pick_of(const http::request& ask, const char* name) {
  pick x;
  if (const auto it = ask.query.find(name); it != ask.query.end()) {
    x.number = number_from(it->second);
    if (!x.number)
      x.wrong = std::string{name} + " is '" + it->second.substr(0, 40) + "'; a number is expected";
  }
  return x;
}

/// A page of the entries that `wanted` accepts, newest first.
template <class Index, class Wanted, class Show>
http::response newest(const http::request& ask, const Index& index, Wanted wanted, Show show) {
  const auto page = page_of(ask);
  if (!page.wrong.empty())
    return bad_query(page.wrong);
  json::array items;
  auto below = page.cursor.value_or(~0ULL);
  for (auto found = index.page(below, page_max); !found.empty();
       found = index.page(below, page_max))
    for (const auto* entry : found) {
      if (items.size() == page.limit)
        return list_answer(std::move(items), below);
      below = entry->number;
      if (wanted(*entry))
        items.push_back(show(*entry));
    }
  return list_answer(std::move(items), std::nullopt);
}

}  // namespace

http::response gateway_state::jobs_answer(const http::request& ask) const {
  const auto validator = pick_of(ask, "validator");
  const auto session = pick_of(ask, "session");
  if (!validator.wrong.empty() || !session.wrong.empty())
    return bad_query(validator.wrong.empty() ? session.wrong : validator.wrong);
  return newest(
    ask, models_.jobs,
    [&](const job_entry& x) { return validator(x.validator.value) && session(x.session.value); },
    [](const job_entry& x) { return job_item(x); });
}

http::response gateway_state::audits_answer(const http::request& ask) const {
  const auto validator = pick_of(ask, "validator");
  if (!validator.wrong.empty())
    return bad_query(validator.wrong);
  return newest(
    ask, models_.audits, [&](const audit_entry& x) { return validator(x.validator.value); },
    [](const audit_entry& x) { return audit_item(x); });
}

http::response gateway_state::pairings_answer(const http::request& ask) const {
  const auto validator = pick_of(ask, "validator");
  const auto page = page_of(ask);
  if (!page.wrong.empty() || !validator.wrong.empty())
    return bad_query(page.wrong.empty() ? validator.wrong : page.wrong);
  json::array items;
  const auto& sessions = heavy_.view().sessions;
  for (auto it = sessions.lower_bound({page.cursor.value_or(0)}); it != sessions.end(); ++it) {
    const auto& [id, session] = *it;
    if (!session.open || !session.paired || !validator(session.paired->value))
      continue;
    if (items.size() == page.limit)
      return list_answer(std::move(items), id.value);
    items.push_back(session_item(id, session));
  }
  return list_answer(std::move(items), std::nullopt);
}

std::optional<std::uint64_t> gateway_state::wait_of(const shared_exchange& ask,
                                                    std::uint64_t otherwise) {
  const auto it = ask->ask.query.find("wait_ms");
  if (it == ask->ask.query.end())
    return otherwise;
  const auto wait = number_from(it->second);
  if (wait && *wait <= config_.wait_ms_max)
    return wait;
  ask->answer(bad_query("wait_ms is '" + it->second.substr(0, 40) + "'; 0 to " +
                        std::to_string(config_.wait_ms_max) + " are allowed"));
  return std::nullopt;
}

void gateway_state::answer_job(const shared_exchange& ask, const std::string& text) {
  const auto id = fixed_from_hex<job_id>(text);
  const auto* job = id ? models_.jobs.find(*id) : nullptr;
  if (!job)
    return ask->answer(unknown_job(text));
  const auto wait_ms = wait_of(ask, 0);
  if (!wait_ms)
    return;
  const auto seen = ask->ask.query.find("seen");
  const std::string known = seen == ask->ask.query.end() ? "running" : seen->second;
  if (*wait_ms == 0 || known != to_string(job->state))
    return ask->answer(json_answer(job_detail(*job)));
  const auto number = after(*wait_ms, [this, id = *id, key = next_number_] {
    const auto waiting = waits_.extract(key);
    const auto* still = models_.jobs.find(id);
    waiting.mapped().ask->answer(still ? json_answer(job_detail(*still)) : unknown_job(to_hex(id)));
  });
  waits_.emplace(number, job_wait{ask, *id, known});
}

void gateway_state::answer_result(const shared_exchange& ask, const std::string& text) {
  const auto id = fixed_from_hex<job_id>(text);
  const auto* job = id ? models_.jobs.find(*id) : nullptr;
  if (!job)
    return ask->answer(unknown_job(text));
  const auto saved = saved_.find(*id);
  if (saved != saved_.end() && saved->second.code != ec::ok)
    return ask->answer(problem_answer(saved->second.code, saved->second.reason));
  if (saved == saved_.end() || !saved->second.receipt)
    return ask->answer(not_found(std::string{"this gateway holds no result; the job is "} +
                                 to_string(job->state)));
  const auto bytes_expected = saved->second.output_bytes;
  find_content(saved->second.result.root, [ask, bytes_expected](std::optional<blob> found) {
    ask->answer(found ? bytes_answer(found->view())
                      : problem_answer(410, "result_expired",
                                       "the output of " + std::to_string(bytes_expected) +
                                         " bytes is no longer kept here"));
  });
}

}  // namespace datagen
