/// Prints kernels/known_answers.inc: for every kernel a small job and its output by the baseline
/// module, whose loops are plain. `kernels_known_answers > kernels/known_answers.inc`
#include <cstdio>
#include <optional>

#include "kernels/registry.hpp"
#include "random_jobs.hpp"

namespace {

using namespace datagen;
using namespace datagen::equality;

constexpr std::uint64_t seed = 20261126, draws = 3000;
constexpr std::size_t bytes_max = 1500;         // of parameters, input and output
constexpr std::uint64_t units_max = 20'000;     // a test at start takes no noticeable time

struct answer {
  random_job job;
  bytes output;
  std::uint64_t units = 0;
  std::pair<std::uint64_t, std::size_t> weight() const { return {units, job.input.size()}; }
};

/// Of many small jobs the one with the most work in it.
std::optional<answer> hardest(const kernels::registry& oracle, const job_family& family) {
  std::optional<answer> best;
  for (std::uint64_t i = 0; i < draws; ++i) {
    auto job = family.draw(seed, i);
    const auto size = job.params.size() + job.input.size();
    const kernels::job_request request{
        .kernel = family.kernel, .params = job.params, .input = job.input};
    const auto declared = oracle.units(request);
    if (size > bytes_max || !declared.ok() || declared.units > units_max ||
        (best && std::pair{declared.units, job.input.size()} <= best->weight()))
      continue;
    auto done = oracle.run(request);
    if (done.ok() && size + done.output.size() <= bytes_max)
      best = answer{std::move(job), std::move(done.output), done.units};
  }
  return best;
}

void print_hex(const bytes& data) {
  constexpr std::size_t line = 45;
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (i % line == 0) std::printf("\n     \"");
    std::printf("%02x", data[i]);
    if (i % line == line - 1 || i + 1 == data.size()) std::printf("\"");
  }
  if (data.empty()) std::printf(" \"\"");
}

}  // namespace

int main() {
  const auto oracle = kernels::registry::load_oracle();
  if (!oracle.ok()) return std::fprintf(stderr, "%s\n", oracle.error().c_str()), 1;
  std::printf("// Made by kernels_known_answers (tests/kernels/equality); do not edit.\n");
  for (const auto& family : families) {
    const auto found = hardest(oracle, family);
    if (!found) return std::fprintf(stderr, "no job of %s\n", family.kernel.data()), 1;
    std::string params;
    for (const char c : found->job.params) params += c == '\n' ? "\\n" : std::string(1, c);
    std::printf("    {\"%s\", \"%s\",", family.kernel.data(), params.c_str());
    print_hex(found->job.input);
    std::printf(",");
    print_hex(found->output);
    std::printf("},\n");
  }
}
