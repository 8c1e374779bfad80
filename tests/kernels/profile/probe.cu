// The device code of the kernels' headers without Thrust, so that its PTX is quickly made; check_ptx
// reads it.
#include "kernels/gemm_f32_cuda.cuh"
#include "kernels/math.hpp"
#include "kernels/render/trace.hpp"
#include "probe.hpp"

using namespace datagen::kernels;

extern "C" __global__ void probe_product_then_sum(const float* a, const double* b, float* c,
                                                  double* d) {
  c[threadIdx.x] = not_fused(a[0], a[1], c[threadIdx.x]);
  d[threadIdx.x] = not_fused(b[0], b[1], d[threadIdx.x]);
  c[0] = ratio(c[1], c[2]);
}

extern "C" __global__ void functions(const double* x, double* y, float* z) {
  const int i = threadIdx.x;
  y[i] = exponential(x[i]) + logarithm(x[i]) + normal_quantile(x[i]) +
         sine_cosine_turns(x[i]).sine + square_root(x[i]);
  z[i] = sine_cosine_turns(z[i]).cosine + square_root(z[i]);
}

extern "C" __global__ void paths(render::scene_view scene, render::vector3* out) {
  out[threadIdx.x] = render::pixel_radiance<render::by_tree>(scene, threadIdx.x, 64, 64, 4, 8, 1);
}

template cudaError_t datagen::kernels::launch_tiles<gemm_large_tile>(
    const gemm_operands&, const gemm_shape&, bool, float*, cudaStream_t);
