// One Echo: the network answers through the API, the truth is computed here, and the signed report
// goes to both chains.

#include "tools/datagen/api_client.hpp"
#include "tools/datagen/customer.hpp"
#include "tools/datagen/json_fields.hpp"

#include "protocol/fast/transactions.hpp"
#include "protocol/job/echo.hpp"

#include <algorithm>

namespace datagen::tools {

using namespace protocol;

namespace {

constexpr std::uint32_t report_wait_ms = 15'000;

/// What every honest validator answers, computed on this machine.
digest echo_truth(const kernels::registry& kernels, const echo_question& question) {
  const auto input = echo_input(question);
  const auto done = kernels.run({.kernel = echo_kernel, .input = input});
  if (!done.ok())
    throw failure(exit_internal, "the Echo cannot be computed here: " + done.message);
  return result_root(done.output);
}

/// The answers whose signature holds; others count as none.
std::vector<ledger::tx::echo_entry> read_answers(const boost::json::value& answer,
                                                 const customer& who,
                                                 const echo_question& question) {
  const auto package = digest_of(question);
  if (fixed_field<digest>(answer, "package") != package)
    throw failure(exit_failed, "the server ran another Echo than the one asked for");
  const auto validators = fetch_validators(who.api, who.net);
  const auto truth = echo_truth(who.kernels, question);
  std::vector<ledger::tx::echo_entry> result;
  for (const auto& x : list_field(answer, "entries")) {
    ledger::tx::echo_entry entry{.validator = {static_cast<std::uint32_t>(
                                   count_field(x, "validator"))},
                                 .round_trip_us = count_field(x, "round_trip_us"),
                                 .result = fixed_field<digest>(x, "result"),
                                 .by = fixed_field<signature>(x, "signature")};
    entry.correct = entry.result == truth;
    const auto& validator = find_validator(validators, entry.validator);
    const auto statement = ledger::echo_statement(who.net.heavy, question.session, package,
                                                  entry.validator, entry.result);
    if (verify(validator.key, statement, entry.by))
      result.push_back(entry);
    else
      who.progress.note("the Echo answer of " + validator.name +
                        " is not signed by it and does not count");
  }
  return result;
}

}  // namespace

void run_echo(const customer& who, session_id session) {
  const echo_question question{who.net.heavy, session, random_digest()};
  who.progress.show("timing the validators");
  const auto answer = who.api.post("/v1/echo", boost::json::object{
                                                 {"session", std::to_string(session.value)},
                                                 {"nonce", to_hex(question.nonce)}});
  auto entries = read_answers(answer, who, question);
  if (entries.empty())
    throw failure(exit_failed, "no validator answered the Echo (timed_out)");
  const auto correct = std::count_if(entries.begin(), entries.end(),
                                     [](const auto& x) { return x.correct; });
  who.progress.note("Echo: " + std::to_string(entries.size()) + " validators answered, " +
                    std::to_string(correct) + " correctly");
  const auto report =
    make_echo_report(question, unix_ms(), std::move(entries),
                     who.net.start.params.echo_best_entries);
  const auto root = report.entries_root;
  const auto said = ledger::make_transaction(who.net.heavy, who.key, 0, report);
  who.api.post("/v1/transactions?wait_ms=" + std::to_string(report_wait_ms),
               boost::json::object{{"transaction", to_hex(said)}}, report_wait_ms);
  const auto statement = fast::echo_root_statement(who.net.heavy, session, root);
  const fast::transaction also{fast::tx::echo_root{session, root, sign(who.key, statement)}};
  try {
    who.api.post("/v1/fast-transactions", boost::json::object{{"transaction", to_hex(encode(also))}});
  } catch (const api_refusal& why) {
    // The pairing is Heavy's: without the root only the comparison of both reports is lost.
    who.progress.note(std::string{"the Fast Chain did not take the Echo root: "} + why.what());
  }
}

}  // namespace datagen::tools
