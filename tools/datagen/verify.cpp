// `datagen verify RECEIPT --genesis FILE [--checkpoint FILE]`: everything a receipt binds, offline.

#include "tools/datagen/checkpoint_file.hpp"
#include "tools/datagen/commands.hpp"
#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/failure.hpp"
#include "tools/datagen/network.hpp"
#include "tools/datagen/receipt_file.hpp"

#include <iostream>

namespace datagen::tools {

using namespace protocol;

namespace {

constexpr std::size_t output_bytes_max = 128 << 20;

struct verify_arguments {
  std::string receipt;
  std::string genesis;
  std::string checkpoint;
  std::string output;
  bool json = false;
};

void check_output(const std::string& path, const checked_receipt& x) {
  const auto output = load_file(path, output_bytes_max);
  const auto root =
    result_root({reinterpret_cast<const std::uint8_t*>(output.data()), output.size()});
  if (root != x.content.result.root)
    throw failure(exit_failed, path + " is not the result: its root is " + to_hex(root) +
                                 ", the receipt says " + to_hex(x.content.result.root));
}

std::string audit_text(const portable_report& x) {
  if (!x.audit)
    return "none proven by this receipt";
  return x.audit->outcome + " by rule " + x.audit->rule + (x.audit->final ? "" : ", not final");
}

void print(const verify_arguments& x, const checked_receipt& held) {
  auto shown = receipt_json(held.content, held.report);
  shown.erase("canonical");
  shown["valid"] = true;
  shown["trust"] = held.report.trust;
  shown["output_checked"] = !x.output.empty();
  if (x.json) {
    std::cout << shown << '\n';
    return;
  }
  const auto text = [&shown](const char* name) {
    const auto& value = shown.at(name);
    return value.is_string() ? std::string{value.as_string()} : boost::json::serialize(value);
  };
  const auto& leaf = held.content.held.content;
  print_table({{"valid", "yes"},
               {"stage", stage_text(held.report.stage)},
               {"audit", audit_text(held.report)},
               {"trust", text("trust")},
               {"job", text("job")},
               {"kernel", text("kernel") + " version " + text("kernel_version")},
               {"input", text("input")},
               {"result", text("result_root") + (x.output.empty() ? "" : ", as in " + x.output)},
               {"units", text("units")},
               {"cost", to_text(amount{leaf.fee * units_per_nano_dg})},
               {"user", text("user") + (held.report.user_proven ? "" : " (session not proven)")},
               {"validator", text("validator") + " with key " + text("validator_key")}});
}

exit_code verify_receipt(const verify_arguments& x) {
  const auto start = load_genesis(x.genesis);
  const auto anchor = load_checkpoint(x.checkpoint, heavy_chain_id(start));
  const auto held = check_receipt_text(load_file(x.receipt, receipt_file_bytes_max), x.receipt,
                                       start, anchor ? &*anchor : nullptr);
  if (!x.output.empty())
    check_output(x.output, held);
  print(x, held);
  return exit_ok;
}

}  // namespace

void add_verify(CLI::App& program, action& run) {
  auto* command = program.add_subcommand("verify", "Check a receipt offline, from genesis or a checkpoint");
  const auto x = std::make_shared<verify_arguments>();
  command->add_option("receipt", x->receipt, "A receipt file, as submit writes it")->required();
  command->add_option("--genesis", x->genesis, "Canonical genesis bytes of the chain")->required();
  command->add_option("--checkpoint", x->checkpoint,
                      "A Heavy committee that you trust, as `checkpoint fetch` writes it");
  command->add_option("--output", x->output, "The job's output: is it what the receipt is about?");
  command->add_flag("--json", x->json, "JSON instead of a table");
  command->callback([&run, x] { run = [x] { return verify_receipt(*x); }; });
}

}  // namespace datagen::tools
