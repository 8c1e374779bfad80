#include "fake_gateway.hpp"

#include "protocol/crypto/bech32m.hpp"
#include "protocol/fast/transactions.hpp"
#include "protocol/job/echo.hpp"

#include <chrono>

namespace tools_test {

namespace {

http::response answer_json(const json::value& x, unsigned status = 200) {
  return {status, "application/json", {}, json::serialize(x)};
}

http::response answer_bytes(byte_view x) {
  return {200, "application/octet-stream", {}, {x.begin(), x.end()}};
}

http::response problem(unsigned status, const std::string& code, const std::string& detail) {
  return answer_json({{"status", status}, {"code", code}, {"detail", detail}}, status);
}

json::array stand_ins(fake_gateway::lie tells) {
  using lie = fake_gateway::lie;
  const bool any = tells == lie::silent || tells == lie::dear || tells == lie::stays_behind;
  return any ? json::array{1} : json::array{};
}

byte_view view(const std::string& x) {
  return {reinterpret_cast<const std::uint8_t*>(x.data()), x.size()};
}

std::string text(const json::value& x, const char* name) {
  return std::string{x.at(name).as_string()};
}

std::uint64_t now_s() {
  return static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch())
      .count());
}

}  // namespace

fake_gateway::fake_gateway() {
  const auto refused = server_.start({.body_bytes_max = 1 << 24}, *this);
  if (refused)
    problems.push_back(*refused);
}

void fake_gateway::handle(http::request r, http::responder answer) {
  std::lock_guard lock{mutex_};
  if (r.method == "GET")
    return answer(read(r));
  const auto who =
    datagen::web::check_request(r, sha256(view(r.body)), now_s(), nonces_, signature_checker{});
  if (!who.signer || *who.signer != account_key(0).identity) {
    problems.push_back(r.path + ": " + who.detail);
    return answer(problem(401, "bad_signature", who.detail));
  }
  answer(write(r));
}

http::response fake_gateway::read(const http::request& r) {
  const auto heavy = to_hex(heavy_chain_id(start));
  if (r.path == "/v1/status")
    return answer_json({{"genesis", tells == lie::wrong_genesis ? heavy : to_hex(digest_of(start))},
                        {"heavy", {{"chain", heavy}}}});
  if (r.path == "/v1/genesis")
    return answer_bytes(encode(start));
  if (r.path == "/v1/checkpoint")
    return checkpoint(r);
  if (r.path == "/v1/validators")
    return validators();
  if (r.path.starts_with("/v1/accounts/"))
    return answer_json({{"address", r.path.substr(13)},
                        {"balance", "1000000000000000000000"},
                        {"nonce", nonce},
                        {"sessions", json::array{}}});
  if (r.path.starts_with("/v1/sessions/"))
    return session(r.path.substr(13));
  if (r.path == "/v1/chains/heavy/blocks")
    return answer_json({{"items", {{{"height", 7}, {"digest", "ab"}, {"certified", true}}}},
                        {"next", nullptr}});
  if (!r.path.starts_with("/v1/jobs/") || jobs_.count(r.path.substr(9, 64)) == 0)
    return problem(404, "not_found", "there is no " + r.path);
  auto& x = jobs_.at(r.path.substr(9, 64));
  if (r.path.ends_with("/result"))
    return answer_bytes(view(tells == lie::wrong_output ? x.output + "!" : x.output));
  if (r.path.ends_with("/receipt"))
    return answer_bytes(encode_portable(x.paper));
  return show_job(x);
}

http::response fake_gateway::checkpoint(const http::request& r) const {
  if (r.query.count("epoch") > 0 && r.query.at("epoch") != "0")
    return problem(404, "not_found", "no certified block of Heavy epoch " + r.query.at("epoch"));
  auto said = datagen::web::checkpoint_json(
    {heavy_roster(start), 7, hash("heavy-block", std::uint64_t{7})});
  if (tells == lie::changed_checkpoint)
    said["height"] = 8;
  return answer_json(said);
}

