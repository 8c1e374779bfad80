#include "comparison.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace datagen::equality {
namespace {

using digest = std::array<std::uint8_t, 32>;

/// Status, units and output of one job, hashed by the reference's own merkle.root.
digest digest_of(const module_runner& reference, const kernels::job_result& result) {
  random_job job;
  job.input = result.output.copy();
  for (int i = 0; i < 8; ++i)
    job.input.push_back(static_cast<std::uint8_t>(result.units >> (8 * i)));
  job.input.push_back(static_cast<std::uint8_t>(result.exit_status));
  const auto root = reference.run("merkle.root", job, 1);
  if (!root.ok()) throw std::runtime_error("merkle.root: " + root.message);
  digest out;
  std::memcpy(out.data(), root.output.data(), out.size());
  return out;
}

std::string root_of(const module_runner& reference, const std::vector<digest>& digests) {
  random_job job;
  for (const auto& x : digests) job.input.insert(job.input.end(), x.begin(), x.end());
  const auto root = reference.run("merkle.root", job, 1);
  if (!root.ok()) throw std::runtime_error("merkle.root: " + root.message);
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (std::uint8_t x : root.output) out += {digits[x >> 4], digits[x & 15]};
  return out;
}

bool same(const kernels::job_result& a, const kernels::job_result& b) {
  return a.exit_status == b.exit_status && a.message == b.message && a.units == b.units &&
         a.output == b.output;
}

/// Thread counts that jobs take in turn; more than most machines have is part of the point.
std::uint32_t threads_of(std::uint64_t index) {
  constexpr std::uint32_t counts[] = {1, 2, 3, 16};
  return counts[index % 4];
}

void report(const job_family& family, const module_runner& module, std::uint64_t seed,
            std::uint64_t index, const kernels::job_result& expected,
            const kernels::job_result& found) {
  std::size_t at = 0;
  while (at < expected.output.size() && at < found.output.size() &&
         expected.output[at] == found.output[at])
    ++at;
  std::fprintf(stderr,
               "MISMATCH --kernels %.*s --seed %llu --first %llu --inputs 1: %s gives status %d "
               "(%s), %zu bytes; expected %d (%s), %zu bytes; first difference at byte %zu\n",
               static_cast<int>(family.kernel.size()), family.kernel.data(),
               static_cast<unsigned long long>(seed), static_cast<unsigned long long>(index),
               module.name().c_str(), found.exit_status, found.message.c_str(),
               found.output.size(), expected.exit_status, expected.message.c_str(),
               expected.output.size(), at);
}

/// What the workers share: one row of digests per module.
struct shared_state {
  std::vector<std::vector<digest>> digests;
  std::vector<std::atomic<std::uint64_t>> mismatches;
  std::vector<std::atomic<std::uint64_t>> nanoseconds;
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> taken{0};

  shared_state(std::size_t modules, std::uint64_t inputs)
      : digests(modules, std::vector<digest>(inputs)), mismatches(modules), nanoseconds(modules) {}
};

void compare_one(const job_family& family, const std::vector<module_runner>& modules,
                 const comparison_settings& settings, std::uint64_t item, shared_state& shared) {
  const std::uint64_t index = settings.first + item;
  const random_job job = family.draw(settings.seed, index);
  kernels::job_result expected;
  for (std::size_t m = 0; m < modules.size(); ++m) {
    const auto start = std::chrono::steady_clock::now();
    auto result = modules[m].run(family.kernel, job, threads_of(index + m));
    shared.nanoseconds[m] += static_cast<std::uint64_t>(
        std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count());
    shared.digests[m][item] = digest_of(modules[0], result);
    if (m == 0) {
      expected = std::move(result);
      if (!expected.ok()) ++shared.refused;
      if (!expected.comparable()) throw std::runtime_error(expected.message);
    } else if (!same(expected, result)) {
      ++shared.mismatches[m];
      report(family, modules[m], settings.seed, index, expected, result);
    }
  }
}

}  // namespace

module_runner::module_runner(const kernels::registry& usual, const kernels::registry& oracle,
                             std::string name)
    : registry_(name == "cpu-baseline" ? &oracle : &usual), name_(std::move(name)) {
  if (!registry_->ok()) {
    error_ = registry_->error();
    return;
  }
  std::string known;
  for (const auto& module : registry_->modules()) {
    if (module == name_) return;
    known += (known.empty() ? "" : ", ") + module;
  }
  error_ = "module " + name_ + " is not usable on this machine, usable: " + known;
}

kernels::job_result module_runner::run(std::string_view kernel, const random_job& job,
                                       std::uint32_t threads) const {
  return registry_->run({.kernel = kernel,
                         .params = job.params,
                         .input = job.input,
                         .backend = name_,
                         .threads = threads});
}

std::vector<comparison> compare(const job_family& family,
                                const std::vector<module_runner>& modules,
                                const comparison_settings& settings) {
  shared_state shared(modules.size(), settings.inputs);
  std::atomic<bool> failed{false};
  const auto work = [&] {
    try {
      for (std::uint64_t item; !failed && (item = shared.taken++) < settings.inputs;)
        compare_one(family, modules, settings, item, shared);
    } catch (const std::exception& e) {
      failed = true;
      std::fprintf(stderr, "%s: the reference failed: %s\n", family.kernel.data(), e.what());
    }
  };
  std::vector<std::jthread> workers;
  for (std::uint32_t i = 0; i < settings.workers; ++i) workers.emplace_back(work);
  workers.clear();
  if (failed) throw std::runtime_error("no comparison of " + std::string(family.kernel));
  std::vector<comparison> out;
  for (std::size_t m = 0; m < modules.size(); ++m)
    out.push_back({std::string(family.kernel), modules[0].name(), modules[m].name(),
                   settings.inputs, shared.refused, shared.mismatches[m],
                   root_of(modules[0], shared.digests[m]),
                   static_cast<double>(shared.nanoseconds[m]) * 1e-9});
  return out;
}

}  // namespace datagen::equality
