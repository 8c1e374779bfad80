#include "tools/scenario/report.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <sstream>

namespace datagen::scenario {

namespace {

constexpr std::size_t complaints_shown = 5;

std::string seconds(std::uint64_t ms) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(1) << static_cast<double>(ms) / 1'000 << " s";
  return out.str();
}

std::uint64_t per_second(std::uint64_t count, std::uint64_t ms) {
  return count * 1'000 / std::max<std::uint64_t>(ms, 1);
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text)
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  return result;
}

boost::json::object object_of(const told_run& x) {
  boost::json::array findings, complaints, modelled, memory;
  for (const auto& f : x.what.findings)
    findings.emplace_back(boost::json::object{
      {"line", f.line}, {"text", f.text}, {"holds", f.holds}, {"at_ms", f.at_ms}, {"why", f.why}});
  for (const auto& c : x.what.complaints)
    complaints.emplace_back(c);
  for (const auto& m : x.what.modelled)
    modelled.emplace_back(m);
  for (const auto& m : x.what.memory)
    memory.emplace_back(boost::json::object{{"at_ms", m.at_ms},
                                             {"resident_bytes", m.bytes},
                                             {"state_bytes", m.states},
                                             {"database_bytes", m.databases}});
  boost::json::object verdicts;
  for (const auto& [rule, count] : x.what.verdicts)
    verdicts[rule] = count;
  return {{"file", x.file},
          {"seed", x.seed},
          {"passed", x.what.passed},
          {"unsafe", x.what.unsafe},
          {"failure", x.what.failure},
          {"trace", x.what.trace},
          {"virtual_ms", x.what.virtual_ms},
          {"real_ms", x.real_ms},
          {"messages", x.what.messages},
          {"deliveries", x.what.deliveries},
          {"lost", x.what.lost},
          {"heavy_blocks", x.what.heavy_blocks},
          {"fast_blocks", x.what.fast_blocks},
          {"jobs_sent", x.what.jobs_sent},
          {"jobs_answered", x.what.jobs_answered},
          {"latency_us", x.what.latency_us},
          {"audits_passed", x.what.audits_passed},
          {"audits_failed", x.what.audits_failed},
          {"memory", std::move(memory)},
          {"verdicts", std::move(verdicts)},
          {"findings", std::move(findings)},
          {"complaints", std::move(complaints)},
          {"modelled_distances", std::move(modelled)}};
}

}  // namespace

std::string replay_line(const told_run& x) {
  return "datagen scenario " + (x.file.empty() ? "swarm" : "run " + x.file) + " --seed " +
         std::to_string(x.seed) + (x.options.empty() ? "" : " " + x.options);
}

void print(std::ostream& to, const told_run& x) {
  const auto& y = x.what;
  to << (x.file.empty() ? "drawn scenario" : x.file) << ", seed " << x.seed << ": " << (y.passed ? "passed" : "FAILED")
     << (y.unsafe ? ", a safety property is broken" : "") << '\n';
  if (!y.failure.empty())
    to << "  the run broke off: " << y.failure << '\n';
  for (const auto& f : y.findings)
    to << "  " << (f.holds ? "ok    " : "FAILED") << ' ' << std::setw(9) << seconds(f.at_ms) << "  "
       << f.text << (f.why.empty() ? "" : " (" + f.why + ")") << '\n';
  to << "  jobs " << y.jobs_answered << " of " << y.jobs_sent << " answered, median "
     << y.latency_us / 1'000 << " ms; audits " << y.audits_passed << " passed, " << y.audits_failed
     << " failed; blocks " << y.heavy_blocks << " Heavy, " << y.fast_blocks << " Fast\n";
  if (!y.verdicts.empty()) {
    to << "  verdicts";
    const char* between = "  ";
    for (const auto& [rule, count] : y.verdicts)
      to << std::exchange(between, ", ") << rule << ' ' << count;
    to << '\n';
  }
  to << "  " << seconds(y.virtual_ms) << " of virtual time in " << seconds(x.real_ms) << "; "
     << y.messages << " messages (" << per_second(y.messages, x.real_ms) << "/s), " << y.lost
     << " lost; trace " << y.trace.substr(0, 16) << '\n';
  if (!y.memory.empty())
    to << "  " << y.memory.back().bytes / 1'000'000 << " MB resident, growing by "
       << growth_per_hour(y.memory) / 1'000 << " kB an hour of virtual time in the second half; states "
       << growth_per_hour(y.memory, &memory_sample::states) / 1'000 << " kB of it as encoded; databases "
       << y.memory.back().databases / 1'000'000 << " MB, growing by "
       << growth_per_hour(y.memory, &memory_sample::databases) / 1'000 << " kB an hour\n";
  if (!y.modelled.empty())
    to << "  " << y.modelled.size() << " distances are modelled, not measured\n";
  for (std::size_t i = 0; i < std::min(complaints_shown, y.complaints.size()); ++i)
    to << "  " << y.complaints[i] << '\n';
  if (y.complaints.size() > complaints_shown)
    to << "  … and " << y.complaints.size() - complaints_shown << " more complaints\n";
  if (!y.passed)
    to << "  again: " << replay_line(x) << '\n';
}

std::string json_of(const std::vector<told_run>& runs) {
  boost::json::array result;
  for (const auto& x : runs)
    result.emplace_back(object_of(x));
  return boost::json::serialize(result) + "\n";
}

std::string junit_of(const std::vector<told_run>& runs) {
  std::ostringstream out;
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const auto& x : runs) {
    const auto failures = std::count_if(x.what.findings.begin(), x.what.findings.end(),
                                        [](const finding& f) { return !f.holds; });
    out << "<testsuite name=\"" << escaped(x.file) << " seed " << x.seed << "\" tests=\""
        << x.what.findings.size() << "\" failures=\"" << failures << "\" errors=\""
        << (x.what.failure.empty() ? 0 : 1) << "\" time=\""
        << static_cast<double>(x.real_ms) / 1'000 << "\">\n";
    for (const auto& f : x.what.findings) {
      out << "<testcase name=\"" << escaped(f.text) << "\"";
      if (f.holds)
        out << "/>\n";
      else
        out << "><failure message=\"" << escaped(f.why) << "\">" << escaped(replay_line(x))
            << "</failure></testcase>\n";
    }
    if (!x.what.failure.empty())
      out << "<testcase name=\"the run\"><error message=\"" << escaped(x.what.failure)
          << "\"/></testcase>\n";
    out << "</testsuite>\n";
  }
  out << "</testsuites>\n";
  return out.str();
}

}  // namespace datagen::scenario