http::response fake_gateway::validators() const {
  json::array items;
  for (std::uint32_t i = 0; i < start.validators.size(); ++i)
    items.emplace_back(json::object{
      {"id", i},
      {"name", start.validators[i].name},
      {"key", to_hex(validator_key(tells == lie::wrong_key ? i + 7 : i).identity)},
      {"ask_nano", start.validators[i].ask + (raised(i) ? 10 : 0)},
      {"standing", "active"}});
  return answer_json({{"items", std::move(items)}, {"next", nullptr}});
}

bool fake_gateway::raised(std::uint32_t validator) const {
  return !opened.empty() && (tells == lie::all_dear || (tells == lie::dear && validator == 2));
}

http::response fake_gateway::session(const std::string& id) const {
  const auto it = sessions_.find(std::stoull(id));
  if (it == sessions_.end())
    return problem(404, "unknown_session", "there is no session " + id);
  json::value paired = nullptr;
  if (it->second.second)
    paired = {{"validator", tells == lie::expelled && reports.size() > 1 ? 1 : 2},
              {"round_trip_us", 900}};
  return answer_json({{"id", id},
                      {"user", to_address(account_key(0).identity)},
                      {"bid_nano", it->second.first.bid},
                      {"paired", std::move(paired)},
                      {"stand_ins", stand_ins(tells)},
                      {"closed", false}});
}

http::response fake_gateway::write(const http::request& r) {
  if (r.path.starts_with("/v1/inputs/")) {
    if (r.path.substr(11) != to_hex(sha256(view(r.body))))
      problems.push_back("an input under another digest");
    inputs_[r.path.substr(11)] = r.body;
    return answer_json({{"digest", r.path.substr(11)}}, 201);
  }
  const auto body = json::parse(r.body);
  if (r.path == "/v1/echo")
    return echo(body);
  if (r.path == "/v1/transactions")
    return transaction(body);
  if (r.path == "/v1/jobs")
    return post_job(body);
  if (r.path == "/v1/fast-transactions") {
    if (tells == lie::no_fast_chain)
      return problem(422, "refused_by_chain", "not now");
    fast_said.push_back(*decode<fast::transaction>(*from_hex(text(body, "transaction"))));
    return answer_json({{"code", 0}});
  }
  acknowledged.push_back(*decode<acknowledgement>(*from_hex(text(body, "acknowledgement"))));
  return answer_json(json::object{});
}

