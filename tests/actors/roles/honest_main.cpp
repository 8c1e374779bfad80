// `honest_jobs [JOBS] [SEED]`: honest networks under random faults, a hundred jobs each, until so many
// jobs were done; go on after an interruption with the next seed. Exits 1 with the seed where a
// validator lost stake, or an audit did not end.
#define DOCTEST_CONFIG_IMPLEMENT
#include "tests/actors/roles/honest_life.hpp"

#include <cstdio>
#include <cstdlib>

int main(int count, char** arguments) {
  doctest::Context context;
  context.setAsDefaultForAssertsOutOfTestCases();
  const std::uint64_t wanted = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 10'000;
  std::uint64_t seed = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 1;
  std::uint64_t jobs = 0, succeeded = 0, faults = 0;
  std::map<std::string, std::size_t> verdicts;
  for (; jobs < wanted; ++seed) {
    datagen::tests::honest_life life{seed};
    life.run(100);
    jobs += life.jobs();
    succeeded += life.succeeded();
    faults += life.faults();
    for (const auto& [outcome, number] : life.outcomes())
      verdicts[outcome] += number;
    std::printf("seed %llu: %llu jobs, %llu with a result, %llu faults so far; audits:",
                static_cast<unsigned long long>(seed), static_cast<unsigned long long>(jobs),
                static_cast<unsigned long long>(succeeded), static_cast<unsigned long long>(faults));
    for (const auto& [outcome, number] : verdicts)
      std::printf(" %llu %s", static_cast<unsigned long long>(number), outcome.c_str());
    std::printf("\n");
    for (const auto& job : life.without_result())
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), job.c_str());
    for (const auto& loss : life.losses())
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), loss.c_str());
    if (!life.all_final())
      std::printf("seed %llu: an audit has no verdict\n", static_cast<unsigned long long>(seed));
    std::fflush(stdout);
    if (!life.losses().empty() || !life.all_final())
      return 1;
  }
  return 0;
}
