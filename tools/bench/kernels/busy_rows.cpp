#include "tools/bench/kernels/busy_rows.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "tools/bench/kernels/gemm_rows.hpp"
#include "tools/bench/kernels/interleaved_rounds.hpp"

namespace datagen::tools {
namespace {

/// A child that counts at low priority until this ends.
class busy_process {
 public:
  busy_process() : child_(fork()) {
    if (child_ != 0) return;
    static_cast<void>(nice(10));
    for (volatile unsigned turns = 0;;) turns = turns + 1;
  }
  ~busy_process() {
    if (child_ <= 0) return;
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  busy_process(const busy_process&) = delete;
  busy_process& operator=(const busy_process&) = delete;

 private:
  pid_t child_;
};

double median_milliseconds(std::vector<double> seconds) {
  std::nth_element(seconds.begin(), seconds.begin() + seconds.size() / 2, seconds.end());
  return 1e3 * seconds[seconds.size() / 2];
}

}  // namespace

void print_busy_rows(const kernels::registry& kernels) {
  const busy_process beside;
  for (const std::uint32_t n : {64u, 512u}) {
    const auto input = matrices(n);
    const auto on = [&](std::uint32_t threads) {
      return body{false, [&kernels, &input, threads] {
                    kernels.run({.kernel = "gemm.f32",
                                 .params = {},
                                 .input = input,
                                 .backend = "cpu",
                                 .threads = threads});
                  }};
    };
    const auto seconds = rounds_of(31, {on(1), on(2)});
    std::printf("gemm.f32 %u beside a busy process of low priority, median: %.2f ms on one thread, "
                "%.2f ms on two\n",
                n, median_milliseconds(seconds[0]), median_milliseconds(seconds[1]));
  }
}

}  // namespace datagen::tools
