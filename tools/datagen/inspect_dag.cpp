// `datagen inspect dag FILE`: decides every slot of a DAG written as text (consensus.md 4.3).

#include "protocol/consensus/dag_text.hpp"
#include "tools/datagen/commands.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace datagen::tools {

namespace {

constexpr std::size_t dag_file_bytes_max = 4u << 20;

struct dag_arguments {
  std::string file;
  bool json = false;
};

void print_json(const protocol::consensus::dag_report& report) {
  boost::json::array slots, output;
  for (const auto& x : report.slots)
    slots.emplace_back(boost::json::object{{"round", x.round},
                                           {"offset", x.offset},
                                           {"author", std::string(1, x.author)},
                                           {"decision", x.decision},
                                           {"block", x.block}});
  for (const auto& names : report.output)
    output.emplace_back(boost::json::array(names.begin(), names.end()));
  std::cout << boost::json::object{{"slots", std::move(slots)}, {"output", std::move(output)}}
            << '\n';
}

void print_text(const protocol::consensus::dag_report& report) {
  std::vector<std::pair<std::string, std::string>> rows = {{"slot", "decision"}};
  for (const auto& x : report.slots)
    rows.emplace_back(std::to_string(x.round) + "." + std::to_string(x.offset) + " " + x.author,
                      x.decision + (x.block.empty() ? "" : " " + x.block));
  print_table(rows);
  for (std::size_t i = 0; i < report.output.size(); ++i) {
    std::cout << (i == 0 ? "\noutput\n" : "") << i + 1 << ":";
    for (const auto& name : report.output[i])
      std::cout << ' ' << name;
    std::cout << '\n';
  }
}

exit_code print(const dag_arguments& x) {
  const auto text = read_file(x.file, dag_file_bytes_max);
  if (text.code != exit_ok)
    return text.code;
  const auto result = protocol::consensus::inspect_dag(text.content);
  if (const auto* error = std::get_if<protocol::consensus::dag_text_error>(&result))
    return fail(
      exit_bad_input,
      x.file + (error->line == 0 ? "" : ":" + std::to_string(error->line)) + ": " + error->what);
  const auto& report = std::get<protocol::consensus::dag_report>(result);
  if (x.json)
    print_json(report);
  else
    print_text(report);
  return exit_ok;
}

}  // namespace

void add_inspect_dag(CLI::App& inspect, action& run) {
  auto* command = inspect.add_subcommand("dag", "Decisions and output of a DAG written as text");
  auto x = std::make_shared<dag_arguments>();
  command->add_option("file", x->file, "The DAG; - reads standard input")->required();
  command->add_flag("--json", x->json, "One JSON object");
  command->callback([&run, x] { run = [x] { return print(*x); }; });
}

}  // namespace datagen::tools
