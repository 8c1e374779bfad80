#include "actors/gateway/event_json.hpp"

#include "actors/gateway/validator_index.hpp"

namespace datagen::web {

using namespace protocol;

json::object checkpoint_json(const ledger::tx::checkpoint_content& x) {
  return {{"sequence", x.sequence},       {"fast_height", x.fast_height},
          {"timestamp_ms", x.timestamp_ms}, {"claim_epoch", x.claim_epoch},
          {"leaf_root", form(x.leaf_root)}, {"leaves", x.leaves},
          {"closes", x.closes ? json::value(x.closes->epoch) : json::value(nullptr)},
          {"last", x.last}};
}

namespace {

json::object leaf_fields(const leaf& x) {
  return {{"job", form(x.job)},
          {"attempt", form(x.attempt())},
          {"session", form(x.session)},
          {"sequence", x.sequence},
          {"validator", form(x.validator())},
          {"input", form(x.input)},
          {"commitment", form(x.commitment)},
          {"units", x.units},
          {"fee_nano", x.fee}};
}

json::object typed(const char* type, json::object fields) {
  json::object result{{"type", type}};
  for (auto& field : fields)
    result.insert_or_assign(field.key(), std::move(field.value()));
  return result;
}

namespace heavy = ledger::happened;

const char* mode_name(ledger::tx::pairing_mode x) {
  return x == ledger::tx::pairing_mode::latency ? "latency" : "random";
}

json::object show(const heavy::validator_admitted& x) {
  return typed("validator_admitted", {{"validator", form(x.validator)},
                                      {"key", form(x.key)},
                                      {"operator", x.operator_id},
                                      {"stake", form(x.stake)},
                                      {"ask_nano", x.ask},
                                      {"name", x.name}});
}
json::object show(const heavy::validator_changed& x) {
  return typed("validator_changed", {{"validator", form(x.validator)},
                                     {"standing", to_string(x.now)},
                                     {"stake", form(x.stake)},
                                     {"ask_nano", x.ask}});
}
json::object show(const heavy::session_opened& x) {
  return typed("session_opened", {{"session", form(x.session)},
                                  {"user", address(x.user)},
                                  {"mode", mode_name(x.mode)},
                                  {"bid_nano", x.bid},
                                  {"escrow", form(x.escrow)}});
}
json::object show(const heavy::paired& x) {
  json::array lanes;
  for (const auto& [payee, reserved] : x.lanes)
    lanes.push_back(json::object{{"validator", form(payee)}, {"reserved", form(reserved)}});
  return typed("paired", {{"session", form(x.session)},
                          {"validator", form(x.validator)},
                          {"stand_ins", form(x.stand_ins)},
                          {"lanes", std::move(lanes)},
                          {"round_trip_us", x.round_trip_us}});
}
json::object show(const heavy::unpaired& x) {
  return typed("unpaired", {{"session", form(x.session)}, {"validator", form(x.validator)}});
}
json::object show(const heavy::session_closed& x) {
  return typed("session_closed", {{"session", form(x.session)}, {"refunded", form(x.refunded)}});
}
json::object show(const heavy::checkpoint_settled& x) {
  return typed("checkpoint_settled", checkpoint_json(x.content));
}
json::object show(const heavy::checkpoint_drawn& x) {
  return typed("checkpoint_drawn", {{"sequence", x.sequence},
                                    {"beacon", form(x.beacon)},
                                    {"drawn", form(x.drawn)}});
}
json::object show(const heavy::check_requested& x) {
  return typed("check_requested", {{"job", form(x.subject.content.job)},
                                   {"attempt", form(x.subject.content.attempt())},
                                   {"validator", form(x.subject.content.validator())},
                                   {"stage", form(x.stage)},
                                   {"beacon", form(x.beacon)},
                                   {"checkers", form(x.checkers)},
                                   {"commit_deadline_ms", x.commit_deadline_ms},
                                   {"reveal_deadline_ms", x.reveal_deadline_ms}});
}
json::object show(const heavy::check_committed& x) {
  return typed("check_committed", {{"job", form(x.job)},
                                   {"attempt", form(x.attempt)},
                                   {"stage", form(x.stage)},
                                   {"checker", form(x.checker)}});
}
json::object show(const heavy::reveal_requested& x) {
  return typed("reveal_requested", {{"job", form(x.job)},
                                    {"attempt", form(x.attempt)},
                                    {"stage", form(x.stage)},
                                    {"deadline_ms", x.deadline_ms}});
}
json::object show(const heavy::digest_revealed& x) {
  return typed("digest_revealed", {{"job", form(x.job)},
                                   {"attempt", form(x.attempt)},
                                   {"stage", form(x.stage)},
                                   {"who", x.who},
                                   {"digest", form(x.result)}});
}
json::object show(const heavy::audit_settled& x) {
  return typed("audit_settled", {{"job", form(x.job)},
                                 {"attempt", form(x.attempt)},
                                 {"validator", form(x.validator)},
                                 {"outcome", x.outcome},
                                 {"rule", x.rule},
                                 {"pays", form(x.pays)},
                                 {"final", x.final}});
}
json::object show(const heavy::slashed& x) {
  return typed("slashed", {{"validator", form(x.validator)},
                           {"taken", form(x.taken)},
                           {"left", form(x.left)},
                           {"reason", x.reason},
                           {"pending", x.pending}});
}
json::object show(const heavy::claim_paid& x) {
  return typed("claim_paid", {{"validator", form(x.validator)},
                              {"session", form(x.session)},
                              {"epoch", x.epoch},
                              {"to_validator", form(x.to_validator)},
                              {"to_audit_fund", form(x.to_audit_fund)},
                              {"burned", form(x.burned)},
                              {"units", x.units}});
}
json::object show(const heavy::rewarded& x) {
  return typed("rewarded", {{"validator", form(x.validator)},
                            {"reward_epoch", x.reward_epoch},
                            {"units", x.units},
                            {"paid", form(x.paid)}});
}
json::object show(const heavy::transferred& x) {
  return typed("transferred",
               {{"from", address(x.from)}, {"to", address(x.to)}, {"value", form(x.value)}});
}
json::object show(const heavy::emitted& x) {
  return typed("emitted", {{"day", x.day}, {"released", form(x.released)}});
}
json::object show(const heavy::author_changed& x) {
  return typed("author_changed", {{"author", x.author.value},
                                  {"key", form(x.key)},
                                  {"standing", to_string(x.now)},
                                  {"stake", form(x.stake)}});
}
json::object show(const heavy::author_slashed& x) {
  return typed("author_slashed", {{"author", x.author.value},
                                  {"taken", form(x.taken)},
                                  {"left", form(x.left)}});
}
json::object roster_fields(const consensus::roster& x) {
  return {{"chain", form(x.chain)}, {"committee_epoch", x.epoch}, {"members", form(x.ids)}};
}
json::object show(const heavy::committee_elected& x) {
  return typed("committee_elected", roster_fields(x.next));
}
json::object show(const heavy::coin_dealt& x) {
  return typed("coin_dealt", {{"chain", form(x.chain)},
                              {"committee_epoch", x.epoch},
                              {"dealer", x.content.dealer}});
}
json::object show(const heavy::committee_ready& x) {
  return typed("committee_ready", roster_fields(x.next));
}
json::object show(const heavy::committee_seated& x) {
  auto fields = roster_fields(x.now);
  fields["after_checkpoint"] = x.base ? json::value(x.base->sequence) : json::value(nullptr);
  return typed("committee_seated", std::move(fields));
}

json::object show(const heavy::emission_burned& x) {
  return typed("emission_burned", {{"day", x.day}, {"burned", form(x.burned)}});
}
json::object content_json(const ledger::tx::emission_split& x) {
  return {{"reward_percent", x.reward_percent}, {"burn_percent", x.burn_percent}};
}
json::object content_json(const ledger::tx::parameter_change& x) {
  json::object rows;
  for (const auto& [name, value] : x.rows)
    rows[name] = value;
  return {{"parameters", std::move(rows)}, {"delay_blocks", x.delay_blocks}};
}
json::object show(const heavy::proposal_drafted& x) {
  return typed("proposal_drafted", {{"proposal", x.proposal},
                                    {"by", address(x.by)},
                                    {"content", proposal_json(x.content)},
                                    {"start_ms", x.start_ms}});
}
json::object show(const heavy::proposal_supported& x) {
  return typed("proposal_supported", {{"proposal", x.proposal},
                                      {"by", address(x.by)},
                                      {"lock", form(x.lock)},
                                      {"pooled", form(x.pooled)}});
}
json::object show(const heavy::proposal_opened& x) {
  return typed("proposal_opened",
               {{"proposal", x.proposal}, {"start_ms", x.start_ms}, {"end_ms", x.end_ms}});
}
json::object show(const heavy::vote_cast& x) {
  return typed("vote_cast", {{"proposal", x.proposal},
                             {"by", address(x.by)},
                             {"yes", x.yes},
                             {"lock", form(x.lock)}});
}
json::object show(const heavy::proposal_ended& x) {
  constexpr const char* outcomes[] = {"passed", "rejected", "no_quorum", "lapsed"};
  return typed("proposal_ended", {{"proposal", x.proposal},
                                  {"outcome", outcomes[static_cast<std::size_t>(x.outcome)]},
                                  {"yes", form(x.yes)},
                                  {"no", form(x.no)},
                                  {"quorum", form(x.quorum)}});
}
json::object show(const heavy::change_scheduled& x) {
  return typed("change_scheduled", {{"height", x.height}, {"revision", x.params.revision}});
}

json::object show(const heavy::leaf_asked& x) {
  auto fields = leaf_fields(x.held.content);
  fields["until_ms"] = x.until_ms;
  return typed("leaf_asked", std::move(fields));
}
json::object show(const heavy::leaf_shown& x) {
  auto fields = leaf_fields(x.content.content);
  fields["posted"] = x.posted;
  return typed("leaf_shown", std::move(fields));
}
json::object show(const heavy::input_asked& x) {
  return typed("input_asked", {{"job", form(x.job)},
                               {"attempt", form(x.attempt)},
                               {"until_ms", x.until_ms}});
}
json::object show(const heavy::input_stored& x) {
  return typed("input_stored", {{"job", form(x.job)},
                                {"attempt", form(x.attempt)},
                                {"commit_deadline_ms", x.commit_deadline_ms}});
}
json::object show(const heavy::canary_registered& x) {
  return typed("canary_registered", {{"validator", form(x.validator)},
                                     {"commitment", form(x.commitment)},
                                     {"until_ms", x.until_ms}});
}
json::object show(const heavy::canary_revealed& x) {
  return typed("canary_revealed", {{"validator", form(x.validator)},
                                   {"job", form(x.job)},
                                   {"truth", form(x.truth)}});
}
json::object show(const heavy::claim_disproved& x) {
  return typed("claim_disproved", {{"epoch", x.epoch},
                                   {"validator", form(x.validator)},
                                   {"session", form(x.session)},
                                   {"job_index", x.job_index},
                                   {"price_nano", x.price},
                                   {"units", x.units}});
}

json::object show(const heavy::market_moved& x) {
  return typed("market_moved", {{"epoch", x.epoch}, {"low_nano", x.low}, {"high_nano", x.high}});
}

json::object show(const heavy::echo_opened& x) {
  return typed("echo_opened",
               {{"session", form(x.session)}, {"sample", form(x.sample)}, {"until_ms", x.until_ms}});
}

json::object show(const heavy::delivery_asked& x) {
  return typed("delivery_asked", {{"job", form(x.held.content.job)},
                                  {"validator", form(x.held.content.validator())},
                                  {"until_ms", x.until_ms}});
}

json::object show(const heavy::delivery_settled& x) {
  return typed("delivery_settled", {{"job", form(x.job)},
                                    {"attempt", x.attempt},
                                    {"validator", form(x.validator)},
                                    {"delivered", x.delivered}});
}

json::object show(const heavy::count_asked& x) {
  return typed("count_asked", {{"epoch", x.epoch},
                               {"entry", x.entry},
                               {"job_index", x.job},
                               {"until_ms", x.until_ms}});
}

json::object show(const heavy::count_shown& x) {
  return typed("count_shown", {{"epoch", x.counted.epoch},
                               {"entry", x.counted.entry_index},
                               {"job_index", x.asked},
                               {"job", form(x.content.job)},
                               {"validator", form(x.counted.validator)}});
}

json::object show(const heavy::entry_voided& x) {
  return typed("entry_voided", {{"epoch", x.epoch}, {"entry", x.entry}});
}

json::object show(const heavy::kernel_suspended& x) {
  return typed("kernel_suspended", {{"kernel", x.kernel.name}, {"version", x.kernel.version}});
}

json::object show(const heavy::fee_paid& x) {
  return typed("fee_paid", {{"payer", address(x.payer)}, {"value", form(x.value)}});
}
json::object show(const heavy::kernel_resumed& x) {
  return typed("kernel_resumed", {{"kernel", x.kernel.name}, {"version", x.kernel.version}});
}

json::object show(const heavy::bond_forfeited& x) {
  return typed("bond_forfeited", {{"session", form(x.session)}, {"value", form(x.value)}});
}

namespace quick = fast::happened;

json::object show(const quick::leaf_ordered& x) {
  auto fields = leaf_fields(x.content);
  fields["payable"] = x.payable;
  fields["checkpoint"] = x.checkpoint;
  fields["index"] = x.index;
  return typed("leaf_ordered", std::move(fields));
}
json::object show(const quick::leaf_refused& x) {
  auto fields = leaf_fields(x.content);
  fields["code"] = x.code;
  fields["reason"] = x.reason;
  return typed("leaf_refused", std::move(fields));
}
json::object show(const quick::echo_recorded& x) {
  return typed("echo_recorded",
               {{"session", form(x.session)}, {"entries_root", form(x.entries_root)}});
}
json::object show(const quick::heavy_followed& x) {
  return typed("heavy_followed", {{"heavy_height", x.height}});
}
json::object show(const quick::checkpoint_made& x) {
  return typed("checkpoint_made", checkpoint_json(x.content));
}
json::object show(const quick::equivocation_found& x) {
  auto fields = leaf_fields(x.second.content);
  fields["ordered"] = form(x.ordered);
  return typed("equivocation_found", std::move(fields));
}

}  // namespace

json::object event_json(const ledger::event& what) {
  return std::visit([](const auto& x) { return show(x); }, what);
}

json::object event_json(const fast::event& what) {
  return std::visit([](const auto& x) { return show(x); }, what);
}

json::object proposal_json(const ledger::tx::proposal_content& x) {
  return std::visit([](const auto& y) { return content_json(y); }, x);
}

}  // namespace datagen::web
