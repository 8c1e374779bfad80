#include "actors/gateway/metrics.hpp"

#include "actors/gateway.hpp"

#include <prometheus/text_serializer.h>

#include <sstream>

namespace datagen::web {

std::string metrics_text(const std::vector<series>& all) {
  std::vector<prometheus::MetricFamily> families;
  for (const auto& x : all) {
    prometheus::MetricFamily family;
    family.name = x.name;
    family.help = x.help;
    family.type = x.counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
    for (const auto& from : x.values) {
      prometheus::ClientMetric metric;
      for (const auto& [name, value] : from.labels)
        metric.label.push_back({name, value});
      if (x.counter)
        metric.counter.value = static_cast<double>(from.value);
      else
        metric.gauge.value = static_cast<double>(from.value);
      family.metric.push_back(std::move(metric));
    }
    families.push_back(std::move(family));
  }
  std::ostringstream out;
  prometheus::TextSerializer{}.Serialize(out, families);
  return out.str();
}

}  // namespace datagen::web

namespace datagen {

http::response gateway_state::metrics_answer() const {
  using labels = std::map<std::string, std::string>;
  const auto& counts = models_.counts;
  const auto both = [](std::uint64_t heavy, std::uint64_t fast) {
    return std::vector<web::measured>{{{{"chain", "heavy"}}, heavy}, {{{"chain", "fast"}}, fast}};
  };
  const auto one = [](std::uint64_t x) { return std::vector<web::measured>{{{}, x}}; };
  std::vector<web::measured> requests;
  for (const auto& [route, count] : requests_)
    requests.push_back({labels{{"route", route}}, count});
  std::vector<web::series> all{
    {"datagen_chain_height", "Height of the newest block heard of.", false,
     both(models_.heavy.height(), models_.fast.height())},
    {"datagen_chain_certified_height", "Height of the newest certified block.", false,
     both(models_.heavy.certified_height(), models_.fast.certified_height())},
    {"datagen_chain_transactions_total", "Transactions executed or refused in blocks.", true,
     both(counts.heavy.transactions, counts.fast.transactions)},
    {"datagen_chain_bytes_total", "Bytes of all vertices of all blocks.", true,
     both(counts.heavy.bytes, counts.fast.bytes)},
    {"datagen_heavy_live_ms", "Heavy live time as certified.", false, one(heavy_.live_ms())},
    {"datagen_leaves_ordered_total", "Leaves on the Fast Chain.", true, one(counts.leaves)},
    {"datagen_leaves_settled_total", "Leaves in checkpoints that Heavy settled.", true,
     one(counts.leaves_settled)},
    {"datagen_units_paid_total", "Units of work that claims paid for.", true,
     one(counts.units_paid)},
    {"datagen_validators", "Validators known.", false, one(models_.validators.all().size())},
    {"datagen_validators_active", "Validators in active standing.", false,
     one(models_.validators.active())},
    {"datagen_audits_open", "Audits without a final verdict.", false, one(models_.audits.open())},
    {"datagen_audits_settled_total", "Final verdicts that were pass or fault.", true,
     {{labels{{"outcome", "pass"}}, counts.audits_passed},
      {labels{{"outcome", "fault"}}, counts.audits_failed}}},
    {"datagen_checks_total", "Digests that checkers revealed.", true, one(counts.checks)},
    {"datagen_audit_overhead_permille", "Work of audits in thousandths of the work ordered.", false,
     one(counts.audit_overhead_permille())},
    {"datagen_executions_total", "Jobs executed, by what for.", true,
     {{labels{{"for", "useful"}}, counts.cost.done().useful},
      {labels{{"for", "repeated"}}, counts.cost.done().repeated},
      {labels{{"for", "audit"}}, counts.cost.done().audit},
      {labels{{"for", "probation"}}, counts.cost.done().probation},
      {labels{{"for", "escalation"}}, counts.cost.done().escalation},
      {labels{{"for", "canary"}}, counts.cost.done().canary},
      {labels{{"for", "echo"}}, counts.cost.done().echo}}},
    {"datagen_audit_cost_permille", "Executions for audits in thousandths of the useful ones.", false,
     one(counts.cost.permille())},
    {"datagen_result_latency_us", "From a ticket at this gateway to its result.", false,
     {{labels{{"quantile", "0.5"}}, models_.results_us.percentile(500)},
      {labels{{"quantile", "0.99"}}, models_.results_us.percentile(990)}}},
    {"datagen_fast_finality_ms", "From a Fast block's timestamp to its certificate, median.", false,
     one(models_.finality_ms.percentile(500))},
    {"datagen_gateway_requests_total", "Requests by route.", true, std::move(requests)},
    {"datagen_gateway_jobs_open", "Jobs sent from here that have no answer yet.", false,
     one(jobs_.size())},
    {"datagen_gateway_echoes_open", "Echoes on their way.", false, one(echoes_.size())},
    {"datagen_gateway_inputs_bytes", "Uploaded inputs in memory.", false, one(inputs_->bytes())},
    {"datagen_gateway_outputs_bytes", "Outputs in memory.", false, one(outputs_->bytes())},
    {"datagen_gateway_nonces", "Signed requests remembered against replay.", false,
     one(nonces_->size())},
    {"datagen_gateway_diverged_total", "Certificates that contradict a block held here.", true,
     one(diverged_)},
    {"datagen_gateway_archive_failures_total", "Writes that the archive refused.", true,
     one(archive_failures_)},
  };
  for (auto& x : committee_series())
    all.push_back(std::move(x));
  if (config_.host_series)
    for (auto& x : config_.host_series())
      all.push_back(std::move(x));
  return web::text_answer(web::metrics_text(all), "text/plain; version=0.0.4");
}

}  // namespace datagen
