#include "probe.hpp"

using namespace datagen::kernels;

// Compiled with the flags of a CPU module; check_machine_code reads what became of it.
extern "C" {
float probe_product_then_sum(float a, float b, float c) { return not_fused(a, b, c); }
double probe_product_then_sum_f64(double a, double b, double c) { return not_fused(a, b, c); }
void probe_many(const float* a, const float* b, float* c) {
  for (int i = 0; i < 64; ++i) c[i] = not_fused(a[i], b[i], c[i]);
}
float probe_chain(const float* a) {  // a sum must stay a chain: no vector of partial sums
  float sum = 0;
  for (int i = 0; i < 64; ++i) sum = sum + a[i];
  return sum;
}
float probe_ratio(float a, float b) { return ratio(a, b); }
float probe_fused(float a, float b, float c) { return fused(a, b, c); }
}
