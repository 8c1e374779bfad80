#include "float_environment.hpp"

#include <atomic>

#include <immintrin.h>

namespace datagen::kernels {
namespace {

constexpr unsigned flush_to_zero = 0x8000;
constexpr unsigned denormals_are_zero = 0x0040;
constexpr unsigned rounding_mode = 0x6000;

failure describe(unsigned state) {
  if ((state & flush_to_zero) != 0)
    return {DATAGEN_FLOAT_ENVIRONMENT,
            "flush-to-zero is set on a computing thread (MXCSR bit 15), results would differ"};
  if ((state & denormals_are_zero) != 0)
    return {DATAGEN_FLOAT_ENVIRONMENT,
            "denormals-are-zero is set on a computing thread (MXCSR bit 6), results would differ"};
  if ((state & rounding_mode) != 0)
    return {DATAGEN_FLOAT_ENVIRONMENT,
            "a rounding mode other than nearest is set on a computing thread (MXCSR bits 13, 14)"};
  return {};
}

}  // namespace

failure check_float_environment() { return describe(_mm_getcsr()); }

failure check_worker_environments() {
  std::atomic<unsigned> seen{0};
#if defined(_OPENMP)
#pragma omp parallel
#endif
  seen.fetch_or(_mm_getcsr());
  return describe(seen.load());
}

}  // namespace datagen::kernels
