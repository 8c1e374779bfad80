// The gateway's answers to signed writes: uploads, jobs, acknowledgements, Echoes, transactions.

#include "actors/gateway.hpp"

#include "actors/echo_work.hpp"
#include "actors/gateway/body_fields.hpp"
#include "actors/gateway/query.hpp"
#include "actors/gateway/views.hpp"
#include "actors/job_door.hpp"
#include "actors/storage/rows.hpp"

namespace datagen {

using namespace protocol;
using namespace web;

// Content ----------------------------------------------------------------------------------------------

void gateway_state::keep_blob(const digest& id, const blob& data) {
  if (!config_.archive)
    return;
  const auto now = config_.context.net->now().unix_ms;
  auto batch = std::make_shared<storage::write_batch>();
  batch->blobs.push_back(
    {id, now, now + config_.blob_keep_ms, bytes{data.view().begin(), data.view().end()}});
  // A full content store refuses: then memory is all there is, and nothing else is lost.
  self_->request(config_.archive, std::chrono::seconds{30}, v1::archive_write{std::move(batch)})
    .then([](const v1::archive_written&) {}, [](const caf::error&) {});
}

void gateway_state::find_content(const digest& id, std::function<void(std::optional<blob>)> then) {
  if (id == sha256({}))
    return then(blob{});
  for (const auto* store : {&*inputs_, &*outputs_})
    if (auto found = store->find(id))
      return then(std::move(found));
  if (!config_.archive)
    return then(std::nullopt);
  self_
    ->request(config_.archive, std::chrono::milliseconds{config_.query_timeout_ms},
              v1::content_query{id})
    .then(
      [then](const v1::content_reply& reply) {
        then(reply.code == ec::ok ? std::optional{reply.data} : std::nullopt);
      },
      [then](const caf::error&) { then(std::nullopt); });
}

http::response gateway_state::put_input(exchange& ask, const std::string& text) {
  const auto id = fixed_from_hex<digest>(text);
  const auto size = ask.ask.body.size();
  if (!id)
    return problem_answer(ec::malformed, "an input's path ends in the 64 hex digits of its SHA-256");
  if (*id != ask.body)
    return problem_answer(ec::wrong_digest, "the body's " + std::to_string(size) +
                                              " bytes have the SHA-256 " + to_hex(ask.body));
  blob data{bytes{ask.ask.body.begin(), ask.ask.body.end()}};
  keep_blob(*id, data);
  if (!inputs_->put(*id, std::move(data)))
    return problem_answer(ec::too_large, std::to_string(size) + " bytes; at most " +
                                           std::to_string(config_.inputs_bytes_max) + " are kept");
  return json_answer(json::object{{"digest", text}, {"bytes", size}}, 201);
}

// Jobs -----------------------------------------------------------------------------------------------------

void gateway_state::post_job(const shared_exchange& ask) {
  body_fields body{*ask};
  const auto order = body.decoded<signed_ticket>("ticket");
  const auto parameters = body.text("parameters");
  const auto input = fixed_from_hex<digest>(body.text("input"));
  body.require(input.has_value(), "\"input\" must be the 64 hex digits of its SHA-256");
  if (!body.wrong().empty())
    return ask->answer(problem_answer(ec::malformed, body.wrong()));
  const auto& content = order->content;
  const auto id = job_id_of(content);
  const bytes parameter_bytes{parameters.begin(), parameters.end()};
  // Before anything is kept: a forged ticket must never stand in for the job that it names.
  if (auto why = check_order(*order, heavy_.view(), heavy_chain_, *config_.context.signatures);
      why.code != ec::ok)
    return ask->answer(problem_answer(why.code, std::move(why.reason)));
  if (content.input != *input || content.parameters != sha256(parameter_bytes))
    return ask->answer(problem_answer(
      ec::wrong_digest, "the ticket names other bytes than the input " + to_hex(*input) +
                          " and the " + std::to_string(parameters.size()) + " bytes of parameters"));
  if (const auto known = saved_.find(id);
      known != saved_.end() && known->second.order.content.attempt >= content.attempt) {
    if (known->second.order != *order)
      return ask->answer(problem_answer(
        ec::replayed_ticket, "job " + to_hex(id) + " has attempt " +
                               std::to_string(known->second.order.content.attempt) + " already"));
    if (known->second.code == ec::ok)
      return ask->answer(json_answer(json::object{{"id", form(id)}}, 202));
    // Refused before, and nothing was promised: the same ticket may be tried again.
  }
  if (jobs_.size() >= config_.open_jobs_max)
    return ask->answer(
      problem_answer(ec::busy, std::to_string(jobs_.size()) + " jobs are open here; try again"));
  find_content(*input, [this, ask, order = *order, input = *input,
                        parameter_bytes](std::optional<blob> found) {
    if (!found)
      return ask->answer(problem_answer(ec::unknown_content, "upload the input " + to_hex(input) +
                                                               " first: PUT /v1/inputs/…"));
    send_job(ask, order, blob{parameter_bytes}, std::move(*found));
  });
}

void gateway_state::send_job(const shared_exchange& ask, const signed_ticket& order,
                             blob parameters, blob input) {
  const auto& content = order.content;
  const auto id = job_id_of(content);
  const job_key key{id, content.attempt};
  const auto now = config_.context.net->now().unix_ms;
  const auto deadline_number = after(config_.job_timeout_ms, [this, key] {
    hear(v1::job_refused{key.first, key.second, ec::timed_out,
                         "no answer within " + std::to_string(config_.job_timeout_ms) + " ms"});
  });
  jobs_[key] = {.order = order,
                .sent_us = config_.context.net->now_us(),
                .deadline = deadline_number,
                .heard_ms = config_.context.net->now().monotonic_ms};
  auto& job = saved_[id];
  let_go(job);
  job = saved_job{.order = order, .submitted_ms = now};
  saved_order_.emplace_back(now, id);
  forget_saved();
  models_.jobs.submitted(content, now);
  config_.context.net->send(config_.self, config_.router,
                            v1::job_request{order, std::move(parameters), std::move(input)});
  ask->answer(json_answer(json::object{{"id", form(id)}}, 202));
  job_changed(id);
}

void gateway_state::forget_saved() {
  while (saved_order_.size() > config_.models.jobs.jobs_max) {
    const auto [submitted_ms, id] = saved_order_.front();
    saved_order_.pop_front();
    if (config_.archive)
      gathered_->records.push_back(
        {std::string{job_records}, job_record_key(submitted_ms, id), std::nullopt});
    if (const auto it = saved_.find(id); it != saved_.end() && it->second.submitted_ms == submitted_ms) {
      let_go(it->second);
      saved_.erase(it);
    }
  }
}

void gateway_state::save(const saved_job& job) {
  if (config_.archive)
    gathered_->records.push_back({std::string{job_records},
                                  job_record_key(job.submitted_ms, job_id_of(job.order.content)),
                                  encode(job)});
}

void gateway_state::hear(const v1::job_reply& reply) {
  const auto& leaf = reply.receipt.content;
  const auto open = jobs_.find({leaf.job, leaf.attempt()});
  if (open == jobs_.end() || open->second.order != reply.receipt.order)
    return;
  const auto latency_us = config_.context.net->now_us() - open->second.sent_us;
  const auto now = config_.context.net->now().unix_ms;
  // One answer is enough: other attempts are not asked after any more.
  for (auto it = jobs_.lower_bound({leaf.job, 0}); it != jobs_.end() && it->first.first == leaf.job;) {
    deadlines_.erase(it->second.deadline);
    it = jobs_.erase(it);
  }
  models_.results_us.add(latency_us);
  models_.jobs.returned(reply, reply.output.size(), now, latency_us);
  outputs_->put(reply.result.root, reply.output);
  keep_blob(reply.result.root, reply.output);
  if (const auto it = saved_.find(leaf.job); it != saved_.end()) {
    auto& job = it->second;
    job.order = reply.receipt.order;  // of an earlier attempt, where its answer came late
    job.code = ec::ok;
    job.reason.clear();
    job.returned_ms = now;
    job.latency_us = latency_us;
    job.receipt = reply.receipt;
    job.salt = reply.salt;
    job.result = reply.result;
    job.output_bytes = reply.output.size();
    if (const auto* session = heavy_.view().find(leaf.session)) {
      job.user = session->user;
      job.session_nonce = session->nonce;
    }
    save(job);
  }
  job_changed(leaf.job);
}

void gateway_state::hear(const v1::job_refused& refusal) {
  const auto open = jobs_.find({refusal.job, refusal.attempt});
  if (open == jobs_.end())
    return;
  const bool told = open->second.silent;
  if (refusal.code == ec::unreachable) {  // no word of the validator: it may answer after all
    open->second.silent = true;
    if (!told)
      say_refused(refusal);
    return;
  }
  deadlines_.erase(open->second.deadline);
  jobs_.erase(open);
  if (!told)
    say_refused(refusal);
}

void gateway_state::say_refused(const v1::job_refused& refusal) {
  const auto now = config_.context.net->now().unix_ms;
  if (!models_.jobs.refused(refusal, now))
    return;
  if (const auto it = saved_.find(refusal.job); it != saved_.end()) {
    it->second.returned_ms = now;
    it->second.code = refusal.code;
    it->second.reason = refusal.reason;
    save(it->second);
  }
  job_changed(refusal.job);
}

void gateway_state::hear(const v1::job_working& sign) {
  if (const auto open = jobs_.find({sign.job, sign.attempt}); open != jobs_.end())
    open->second.heard_ms = config_.context.net->now().monotonic_ms;
}

/// Asks after every open job. Where its validator gives no sign, the user, who alone can sign the
/// next attempt, is told.
void gateway_state::watch_jobs() {
  const auto now = config_.context.net->now().monotonic_ms;
  for (auto& [key, x] : jobs_) {
    const auto& order = x.order.content;
    config_.context.net->send(config_.self, config_.router,
                              v1::job_probe{key.first, order.attempt, order.validator});
    if (x.silent || now < x.heard_ms + config_.job_silence_ms)
      continue;
    x.silent = true;
    say_refused({key.first, key.second, ec::timed_out,
                 "validator " + std::to_string(order.validator.value) +
                   " gave no sign of life for " + std::to_string(now - x.heard_ms) + " ms"});
  }
}

void gateway_state::acknowledge(const shared_exchange& ask, const std::string& text) {
  const auto id = fixed_from_hex<job_id>(text);
  const auto saved = id ? saved_.find(*id) : saved_.end();
  if (saved == saved_.end())
    return ask->answer(not_found("no job '" + text.substr(0, 80) + "' came through this gateway"));
  body_fields body{*ask};
  const auto said = body.decoded<acknowledgement>("acknowledgement");
  if (!body.wrong().empty())
    return ask->answer(problem_answer(ec::malformed, body.wrong()));
  const auto& content = saved->second.order.content;
  if (said->job != *id || said->attempt != content.attempt || said->validator != content.validator)
    return ask->answer(problem_answer(ec::malformed, "the acknowledgement is about another job, "
                                                     "attempt or validator"));
  if (!config_.context.signatures->check(ask->signer, acknowledgement_statement(heavy_chain_, *said),
                                         said->user))
    return ask->answer(
      problem_answer(ec::bad_signature, "the acknowledgement is not signed by this request's key"));
  config_.context.net->send(config_.self, config_.router, v1::job_acknowledged{*said});
  saved->second.said = *said;
  save(saved->second);
  models_.jobs.acknowledged(*said, config_.context.net->now().unix_ms);
  ask->answer(json_answer(json::object{{"id", form(*id)}, {"digest", form(said->result)}}, 202));
  job_changed(*id);
}

// Echo -------------------------------------------------------------------------------------------------------

void gateway_state::start_echo(const shared_exchange& ask) {
  body_fields body{*ask};
  const auto session = number_from(body.text("session"));
  const auto nonce = fixed_from_hex<digest>(body.text("nonce"));
  body.require(session.has_value(), "\"session\" must be a decimal number");
  body.require(nonce.has_value(), "\"nonce\" must be 64 hex digits");
  if (!body.wrong().empty())
    return ask->answer(problem_answer(ec::malformed, body.wrong()));
  const session_id id{*session};
  if (const auto* known = heavy_.view().find(id); known && known->user != ask->signer)
    return ask->answer(problem_answer(ec::bad_signature, "session " + std::to_string(id.value) +
                                                           " belongs to another account"));
  if (echoes_.contains(id))
    return ask->answer(problem_answer(409, "echo_running", "an Echo of session " +
                                                             std::to_string(id.value) +
                                                             " is on its way"));
  if (echoes_.size() >= config_.open_echoes_max)
    return ask->answer(problem_answer(ec::busy, std::to_string(echoes_.size()) +
                                                  " Echoes are on their way; try again"));
  const v1::echo_package package{heavy_chain_, id, *nonce};
  auto& echo = echoes_[id];
  echo.ask = ask;
  echo.package = echo_digest(package);
  echo.deadline = after(config_.echo_wait_ms, [this, id] { finish_echo(id); });
  echo.sent_us = config_.context.net->now_us();
  config_.context.net->send(config_.self, config_.router, package);
}

void gateway_state::hear(const v1::echo_reply& reply) {
  const auto now_us = config_.context.net->now_us();
  const auto it = echoes_.find(reply.session);
  if (it == echoes_.end() || it->second.package != reply.package)
    return;
  auto& echo = it->second;
  const auto known = heavy_.view().find(reply.validator);
  if (!known || !config_.context.signatures->check(
                  known->key,
                  ledger::echo_statement(heavy_chain_, reply.session, reply.package,
                                         reply.validator, reply.result),
                  reply.by))
    return;
  const auto round_trip_us = now_us - echo.sent_us;
  if (!echo.replies.emplace(reply.validator, std::pair{round_trip_us, reply}).second)
    return;
  models_.validators.timed(reply.validator, round_trip_us);
  std::size_t active = 0;
  for (const auto& [id, validator] : heavy_.view().validators)
    active += validator.now == ledger::happened::standing::active ? 1 : 0;
  if (echo.replies.size() >= active)
    finish_echo(reply.session);
}

void gateway_state::finish_echo(session_id id) {
  auto node = echoes_.extract(id);
  if (!node)
    return;
  auto& echo = node.mapped();
  deadlines_.erase(echo.deadline);
  std::vector<std::pair<std::uint64_t, v1::echo_reply>> fastest_first;
  for (auto& [validator, timed] : echo.replies)
    fastest_first.push_back(timed);
  std::stable_sort(fastest_first.begin(), fastest_first.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  json::array entries;
  for (const auto& [round_trip_us, reply] : fastest_first)
    entries.push_back(json::object{{"validator", form(reply.validator)},
                                   {"round_trip_us", round_trip_us},
                                   {"result", form(reply.result)},
                                   {"signature", form(reply.by)}});
  echo.ask->answer(json_answer(
    json::object{{"package", form(echo.package)}, {"entries", std::move(entries)}}));
}

// Transactions -----------------------------------------------------------------------------------------------

void gateway_state::post_transaction(const shared_exchange& ask, chain_kind to) {
  body_fields body{*ask};
  const auto raw = from_hex(body.text("transaction"));
  const bool known_form = raw && (to == chain_kind::heavy
                                    ? decode<ledger::transaction>(*raw).has_value()
                                    : decode<fast::transaction>(*raw).has_value());
  body.require(known_form, to == chain_kind::heavy
                             ? "\"transaction\" is not the hex of a Heavy Chain transaction"
                             : "\"transaction\" is not the hex of a Fast Chain transaction");
  if (!body.wrong().empty())
    return ask->answer(problem_answer(ec::malformed, body.wrong()));
  const auto wait_ms = wait_of(ask, config_.transaction_wait_ms);
  if (!wait_ms)
    return;
  const auto id = sha256(*raw);
  const auto number = after(*wait_ms, [this, id, key = next_number_, waited = *wait_ms] {
    const auto [begin, end] = transactions_.equal_range(id);
    for (auto it = begin; it != end; ++it)
      if (it->second.deadline == key) {
        it->second.ask->answer(json_answer(
          json::object{{"id", form(id)},
                       {"height", nullptr},
                       {"code", nullptr},
                       {"reason", "not executed within " + std::to_string(waited) + " ms"}},
          202));
        transactions_.erase(it);
        return;
      }
  });
  transactions_.emplace(id, open_transaction{ask, number});
  config_.context.net->send(config_.self, author(to), v1::submit_transaction{*raw, true});
}

void gateway_state::hear(const v1::transaction_done& done) {
  const auto& outcome = done.outcome;
  const auto [begin, end] = transactions_.equal_range(outcome.transaction);
  for (auto it = begin; it != end; ++it) {
    deadlines_.erase(it->second.deadline);
    if (outcome.code == 0) {
      it->second.ask->answer(json_answer(json::object{{"id", form(outcome.transaction)},
                                                      {"height", done.height},
                                                      {"code", outcome.code},
                                                      {"reason", outcome.reason}}));
      continue;
    }
    auto refusal = problem_answer(ec::refused_by_chain, outcome.reason);
    auto fields = json::parse(refusal.body).as_object();
    fields["id"] = form(outcome.transaction);
    fields["height"] = done.height;
    fields["chain_code"] = outcome.code;
    refusal.body = json::serialize(fields);
    it->second.ask->answer(std::move(refusal));
  }
  transactions_.erase(begin, end);
}

}  // namespace datagen
