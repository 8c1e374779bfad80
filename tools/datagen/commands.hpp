#pragma once
// The commands of `datagen`. Each `add_<command>` hangs one command into the program; when the user
// chose it, its callback leaves in `run` what is to be done, and main does it and returns its exit
// code. So nothing happens before all arguments are understood.

#include "tools/datagen/exit_codes.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace datagen::tools {

using action = std::function<exit_code()>;

void add_inspect(CLI::App& program, action& run);     ///< inspect emission|verdict|…
void add_keys(CLI::App& program, action& run);        ///< keys new|list|export
void add_coin(CLI::App& program, action& run);        ///< coin deal|check
void add_up(CLI::App& program, action& run);          ///< up: a local cluster
void add_worker(CLI::App& program, action& run);      ///< worker: devices for another host
void add_node(CLI::App& program, action& run);        ///< node: the roles of one host
void add_network(CLI::App& program, action& run);     ///< network init|join
void add_bench(CLI::App& program, action& run);       ///< bench job-path|up|scenario|…
void add_submit(CLI::App& program, action& run);      ///< submit
void add_verify(CLI::App& program, action& run);      ///< verify
void add_queries(CLI::App& program, action& run);     ///< genesis, job, account, validators, blocks
void add_operators(CLI::App& program, action& run);   ///< validator join|ask|stake|leave, author stand|leave
void add_sessions(CLI::App& program, action& run);    ///< session show|close|consent|delegate
void add_votes(CLI::App& program, action& run);       ///< vote list|propose|support|cast
void add_checkpoint(CLI::App& program, action& run);  ///< checkpoint fetch
void add_scenario(CLI::App& program, action& run);    ///< scenario run|check
void add_completion(CLI::App& program, action& run);  ///< completion bash|zsh|fish

/// The parts of `inspect`, one file each.
void add_inspect_emission(CLI::App& inspect, action& run);
void add_inspect_verdict(CLI::App& inspect, action& run);
void add_inspect_params(CLI::App& inspect, action& run);
void add_inspect_dag(CLI::App& inspect, action& run);
void add_inspect_self_dealing(CLI::App& inspect, action& run);

void add_transfer(CLI::App& account, action& run);  ///< account transfer, a part of the queries' group
void add_ask_leaf(CLI::App& job, action& run);      ///< job ask-leaf, a part of it as well
void add_missing_result(CLI::App& job, action& run);  ///< job ask-result|fetch-result, likewise

void add_network_join(CLI::App& network, action& run);

/// Parts of `bench` with files of their own.
void add_bench_consensus(CLI::App& bench, action& run);
void add_bench_ledger(CLI::App& bench, action& run);
void add_bench_kernels(CLI::App& bench, action& run);
void add_bench_link(CLI::App& bench, action& run);
void add_bench_scenario(CLI::App& bench, action& run);
void add_bench_worker(CLI::App& bench, action& run);

/// For options that take a job's id. @returns what is wrong with `text`, or nothing
std::string check_job_id(const std::string& text);

/// Prints `sentence` on stderr, as every failure ends. @returns `code`
exit_code fail(exit_code code, const std::string& sentence);

/// Prints two columns on stdout, the first as wide as its longest entry.
void print_table(const std::vector<std::pair<std::string, std::string>>& rows);

/// The content of the file at `path` ("-" is stdin), at most `bytes_max`. On failure prints why and
/// returns an exit code.
struct file_text {
  std::string content;
  exit_code code = exit_ok;
};
file_text read_file(const std::string& path, std::size_t bytes_max);

/// Validator for 64-bit counts: CLI11 alone lets a number that is too large saturate.
/// @returns CLI11's form: a sentence where `text` is none, else empty
std::string check_uint64(const std::string& text);

/// The entry of `known` that `word` most likely means: it begins so or at most a third is
/// mistyped; or empty.
std::string nearest(const std::string& word, const std::vector<std::string>& known);

/// A sentence about the first word or flag in `arguments` that the program does not know, with the
/// nearest one that it does; empty where all are known.
std::string explain_unknown(const CLI::App& program, const std::vector<std::string>& arguments);

}  // namespace datagen::tools
