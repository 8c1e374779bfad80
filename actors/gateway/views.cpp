#include "actors/gateway/views.hpp"

#include "actors/gateway/event_json.hpp"

namespace datagen::web {

using namespace protocol;

namespace {

json::value kernel_form(const std::optional<kernel_ref>& x) {
  return x ? json::value(json::string{x->name + "@" + std::to_string(x->version)})
           : json::value(nullptr);
}

json::array events_of(chain_kind where, const v1::block_news& x) {
  json::array list;
  for (const auto& raw : x.events) {
    if (where == chain_kind::heavy) {
      if (const auto what = decode<ledger::event>(raw))
        list.push_back(event_json(*what));
    } else if (const auto what = decode<fast::event>(raw)) {
      list.push_back(event_json(*what));
    }
  }
  return list;
}

json::value place_json(std::uint32_t epoch, std::uint64_t height) {
  return json::object{{"epoch", epoch}, {"height", height}};
}

json::value place_form(const std::optional<job_place>& x) {
  return x ? place_json(x->epoch, x->height) : json::value(nullptr);
}

/// Both levels of finality (consensus.md 2.13): certified by the Fast committee, settled on Heavy.
void add_finality(json::object& item, const v1::block_news& x, const read_models& models) {
  const auto settled = models.settled.of(x.height);
  item["fast_final"] = settled || x.height <= models.fast.certified_height();
  item["settled"] = settled ? place_json(settled->epoch, settled->height) : json::value(nullptr);
}

/// Jobs that a Fast block commits, and the Fast height up to which a Heavy block settles.
void add_meaning(json::object& item, chain_kind where, const v1::block_news& x) {
  if (where == chain_kind::fast) {
    std::uint64_t leaves = 0;
    for (const auto& raw : x.events)
      if (const auto what = decode<fast::event>(raw))
        leaves += std::holds_alternative<fast::happened::leaf_ordered>(*what) ? 1 : 0;
    item["leaves"] = leaves;
    return;
  }
  item["live_ms"] = x.live_ms;
  std::optional<std::uint64_t> settles;
  for (const auto& raw : x.events)
    if (const auto what = decode<ledger::event>(raw))
      if (const auto* settled = std::get_if<ledger::happened::checkpoint_settled>(&*what))
        settles = settled->content.fast_height;
  item["settles"] = form(settles);
}

json::object step_json(const job_step& x) {
  json::object step{{"step", x.step}, {"at_ms", x.at_ms}};
  if (x.live_ms)
    step["live_ms"] = *x.live_ms;
  if (x.height)
    step["height"] = *x.height;
  if (x.where)
    step["chain"] = to_string(*x.where);
  if (!x.who.empty())
    step["who"] = x.who;
  if (x.digest)
    step["digest"] = form(*x.digest);
  step["text"] = x.text;
  return step;
}

}  // namespace

json::object block_item(chain_kind where, const v1::block_news& x, const read_models& models) {
  json::object item{{"height", x.height},
                    {"epoch", x.epoch},
                    {"digest", form(x.block)},
                    {"previous", form(x.previous)},
                    {"timestamp_ms", x.timestamp_ms},
                    {"author", x.author},
                    {"round", x.round},
                    {"vertices", x.vertices},
                    {"transactions", x.outcomes.size()},
                    {"bytes", x.bytes},
                    {"events", x.events.size()},
                    {"certified", x.height <= models.of(where).certified_height()}};
  add_meaning(item, where, x);
  if (where == chain_kind::fast)
    add_finality(item, x, models);
  return item;
}

json::object block_detail(chain_kind where, const v1::block_news& x,
                          const std::vector<std::uint32_t>& certifiers,
                          const read_models& models) {
  auto item = block_item(where, x, models);
  json::array transactions;
  for (const auto& outcome : x.outcomes)
    transactions.push_back(json::object{{"id", form(outcome.transaction)},
                                        {"code", outcome.code},
                                        {"reason", outcome.reason}});
  item["transactions"] = std::move(transactions);
  item["events"] = events_of(where, x);
  item["state_root"] = form(x.state_root);
  item["certificate"] = certifiers.empty()
                          ? json::value(nullptr)
                          : json::value(json::object{{"authors", form(certifiers)}});
  item["authors"] = form(x.authors);
  return item;
}

json::object job_item(const job_entry& x) {
  return {{"id", form(x.id)},
          {"session", form(x.session)},
          {"sequence", x.sequence},
          {"attempt", form(x.attempt)},
          {"validator", form(x.validator)},
          {"kernel", kernel_form(x.kernel)},
          {"units", x.units},
          {"fee_nano", x.fee},
          {"state", to_string(x.state)},
          {"ordered", place_form(x.ordered)},
          {"fast_final", x.fast_final},
          {"settled", place_form(x.settled)},
          {"at_ms", x.timeline.empty() ? 0 : x.timeline.front().at_ms},
          {"latency_us", form(x.latency_us)}};
}

json::object job_detail(const job_entry& x) {
  auto item = job_item(x);
  item["code"] = x.code == ec::ok ? json::value(nullptr) : json::value(to_string(x.code));
  item["reason"] = x.reason.empty() ? json::value(nullptr) : json::value(form(x.reason));
  json::array timeline;
  for (const auto& step : x.timeline)
    timeline.push_back(step_json(step));
  item["timeline"] = std::move(timeline);
  json::array checkers;
  for (const auto& [checker, result] : x.checkers)
    checkers.push_back(json::object{{"validator", form(checker)}, {"digest", form(result)}});
  item["digests"] = json::object{{"user", form(x.user_digest)},
                                 {"validator", form(x.validator_digest)},
                                 {"checkers", std::move(checkers)}};
  item["verdict"] = nullptr;
  if (x.verdict)
    item["verdict"] = json::object{{"outcome", x.verdict->outcome},
                                   {"rule", x.verdict->rule},
                                   {"pays", form(x.verdict->pays)}};
  return item;
}

json::object audit_item(const audit_entry& x) {
  return {{"job", form(x.job)},
          {"attempt", form(x.attempt)},
          {"validator", form(x.validator)},
          {"stage", form(x.stage)},
          {"checkers", form(x.checkers)},
          {"state", to_string(x.state)},
          {"outcome", x.outcome.empty() ? json::value(nullptr) : json::value(form(x.outcome))},
          {"rule", x.rule.empty() ? json::value(nullptr) : json::value(form(x.rule))},
          {"pays", form(x.pays)},
          {"height", x.height},
          {"at_ms", x.at_ms}};
}

json::object validator_item(validator_id id, const validator_entry& x,
                            const ledger::validator_record* record) {
  json::object item{{"id", form(id)},
                    {"name", x.name},
                    {"key", form(x.key)},
                    {"address", address(x.key)},
                    {"operator", x.operator_id},
                    {"stake", form(record ? record->stake : x.stake)},
                    {"standing", to_string(record ? record->standing() : x.now)},
                    {"ask_nano", record ? record->ask : x.ask},
                    {"round_trip_us", form(x.round_trip_us)},
                    {"jobs_ordered", x.jobs_ordered}};
  const auto add = [&](const auto& from) {
    item["claims_paid"] = from.claims_paid;
    item["units_matured"] = from.units_matured;
    item["audits_passed"] = from.audits_passed;
    item["audits_failed"] = from.audits_failed;
    item["checks_done"] = from.checks_done;
    item["earned"] = form(from.earned);
    item["rewards"] = form(from.rewards);
    item["slashed"] = form(from.slashed);
  };
  if (record)
    add(*record);
  else
    add(x);
  return item;
}

json::object validator_detail(validator_id id, const validator_entry& x,
                              const ledger::validator_record* record) {
  auto item = validator_item(id, x, record);
  json::array checks;
  for (const auto& check : x.checks)
    checks.push_back(json::object{
      {"job", form(check.job)},
      {"attempt", form(check.attempt)},
      {"result", form(check.result)},
      {"outcome", check.outcome.empty() ? json::value(nullptr) : json::value(form(check.outcome))}});
  item["checks"] = std::move(checks);
  json::array slashes;
  for (const auto& slash : x.slashes)
    slashes.push_back(json::object{{"taken", form(slash.taken)},
                                   {"reason", slash.reason},
                                   {"pending", slash.pending},
                                   {"height", slash.height}});
  item["slashes"] = std::move(slashes);
  return item;
}

}  // namespace datagen::web
