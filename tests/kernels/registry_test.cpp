#include <xmmintrin.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "support.hpp"

using namespace datagen::kernels;
using namespace datagen::kernels::testing;

namespace {

/// Sets bits of MXCSR on this thread for one scope.
class float_mode {
 public:
  explicit float_mode(unsigned bits) : before_(_mm_getcsr()) { _mm_setcsr(before_ | bits); }
  ~float_mode() { _mm_setcsr(before_); }

 private:
  unsigned before_;
};

}  // namespace

TEST_CASE("registry: lists the CPU's kernels with version 0 and their limits") {
  const auto kernels = loaded().kernels();
  REQUIRE_FALSE(kernels.empty());
  for (const auto& kernel : kernels) {
    CAPTURE(kernel.id);
    CHECK(kernel.version == 0);
    CHECK_FALSE(kernel.summary.empty());
    CHECK_FALSE(kernel.limits.empty());
  }
}

TEST_CASE("registry: the CPU is a device with a name and memory") {
  const auto devices = loaded().devices();
  REQUIRE_FALSE(devices.empty());
  CHECK(devices.back().backend == "cpu");
  CHECK_FALSE(devices.back().name.empty());
  CHECK(devices.back().memory_bytes > 0);
}

TEST_CASE("registry: jobs that ask for the CPU get the best module, tests may name another") {
  const auto modules = loaded().modules();
  const auto devices = loaded().devices();
  const auto first_cpu = std::find_if(modules.begin(), modules.end(),
                                      [](const auto& x) { return x.starts_with("cpu-"); });
  REQUIRE(first_cpu != modules.end());
  CHECK(devices.back().module == *first_cpu);
  CHECK(*first_cpu == (__builtin_cpu_supports("avx512vl") ? "cpu-v4" : "cpu-v3"));
  CHECK(modules.back() == "cpu-v3");
  const auto count = std::count_if(devices.begin(), devices.end(),
                                   [](const auto& x) { return x.backend == "cpu"; });
  CHECK(count == 1);
  for (const auto& module : modules)
    CHECK(loaded().run({.kernel = "merkle.root", .params = {}, .input = {}, .backend = module}).ok());
}

TEST_CASE("registry: the baseline is an oracle for tests and takes no jobs") {
  const auto refused = loaded().run(
      {.kernel = "merkle.root", .params = {}, .input = {}, .backend = "cpu-baseline"});
  CHECK(refused.exit_status == DATAGEN_DEVICE_FAILED);
  CHECK(refused.message == "there is no back end 'cpu-baseline' on this host");
  const auto oracle = registry::load_oracle();
  REQUIRE_MESSAGE(oracle.ok(), oracle.error());
  CHECK(oracle.modules() == std::vector<std::string>{"cpu-baseline"});
  CHECK(oracle.run({.kernel = "merkle.root", .params = {}, .input = {}}).ok());
  const auto nothing = registry::load_oracle({"no-such-directory"});
  CHECK(nothing.error() ==
        "datagen_kernels_cpu_baseline.so was not found in no-such-directory");
}

TEST_CASE("registry: a directory without modules is one clear line, and jobs are refused by it") {
  const auto nothing = registry::load({"no-such-directory"});
  CHECK_FALSE(nothing.ok());
  CHECK(nothing.error() == "datagen_kernels_cpu_v3.so was not found in no-such-directory");
  const auto result = nothing.run({.kernel = "merkle.root", .params = {}, .input = {}});
  CHECK(result.exit_status == DATAGEN_DEVICE_FAILED);
  CHECK_FALSE(result.comparable());
}

TEST_CASE("registry: a file that is not a module is one clear line, not a crash") {
  const auto directory = std::filesystem::temp_directory_path() / "datagen_bad_module";
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "datagen_kernels_cpu_v3.so") << "not a shared object";
  const auto bad = registry::load({directory});
  CHECK_FALSE(bad.ok());
  CHECK(bad.error().starts_with("cannot load kernel module: "));
  std::filesystem::remove_all(directory);
}