http::response fake_gateway::echo(const json::value& body) {
  const echo_question question{heavy_chain_id(start),
                               {std::stoull(text(body, "session"))},
                               *fixed_from_hex<digest>(text(body, "nonce"))};
  const auto done = kernels_.run({.kernel = echo_kernel, .input = echo_input(question)});
  json::array entries;
  // 2 is fastest; 3 is faster but wrong; 1 answers under another validator's signature.
  for (std::uint32_t i = 0; i < 4; ++i) {
    const auto result = i == 3 ? hash("wrong") : result_root(done.output);
    const auto statement =
      ledger::echo_statement(question.chain, question.session, digest_of(question), {i}, result);
    entries.emplace_back(json::object{
      {"validator", i},
      {"round_trip_us", 1'000 - 100 * i},
      {"result", to_hex(result)},
      {"signature", to_hex(sign(validator_key(i == 1 ? 0 : i), statement))}});
  }
  return answer_json({{"package", to_hex(digest_of(question))}, {"entries", std::move(entries)}});
}

http::response fake_gateway::transaction(const json::value& body) {
  const auto x = decode<ledger::transaction>(*from_hex(text(body, "transaction")));
  if (!x || !verify(x->sender, ledger::transaction_statement(*x), x->by))
    problems.push_back("a transaction that is not signed");
  if (const auto* open = std::get_if<ledger::tx::open_session>(&x->body)) {
    if (tells == lie::refuses_session)
      return problem(422, "refused_by_chain", "escrow exceeds the free balance 1 DG");
    if (x->nonce != ++nonce)
      problems.push_back("a wrong nonce");
    sessions_[ledger::session_id_of(x->chain, x->sender, x->nonce).value] = {*open, false};
    opened.push_back(*open);
  }
  if (const auto* report = std::get_if<ledger::tx::echo_report>(&x->body)) {
    sessions_.at(report->session.value).second = true;
    reports.push_back(*report);
  }
  return answer_json({{"height", 3}, {"code", 0}, {"reason", ""}});
}

http::response fake_gateway::post_job(const json::value& body) {
  auto order = decode<signed_ticket>(*from_hex(text(body, "ticket")));
  orders.push_back(*order);
  const auto parameters = text(body, "parameters");
  const auto input = inputs_[text(body, "input")];
  if (sha256(view(parameters)) != order->content.parameters ||
      sha256(view(input)) != order->content.input)
    problems.push_back("a ticket for other bytes");
  const auto done = kernels_.run(
    {.kernel = order->content.kernel.name, .params = parameters, .input = view(input)});
  if (done.units != order->content.units_max)
    problems.push_back("the ticket does not buy exactly enough");
  const auto id = to_hex(job_id_of(order->content));
  if (tells == lie::foreign_ticket) {
    order->content.declared_value += 1;
    order->user = sign(account_key(0), ticket_statement(order->content));
  }
  job x{*order, {done.output.begin(), done.output.end()},
        promise(*order, account_key(0).identity, nonce, done.units, done.output)};
  if (tells == lie::forged_receipt)
    x.paper.held.validator.value[5] ^= 1;
  jobs_.insert_or_assign(id, std::move(x));
  return answer_json({{"id", id}}, 202);
}

http::response fake_gateway::show_job(job& x) {
  const auto step = [](const char* name, std::uint64_t height) {
    return json::object{{"step", name}, {"height", height}, {"chain", "fast"}, {"text", name}};
  };
  const auto id = to_hex(x.paper.held.content.job);
  if (tells == lie::refuses_job)
    return answer_json({{"id", id}, {"state", "refused"}, {"code", "lane_overdrawn"},
                        {"reason", "the lane has 0 DG left"}});
  if (tells == lie::expelled && x.order.content.validator == validator_id{2}) {
    if (reports.size() == 1)
      sessions_.begin()->second.second = false;
    return answer_json({{"id", id}, {"state", "refused"}, {"code", "not_serving"},
                        {"reason", "validator 2 takes no jobs at present"}});
  }
  if ((tells == lie::behind && orders.size() < 3) ||
      (tells == lie::stays_behind && x.order.content.attempt == 0))
    return answer_json({{"id", id}, {"state", "refused"}, {"code", "wrong_validator"},
                        {"reason", "the session is not paired with validator 2"}});
  const auto attempt = x.order.content.attempt;
  if (tells == lie::silent && attempt == 0)
    return answer_json({{"id", id}, {"state", "refused"}, {"code", "timed_out"},
                        {"reason", "validator 2 gave no sign of life for 1500 ms"}});
  if (tells == lie::block_first && x.looks == 0 && early_looks_++ < 3)
    return answer_json({{"id", id}, {"state", "ordered"}, {"attempt", 0}, {"latency_us", nullptr}});
  static constexpr const char* states[] = {"running", "returned", "ordered", "settled", "audited"};
  const auto at = std::min(x.looks++, 4);
  json::array timeline;
  if (at == 2)
    order(start, x.paper);
  if (at == 3)
    settle(start, x.paper);
  if (at == 4 && x.paper.heavy.size() == 1)
    audit(start, x.paper);
  if (at >= 2)
    timeline.push_back(step("ordered", 812));
  json::value verdict = nullptr;
  if (at == 4)
    verdict = {{"outcome", "pass"}, {"rule", "h1"}};
  return answer_json({{"id", id}, {"state", states[at]}, {"attempt", attempt}, {"latency_us", 4'200},
                      {"timeline", std::move(timeline)}, {"verdict", std::move(verdict)}});
}

}  // namespace tools_test
