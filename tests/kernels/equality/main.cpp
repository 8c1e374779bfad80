/// Runs the same random jobs on several kernel modules and compares every byte; writes a record.
/// See README.md for the arguments and the record's columns.
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "comparison.hpp"

namespace {

using namespace datagen;
using namespace datagen::equality;

constexpr const char* usage =
    "usage: kernels_equality [--modules REFERENCE,OTHER,...] [--kernels ID,...] [--inputs N]\n"
    "                        [--first N] [--seed N] [--workers N] [--about TEXT] [--out FILE]\n";

struct arguments {
  std::vector<std::string> modules;  ///< the first is the reference
  std::vector<std::string> kernels;  ///< empty: all
  comparison_settings settings;
  std::string about;
  std::string out;
};

[[noreturn]] void refuse(const std::string& sentence) {
  std::cerr << "kernels_equality: " << sentence << "\n" << usage;
  std::exit(2);
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');)
    if (!part.empty()) out.push_back(part);
  return out;
}

std::uint64_t number(const std::string& name, const std::string& text, std::uint64_t maximum) {
  std::uint64_t value = 0;
  const auto end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end || value > maximum)
    refuse(name + " is '" + text + "', expected a whole number up to " + std::to_string(maximum));
  return value;
}

arguments parse(int count, char** values) {
  std::map<std::string, std::string> given;
  for (int i = 1; i + 1 < count; i += 2) given[values[i]] = values[i + 1];
  if (count % 2 == 0) refuse(std::string("no value for ") + values[count - 1]);
  const auto take = [&](const std::string& name, const std::string& fallback) {
    const auto node = given.extract(name);
    return node.empty() ? fallback : node.mapped();
  };
  arguments out;
  out.modules = split(take("--modules", "cpu-baseline,cpu-v3"));
  out.kernels = split(take("--kernels", ""));
  out.settings.inputs = number("--inputs", take("--inputs", "1000"), 1000000);
  out.settings.first = number("--first", take("--first", "0"), 1000000000);
  out.settings.seed = number("--seed", take("--seed", "20261126"), ~std::uint64_t{0});
  out.settings.workers =
      static_cast<std::uint32_t>(number("--workers", take("--workers", "1"), 64));
  out.about = take("--about", "");
  out.out = take("--out", "");
  if (!given.empty()) refuse("unknown argument " + given.begin()->first);
  if (out.modules.empty() || out.settings.workers == 0 || out.settings.inputs == 0)
    refuse("at least one module, one worker and one input are needed");
  return out;
}

std::vector<job_family> chosen(const std::vector<std::string>& ids) {
  if (ids.empty()) return {std::begin(families), std::end(families)};
  std::vector<job_family> out;
  for (const auto& id : ids) {
    for (const auto& family : families)
      if (family.kernel == id) out.push_back(family);
    if (out.empty() || out.back().kernel != id) refuse("there are no random jobs for '" + id + "'");
  }
  return out;
}

std::string header(const arguments& given, const kernels::registry& usual) {
  std::ostringstream text;
  for (const auto& device : usual.devices())
    text << "# device " << device.backend << ' ' << device.index << ": " << device.name << "\n";
  if (!given.about.empty()) text << "# " << given.about << "\n";
  text << "# seed " << given.settings.seed << ", jobs from number " << given.settings.first
       << ", 1, 2, 3 or 16 threads in turn\n"
       << "kernel\treference\tmodule\tinputs\trefused\tmismatches\toutputs_root\tseconds\n";
  return text.str();
}

std::string row(const comparison& x) {
  std::ostringstream text;
  text.precision(3);
  text << x.kernel << '\t' << x.reference << '\t' << x.module << '\t' << x.inputs << '\t'
       << x.refused << '\t' << x.mismatches << '\t' << x.outputs_root << '\t' << std::fixed
       << x.seconds << '\n';
  return text.str();
}

/// 0 when everything was equal.
int run(const arguments& given) {
  const auto usual = kernels::registry::load();
  const auto oracle = kernels::registry::load_oracle();
  std::vector<module_runner> modules;
  for (const auto& name : given.modules) {
    modules.emplace_back(usual, oracle, name);
    if (!modules.back().error().empty()) refuse(modules.back().error());
  }
  std::ofstream file;
  if (!given.out.empty()) {
    file.open(given.out);
    if (!file) refuse("cannot write " + given.out);
  }
  std::ostream& out = given.out.empty() ? std::cout : file;
  out << header(given, usual) << std::flush;
  std::uint64_t mismatches = 0;
  for (const auto& family : chosen(given.kernels))
    for (const auto& x : compare(family, modules, given.settings)) {
      out << row(x) << std::flush;
      mismatches += x.mismatches;
    }
  return mismatches == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** values) {
  const auto given = parse(count, values);
  try {
    return run(given);
  } catch (const std::exception& e) {
    std::cerr << "kernels_equality: " << e.what() << "\n";
    return 1;
  }
}