TEST_CASE("registry: unknown kernels, back ends and devices are refused and not comparable") {
  const auto kernel = loaded().run({.kernel = "md5", .params = {}, .input = {}});
  CHECK(kernel.exit_status == DATAGEN_UNKNOWN_KERNEL);
  CHECK(kernel.message.starts_with("there is no kernel 'md5', known: "));
  CHECK_FALSE(kernel.comparable());
  const auto backend =
      loaded().run({.kernel = "merkle.root", .params = {}, .input = {}, .backend = "tpu"});
  CHECK(backend.message == "there is no back end 'tpu' on this host");
  const auto device = loaded().run(
      {.kernel = "merkle.root", .params = {}, .input = {}, .backend = "cpu", .device = 7});
  CHECK(device.exit_status == DATAGEN_DEVICE_FAILED);
}

TEST_CASE("registry: a set cancel flag stops a job, which then has no result") {
  const std::atomic<std::uint32_t> cancel{1};
  const bytes input(1 << 20);
  const auto result = loaded().run(
      {.kernel = "merkle.root", .params = {}, .input = input, .backend = "cpu",
       .cancel = &cancel});
  CHECK(result.exit_status == DATAGEN_CANCELLED);
  CHECK(result.output.empty());
  CHECK_FALSE(result.comparable());
}

TEST_CASE("registry: a flag set while the job runs stops it, and progress only grows") {
  std::atomic<std::uint32_t> cancel{0};
  std::vector<std::uint64_t> seen;
  const bytes input(80 << 20);
  const auto result = loaded().run({.kernel = "merkle.root",
                                    .params = "chunk=1048576",
                                    .input = input,
                                    .backend = "cpu",
                                    .threads = 2,
                                    .cancel = &cancel,
                                    .progress = [&](std::uint64_t done, std::uint64_t total) {
                                      CHECK(done <= total);
                                      seen.push_back(done);
                                      cancel = 1;
                                    }});
  CHECK(seen.size() == 1);
  CHECK(result.exit_status == DATAGEN_CANCELLED);
}

TEST_CASE("registry: flush-to-zero, denormals-are-zero or a rounding mode refuse the job") {
  for (unsigned bits : {0x8000u, 0x0040u, 0x2000u, 0x4000u, 0x6000u}) {
    CAPTURE(bits);
    job_result result;
    {
      const float_mode changed(bits);
      result = run_cpu("merkle.root", "", {});
    }
    CHECK(result.exit_status == DATAGEN_FLOAT_ENVIRONMENT);
    CHECK_FALSE(result.message.empty());
  }
  CHECK(run_cpu("merkle.root", "", {}).ok());
}

TEST_CASE("registry: a worker thread born under flush-to-zero is found out") {
  // OpenMP keeps its helpers per calling thread, and a helper keeps the mode it was born under.
  const bytes input(1 << 20);
  job_result result;
  std::thread([&] {
    {
      const float_mode changed(0x8000u);
#pragma omp parallel num_threads(4)
      { _mm_getcsr(); }
    }
    result = run_cpu("merkle.root", "", input, 4);
  }).join();
  CHECK(result.exit_status == DATAGEN_FLOAT_ENVIRONMENT);
}

TEST_CASE("registry: a module's threads sleep while they wait for each other") {
  // libgomp reads it when the first module brings it in. One that spins takes the processor from
  // the thread it waits for: `datagen bench kernels`, "beside a busy process".
  REQUIRE(loaded().ok());
  const char* policy = std::getenv("OMP_WAIT_POLICY");
  REQUIRE(policy != nullptr);
  CHECK(std::string(policy) == "passive");
}

TEST_CASE("registry: too many threads are refused") {
  CHECK(run_cpu("merkle.root", "", {}, 5000).message ==
        "thread count is 5000 threads, the limit is 1024 threads");
}
