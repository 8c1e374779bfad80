// `datagen job ask-leaf`: a customer's own eye on its receipts (protocol.md section 2, step 6, no dodging).

#include "tools/datagen/signed_transaction.hpp"

#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/json_fields.hpp"
#include "tools/datagen/receipt_file.hpp"

namespace datagen::tools {

using namespace protocol;

namespace {

struct ask_arguments {
  sender_options sender;
  std::string receipt;
};

exit_code ask_leaf(const ask_arguments& x) {
  const sender who{x.sender};
  const auto paper = check_receipt_text(load_file(x.receipt, receipt_file_bytes_max), x.receipt,
                                        who.net().start);
  const auto& held = paper.content.held;
  if (paper.report.stage != portable_stage::promised)
    throw failure(exit_failed, x.receipt + " proves that its leaf is " +
                                 stage_text(paper.report.stage) + ": nothing is missing");
  const auto live_ms = count_field(who.api().get("/v1/status"), "live_ms");
  if (live_ms < held.deadline_ms)
    throw failure(exit_failed, "the leaf is due at " + std::to_string(held.deadline_ms) +
                                 " ms of Heavy's live time, now " + std::to_string(live_ms));
  return who.send(ledger::tx::ask_for_leaf{held},
                  {{"asks for", "the leaf of job " + to_hex(held.content.job)},
                   {"of", "validator " + std::to_string(held.content.validator().value)},
                   {"deposit", to_text(who.net().start.params.opening_fee) +
                                 ", the validator's if it shows the leaf"}});
}

}  // namespace

void add_ask_leaf(CLI::App& job, action& run) {
  const auto x = std::make_shared<ask_arguments>();
  auto* command = job.add_subcommand(
    "ask-leaf", "Have the chain ask for a receipt's leaf that nobody ordered: shown, or its validator pays");
  command->add_option("receipt", x->receipt, "Receipt file")->required();
  add_sender_options(*command, x->sender);
  command->callback([x, &run] { run = [x] { return ask_leaf(*x); }; });
}

}  // namespace datagen::tools
