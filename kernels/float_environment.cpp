#include "float_environment.hpp"

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

void float_environments::add_this_thread() { seen_.fetch_or(_mm_getcsr()); }

failure float_environments::check() const { return describe(seen_.load()); }

}  // namespace datagen::kernels
