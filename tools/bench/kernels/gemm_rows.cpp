#include "tools/bench/kernels/gemm_rows.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tools/bench/kernels/aims.hpp"
#include "tools/bench/kernels/interleaved_rounds.hpp"
#if defined(DATAGEN_BENCH_OPENBLAS)
#include <cblas.h>
extern "C" void openblas_set_num_threads(int);
extern "C" char* openblas_get_corename();
#endif

namespace datagen::tools {

using bytes = std::vector<std::uint8_t>;
using kernels::registry;

bytes noise(std::size_t count) {
  bytes out(count);
  std::uint64_t state = 1;
  for (auto& byte : out) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    byte = static_cast<std::uint8_t>(state >> 56);
  }
  return out;
}

bytes matrices(std::uint32_t n) {
  bytes out(16 + std::size_t{8} * n * n);
  std::memcpy(out.data(), "DGM1", 4);
  for (std::size_t i = 0; i < 3; ++i) std::memcpy(out.data() + 4 + 4 * i, &n, 4);
  const bytes random = noise(std::size_t{2} * n * n);
  for (std::size_t i = 0; i < random.size(); ++i) {
    const float value = static_cast<float>(random[i]) / 128.0f - 1.0f;
    std::memcpy(out.data() + 16 + 4 * i, &value, 4);
  }
  return out;
}

namespace {

void run(const registry& kernels, const char* kernel, const bytes& input, std::uint32_t threads) {
  const auto result = kernels.run({.kernel = kernel,
                                   .params = {},
                                   .input = input,
                                   .backend = "cpu",
                                   .threads = threads});
  if (!result.ok()) std::printf("%s: %s\n", kernel, result.message.c_str());
}

#if defined(DATAGEN_BENCH_OPENBLAS)

/// gemm.f32 on so many threads of ours and of OpenBLAS.
void gemm_beside_openblas(const registry& kernels, std::uint32_t n, std::uint32_t threads) {
  const bytes input = matrices(n);
  std::vector<float> a(std::size_t{n} * n);
  std::vector<float> b(std::size_t{n} * n);
  std::vector<float> c(std::size_t{n} * n);
  std::memcpy(a.data(), input.data() + 16, a.size() * 4);
  std::memcpy(b.data(), input.data() + 16 + a.size() * 4, b.size() * 4);
  openblas_set_num_threads(static_cast<int>(threads));
  const auto theirs = [&] {
    const int s = static_cast<int>(n);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, s, s, s, 1, a.data(), s, b.data(), s, 0,
                c.data(), s);
  };
  const bool one = threads == 1;
  const auto ours = [&] { run(kernels, "gemm.f32", input, threads); };
  const auto seconds = rounds_of(n < 2048 ? 31 : 11, {{one, ours}, {one, theirs}});
  openblas_set_num_threads(1);
  const double ratio = median_ratio(seconds[0], seconds[1]);
  std::printf("  OpenBLAS (%s), %u thread(s): %.1f GFLOP/s; ours / OpenBLAS = %.2f, median of "
              "%zu rounds\n",
              openblas_get_corename(), threads,
              2e-9 * n * n * n / *std::min_element(seconds[1].begin(), seconds[1].end()), ratio,
              seconds[0].size());
  if (n >= 1024)
    aim("gemm.f32 " + std::to_string(n) + " / OpenBLAS, " + std::to_string(threads) + " thread(s)",
        ratio, one ? 0.95 : 0.93);
}

#endif

void gemm(const registry& kernels, std::uint32_t n) {
  const bytes input = matrices(n);
  const double gigaflop = 2e-9 * n * n * n;
  const auto best = best_of(5, {{true, [&] { run(kernels, "gemm.f32", input, 1); }},
                                {false, [&] { run(kernels, "gemm.f32", input, 0); }}});
  std::printf("gemm.f32 %u: %.1f GFLOP/s one thread, %.1f GFLOP/s all threads\n", n,
              gigaflop / best[0], gigaflop / best[1]);
#if defined(DATAGEN_BENCH_OPENBLAS)
  for (const std::uint32_t threads : {1u, 2u}) gemm_beside_openblas(kernels, n, threads);
#else
  std::printf("  OpenBLAS was not found at build time: no comparison\n");
#endif
}

void gemm_i8(const registry& kernels, std::uint32_t n) {
  bytes input = noise(16 + std::size_t{2} * n * n);
  std::memcpy(input.data(), "DGI1", 4);
  for (std::size_t i = 0; i < 3; ++i) std::memcpy(input.data() + 4 + 4 * i, &n, 4);
  const bytes floats = matrices(n);
  const auto best = best_of(7, {{true, [&] { run(kernels, "gemm.i8", input, 1); }},
                                {true, [&] { run(kernels, "gemm.f32", floats, 1); }}});
  const double gigaop = 2e-9 * n * n * n;
  std::printf("gemm.i8 %u: %.0f GOP/s one thread; ours / our gemm.f32 = %.2f\n", n,
              gigaop / best[0], aim("gemm.i8 1024 / our gemm.f32 (VNNI)", best[1] / best[0], 2));
}

void naive_gemm() {
  constexpr std::size_t n = 256;
  std::vector<float> a(n * n, 0.5f);
  std::vector<float> c(n * n);
  const double best = best_of(3, {{true, [&] {
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        float sum = 0;
        for (std::size_t k = 0; k < n; ++k) sum = sum + a[i * n + k] * a[k * n + j];
        c[i * n + j] = sum;
      }
  }}})[0];
  std::printf("  naive triple loop (256, plain C++): %.1f GFLOP/s\n", 2e-9 * n * n * n / best);
}

}  // namespace

void let_openblas_use_its_best(char** arguments) {
#if defined(DATAGEN_BENCH_OPENBLAS)
  const bool oldest = std::strcmp(openblas_get_corename(), "Prescott") == 0;
  if (!oldest || std::getenv("OPENBLAS_CORETYPE") != nullptr || !__builtin_cpu_supports("avx2"))
    return;
  setenv("OPENBLAS_CORETYPE", __builtin_cpu_supports("avx512f") ? "SkylakeX" : "Haswell", 1);
  execv("/proc/self/exe", arguments);
#else
  static_cast<void>(arguments);
#endif
}

void print_gemm_rows(const registry& kernels) {
  for (const std::uint32_t n : {512, 1024, 2048}) gemm(kernels, n);
  gemm_i8(kernels, 1024);
  naive_gemm();
}

}  // namespace datagen::tools
