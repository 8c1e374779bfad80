// `datagen submit KERNEL --input F --output F`: one job, start to finish.

#include "tools/datagen/account_key.hpp"
#include "tools/datagen/checkpoint_file.hpp"
#include "tools/datagen/commands.hpp"
#include "tools/datagen/job_run.hpp"

#include <iostream>

namespace datagen::tools {

using namespace protocol;

namespace {

constexpr std::uint64_t ordered_wait_ms = 3'000;

struct submit_arguments {
  job_words words;
  std::string api = api_default, genesis, checkpoint, state;
  account_choice account;
  std::string mode = "latency", escrow = "10", declared_value = "0";
  std::optional<std::uint64_t> session, bid;
  session_wish wish;
  job_wish job;
  std::uint64_t timeout_s = 300, audit_timeout_s = 3'600;
  bool watch_audit = false;
  bool json = false;
};

amount parse_amount(const std::string& flag, const std::string& text) {
  const auto value = amount_from_text(text);
  if (!value)
    throw failure(exit_usage, flag + " '" + text + "' is no amount in DG, e.g. 2.5");
  return *value;
}

void complete(submit_arguments& x) {
  x.wish.mode =
    x.mode == "random" ? ledger::tx::pairing_mode::random : ledger::tx::pairing_mode::latency;
  x.wish.escrow = parse_amount("--escrow", x.escrow);
  x.wish.bid = x.bid;
  if (x.session)
    x.wish.session = session_id{*x.session};
  const auto value = parse_amount("--declared-value", x.declared_value).units / units_per_nano_dg;
  if (value > ~std::uint64_t{0})
    throw failure(exit_usage, "--declared-value " + x.declared_value + " is too large");
  x.job.declared_value = static_cast<std::uint64_t>(value);
  x.job.timeout_ms = x.timeout_s * 1'000;
}

std::string milliseconds(std::uint64_t us) {
  const auto tenths = us / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

/// What is printed at the end, in order.
struct summary {
  finished_job job;
  std::string ordered;
  std::optional<audit_end> audit;
};

void print_json(const submit_arguments& x, const summary& y) {
  const auto& leaf = y.job.paper.content.held.content;
  boost::json::object result{{"job", y.job.id()},
                             {"session", std::to_string(leaf.session.value)},
                             {"sequence", leaf.sequence},
                             {"validator", leaf.validator().value},
                             {"validator_name", y.job.validator.name},
                             {"units", leaf.units},
                             {"fee_nano", leaf.fee},
                             {"latency_us", y.job.latency_us},
                             {"round_trip_us", y.job.round_trip_us},
                             {"ordered", y.ordered},
                             {"output", x.job.output},
                             {"receipt", x.job.receipt()},
                             {"stage", to_string(y.job.paper.report.stage)}};
  if (y.audit)
    result["audit"] = boost::json::object{{"state", y.audit->state}, {"text", y.audit->text}};
  std::cout << result << '\n';
}

void print_text(const submit_arguments& x, const summary& y) {
  const auto& leaf = y.job.paper.content.held.content;
  const auto& validator = y.job.validator;
  std::vector<std::pair<std::string, std::string>> rows = {
    {"job", y.job.id()},
    {"output", x.job.output},
    {"receipt", x.job.receipt() + " (" + stage_text(y.job.paper.report.stage) + ")"},
    {"latency", milliseconds(y.job.latency_us) + "; round trip from here " +
                  milliseconds(y.job.round_trip_us)},
    {"units", std::to_string(leaf.units)},
    {"cost", to_text(amount{leaf.fee * units_per_nano_dg})},
    {"validator", std::to_string(leaf.validator().value) + " " + validator.name},
    {"session", std::to_string(leaf.session.value) + ", job " + std::to_string(leaf.sequence)},
    {"ordered", y.ordered.empty() ? "not yet (`datagen job show` tells)" : y.ordered}};
  if (y.audit)
    rows.emplace_back("audit", y.audit->text);
  print_table(rows);
}

exit_code submit(submit_arguments& x) {
  complete(x);
  const auto key = load_account(x.account);
  const auto kernels = load_kernels();
  const auto input = read_job(kernels, x.words);
  (void)units_to_buy(input, x.job);
  const api_client api{x.api, key};
  auto net = fetch_network(api, x.genesis);
  net.anchor = load_checkpoint(x.checkpoint, net.heavy);
  check_account(x.account, net.start);
  const session_file sessions{x.state};
  progress_bar progress;
  const customer who{api, net, key, sessions, kernels, progress};
  const auto session = pair_session(who, x.wish);
  summary result{.job = run_job(who, session, input, x.job)};
  if (result.job.order.content.attempt != 0 || !session.served)
    pair_again(who, session.id);  // the next job shall not wait for the silent one again
  result.ordered = find_ordered(who, result.job, ordered_wait_ms);
  if (x.watch_audit)
    result.audit = watch_audit(who, result.job, x.job, x.audit_timeout_s * 1'000);
  progress.clear();
  if (x.json)
    print_json(x, result);
  else
    print_text(x, result);
  return result.audit ? result.audit->code : exit_ok;
}

void add_terms(CLI::App& command, submit_arguments& x) {
  command.add_option("--session", x.session, "Use this session instead of the remembered one")
    ->check(check_uint64);
  command.add_option("--sequence", x.wish.sequence,
                     "First unused sequence of --session, where this machine does not know it");
  command.add_flag("--new-session", x.wish.fresh, "Open a new session in any case");
  command.add_option("--mode", x.mode, "How a new session is paired: latency or random")
    ->check(CLI::IsMember({"latency", "random"}));
  command
    .add_option("--bid", x.bid,
                "Highest price in 10^-9 DG per 1,000 units (default: the highest ask)")
    ->check(check_uint64);
  command.add_option("--escrow", x.escrow, "DG locked in a new session (default 10)");
  command
    .add_option("--max-units", x.job.units_max,
                "Refuse a job that needs more; what a pipeline may use")
    ->check(check_uint64);
  command.add_option("--declared-value", x.declared_value,
                     "DG that a wrong result would cost you (default 0)");
  command.add_option("--timeout", x.timeout_s, "Seconds to wait for the result (default 300)")
    ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{86'400}));
}

}  // namespace

void add_submit(CLI::App& program, action& run) {
  auto* command = program.add_subcommand("submit", "Run one job, start to finish");
  const auto x = std::make_shared<submit_arguments>();
  command->add_option("kernel", x->words.kernel, "Kernel id, e.g. merkle.root")->required();
  command->add_option("--input", x->words.input,
                      "Input file, - for standard input; not for mc.philox");
  command->add_option("--output", x->job.output, "Where the result goes; its receipt goes beside")
    ->required();
  command->add_option("--param", x->words.params, "A kernel parameter, NAME=VALUE; repeatable")
    ->expected(1)
    ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  for (const auto& [flag, where, list] :
       {std::tuple{"--head", "before", &x->words.heads}, {"--tail", "behind", &x->words.tails}})
    command
      ->add_option(flag, *list,
                   std::string{"File to put "} + where +
                     " what stage N of a pipeline reads, N=PATH; repeatable")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  add_api_option(*command, x->api);
  add_account_options(*command, x->account);
  add_terms(*command, *x);
  command->add_option("--genesis", x->genesis, "Refuse any chain but the one of this genesis file");
  command->add_option(
    "--checkpoint", x->checkpoint,
    "Refuse receipts that contradict this Heavy committee, see `checkpoint fetch`");
  command->add_option("--state", x->state, "Where sessions are remembered")->take_last();
  command->add_flag("--watch-audit", x->watch_audit, "Follow the job until it is audited or paid");
  command->add_option("--audit-timeout", x->audit_timeout_s, "Seconds to follow it (default 3600)")
    ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{31'536'000}));
  command->add_flag("--json", x->json, "JSON instead of a table");
  command->callback([&run, x] { run = [x] { return submit(*x); }; });
}

}  // namespace datagen::tools
