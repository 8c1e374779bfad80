#include "tools/datagen/receipt_file.hpp"

#include "tools/datagen/failure.hpp"

#include "protocol/crypto/bech32m.hpp"

namespace datagen::tools {

using namespace protocol;
namespace json = boost::json;

namespace {

const char* exit_text(exit_status x) {
  switch (x) {
    case exit_status::ok: return "ok";
    case exit_status::limit: return "limit";
    case exit_status::refused: return "refused";
  }
  return "unknown";
}

json::object audit_json(const ledger::happened::audit_settled& x) {
  return {{"outcome", x.outcome},
          {"rule", x.rule},
          {"pays", json::array(x.pays.begin(), x.pays.end())},
          {"final", x.final}};
}

/// Whom a reader who has nothing but this receipt needs to trust.
std::string limit_text(const portable_receipt& x) {
  const auto first = x.hand_overs.empty() ? 0 : x.hand_overs.front().next.epoch - 1;
  if (first == 0)
    return "valid from genesis, not proven recent";
  return "valid only from a trusted checkpoint of Heavy epoch " + std::to_string(first) +
         " or later";
}

/// The object in `text`, which must call itself a receipt.
json::object parse_receipt(const std::string& text, const std::string& path) {
  boost::system::error_code error;
  const auto parsed = json::parse(text, error);
  if (error)
    throw failure(exit_bad_input, path + " is no receipt: it is no JSON (" + error.message() + ")");
  const auto* object = parsed.if_object();
  const auto* format = object != nullptr ? object->if_contains("format") : nullptr;
  if (format == nullptr || !format->is_string() || format->as_string() != receipt_format)
    throw failure(exit_bad_input,
                  path + " is no receipt: its format is not " + receipt_format);
  return *object;
}

/// Every field must be what the canonical bytes say, in both directions.
void compare(const json::object& said, const json::object& derived) {
  for (const auto& [name, value] : derived) {
    const auto* claimed = said.if_contains(name);
    if (claimed == nullptr)
      throw failure(exit_failed, "the field '" + std::string{name} + "' is missing");
    if (*claimed != value)
      throw failure(exit_failed, "the field '" + std::string{name} + "' says " +
                                   json::serialize(*claimed) + ", but the signed bytes say " +
                                   json::serialize(value));
  }
  for (const auto& [name, value] : said)
    if (!derived.contains(name))
      throw failure(exit_failed, "the field '" + std::string{name} +
                                   "' has no ground in the signed bytes");
}

}  // namespace

std::string stage_text(portable_stage x) {
  switch (x) {
    case portable_stage::promised: return "promised by the validator";
    case portable_stage::ordered: return "ordered on Fast";
    case portable_stage::settled: return "settled on Heavy";
  }
  return "unknown";
}

json::object receipt_json(const portable_receipt& x, const portable_report& report) {
  const auto& order = x.held.order.content;
  const auto& leaf = x.held.content;
  json::object result{{"format", receipt_format},
                      {"stage", to_string(report.stage)},
                      {"job", to_hex(leaf.job)},
                      {"attempt", leaf.attempt()},
                      {"chain", to_hex(order.chain)},
                      {"session", std::to_string(leaf.session.value)},
                      {"sequence", leaf.sequence},
                      {"user", to_address(x.user)},
                      {"user_proven", report.user_proven},
                      {"validator", leaf.validator().value},
                      {"validator_key", to_hex(x.validator)},
                      {"kernel", order.kernel.name},
                      {"kernel_version", order.kernel.version},
                      {"parameters", to_hex(order.parameters)},
                      {"input", to_hex(order.input)},
                      {"exit", exit_text(x.result.exit)},
                      {"result_root", to_hex(x.result.root)},
                      {"result", to_hex(digest_of(x.result))},
                      {"units", std::to_string(leaf.units)},
                      {"fee_nano", std::to_string(leaf.fee)},
                      {"declared_value_nano", std::to_string(order.declared_value)},
                      {"deadline_live_ms", std::to_string(x.held.deadline_ms)}};
  result["checkpoint"] =
    x.fast ? json::value(std::to_string(x.fast->at.content.sequence)) : json::value(nullptr);
  result["fast_height"] =
    x.fast ? json::value(std::to_string(x.fast->at.content.fast_height)) : json::value(nullptr);
  result["audit"] = report.audit ? json::value(audit_json(*report.audit)) : json::value(nullptr);
  result["limit"] = limit_text(x);
  result["canonical"] = to_hex(encode_portable(x));
  return result;
}

std::string receipt_text(const json::object& x) {
  std::string text = "{";
  for (const auto& [name, value] : x) {
    text += text.size() == 1 ? "\n  " : ",\n  ";
    text += json::serialize(json::string(name)) + ": " + json::serialize(value);
  }
  return text + "\n}\n";
}

checked_receipt check_receipt_text(const std::string& text, const std::string& path,
                                   const genesis& start, const trusted_checkpoint* anchor) {
  const auto said = parse_receipt(text, path);
  const auto* canonical = said.if_contains("canonical");
  const auto raw = canonical != nullptr && canonical->is_string()
                     ? from_hex(std::string{canonical->as_string()})
                     : std::nullopt;
  if (!raw)
    throw failure(exit_failed, "the field 'canonical' is missing or no hexadecimal");
  auto content = decode_portable(*raw);
  if (!content)
    throw failure(exit_failed, "the canonical bytes are no portable receipt: truncated or changed");
  auto report = check_portable(start, *content, signature_checker{}, anchor);
  if (report.code != portable_check::ok)
    throw failure(exit_failed, "the receipt does not hold: " + report.reason);
  compare(said, receipt_json(*content, report));
  return {std::move(*content), std::move(report)};
}

}  // namespace datagen::tools
