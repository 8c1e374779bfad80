// Sessions, supply, parameters, genesis and the status page.

#include "actors/gateway/event_json.hpp"
#include "actors/gateway/views.hpp"

#include "protocol/param_fields.hpp"

namespace datagen::web {

using namespace protocol;

namespace {

const char* mode_name(ledger::tx::pairing_mode x) {
  return x == ledger::tx::pairing_mode::latency ? "latency" : "random";
}

json::value paired_json(const std::optional<validator_id>& paired,
                        std::optional<std::uint64_t> round_trip_us) {
  if (!paired)
    return nullptr;
  return json::object{{"validator", form(*paired)}, {"round_trip_us", form(round_trip_us)}};
}

}  // namespace

json::object session_item(session_id id, const ledger::session_view& x) {
  json::array lanes;
  for (const auto& [payee, reserved] : x.lanes)
    lanes.push_back(json::object{{"validator", form(payee)}, {"reserved", form(reserved)}});
  return {{"id", form(id)},
          {"user", address(x.user)},
          {"mode", mode_name(x.mode)},
          {"bid_nano", x.bid},
          {"escrow", form(x.escrow)},
          {"paired", paired_json(x.paired, std::nullopt)},
          {"stand_ins", form(x.stand_ins)},
          {"lanes", std::move(lanes)},
          {"closed", !x.open}};
}

json::object session_detail(session_id id, const ledger::session_record& x) {
  json::array lanes;
  for (const auto& [payee, lane] : x.lanes)
    lanes.push_back(json::object{{"validator", form(payee)},
                                 {"reserved", form(lane.reserved)},
                                 {"settled", form(lane.settled)}});
  return {{"id", form(id)},
          {"user", address(x.user)},
          {"mode", mode_name(x.mode)},
          {"bid_nano", x.bid},
          {"payer", address(x.payer)},
          {"expires_ms", x.expires_ms == 0 ? json::value{} : form(x.expires_ms)},
          {"escrow_free", form(x.free)},
          {"bond", form(x.bond)},
          {"paid", form(x.paid)},
          {"paired", paired_json(x.paired, x.round_trip_us)},
          {"stand_ins", form(x.stand_ins)},
          {"lanes", std::move(lanes)},
          {"closed", x.closed}};
}

json::object supply_json(const ledger::supply& x) {
  return {{"accounts", form(x.accounts)},
          {"stakes", form(x.stakes)},
          {"unbonding", form(x.unbonding)},
          {"escrow_free", form(x.escrow_free)},
          {"escrow_lanes", form(x.escrow_lanes)},
          {"user_bonds", form(x.user_bonds)},
          {"appeal_bonds", form(x.appeal_bonds)},
          {"pending_slashes", form(x.pending_slashes)},
          {"audit_fund", form(x.audit_fund)},
          {"reward_pool", form(x.reward_pool)},
          {"unreleased", form(x.unreleased)},
          {"burned", form(x.burned)},
          {"reserve", form(x.reserve)},
          {"vote_locks", form(x.vote_locks)},
          {"deposits", form(x.deposits)},
          {"total", form(ledger::total(x))}};
}

json::array params_json(const parameters& p) {
  const auto rows = parameter_rows(p);
  json::array result;
  std::size_t i = 0;
  visit_parameters(p, [&](const char*, const auto& field, const char*, const char*) {
    const auto& row = rows[i++];
    json::value value = form(row.value);
    if constexpr (std::is_integral_v<std::decay_t<decltype(field)>>)
      value = field;
    result.push_back(json::object{{"name", row.name},
                                  {"value", std::move(value)},
                                  {"unit", row.unit},
                                  {"meaning", row.meaning}});
  });
  return result;
}

json::object genesis_json(const genesis& x) {
  json::array authors;
  for (const auto& a : x.heavy_authors)
    authors.push_back(json::object{{"id", authors.size()}, {"key", form(a.key)},
                                   {"stake", form(a.stake)}});
  json::array validators;
  for (const auto& v : x.validators)
    validators.push_back(json::object{{"id", validators.size()},
                                      {"name", v.name},
                                      {"key", form(v.key)},
                                      {"operator", v.operator_id},
                                      {"stake", form(v.stake)},
                                      {"ask_nano", v.ask}});
  json::array accounts;
  for (const auto& [account, balance] : x.accounts)
    accounts.push_back(json::object{{"address", address(account)}, {"balance", form(balance)}});
  json::array kernels;
  for (const auto& kernel : x.kernels)
    kernels.push_back(json::object{{"name", kernel.name}, {"version", kernel.version}});
  return {{"name", x.name},
          {"development", x.development},
          {"digest", form(digest_of(x))},
          {"time_ms", x.time_ms},
          {"heavy_chain", form(heavy_chain_id(x))},
          {"fast_chain", form(fast_chain_id(x))},
          {"heavy_authors", std::move(authors)},
          {"validators", std::move(validators)},
          {"accounts", std::move(accounts)},
          {"kernels", std::move(kernels)},
          {"params", params_json(x.params)}};
}

namespace {

json::object chain_status(const chain_index& index, const digest& id, std::size_t authors,
                          const chain_totals& counts) {
  const auto* newest = index.newest();
  return {{"chain", form(id)},
          {"height", index.height()},
          {"timestamp_ms", newest ? newest->news.timestamp_ms : 0},
          {"certified", index.certified_height()},
          {"authors", authors},
          {"txs", counts.transactions},
          {"bytes", counts.bytes}};
}

json::object audits_status(const read_models& models) {
  const auto& counts = models.counts;
  const auto validators = models.validators.all().size();
  json::value last = nullptr;
  if (counts.last)
    last = json::object{{"validator", form(counts.last->validator)},
                        {"job", form(counts.last->job)},
                        {"outcome", counts.last->outcome}};
  return {{"open", models.audits.open()},
          {"passed", counts.audits_passed},
          {"failed", counts.audits_failed},
          {"total_checks", counts.checks},
          {"average_checks_per_validator",
           validators == 0 ? 0.0
                           : static_cast<double>(counts.checks) / static_cast<double>(validators)},
          {"last", std::move(last)}};
}

}  // namespace

json::object status_json(const genesis& origin, const read_models& models,
                         const status_facts& facts) {
  const auto& counts = models.counts;
  auto heavy = chain_status(models.heavy, heavy_chain_id(origin), facts.heavy_authors, counts.heavy);
  auto fast = chain_status(models.fast, fast_chain_id(origin), facts.fast_authors, counts.fast);
  fast["leaves"] = counts.leaves;
  fast["settled_checkpoint"] = counts.checkpoint_settled;
  fast["settled_height"] = counts.fast_settled_height;
  const auto& supply = models.records.supply;
  return {{"name", origin.name},
          {"development", origin.development},
          {"version", facts.version},
          {"genesis", form(digest_of(origin))},
          {"heavy", std::move(heavy)},
          {"fast", std::move(fast)},
          {"now_ms", facts.now_ms},
          {"live_ms", facts.live_ms},
          {"validators",
           {{"total", models.validators.all().size()}, {"active", models.validators.active()}}},
          {"jobs",
           {{"ordered", counts.jobs_ordered},
            {"settled", counts.leaves_settled},
            {"paid_units", counts.units_paid}}},
          {"audits", audits_status(models)},
          {"supply", supply ? json::value(supply_json(*supply)) : json::value(nullptr)},
          {"results",
           {{"p50_us", models.results_us.percentile(500)},
            {"p99_us", models.results_us.percentile(990)},
            {"count", models.results_us.count()}}},
          {"fast_finality_ms_p50", models.finality_ms.percentile(500)},
          {"audit_overhead_permille", counts.audit_overhead_permille()},
          {"audit_cost_permille", counts.cost.permille()}};
}

}  // namespace datagen::web
