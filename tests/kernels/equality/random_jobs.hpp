#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace datagen::equality {

using bytes = std::vector<std::uint8_t>;

/// What a customer could send; some of it must be refused, with the same sentence everywhere.
struct random_job {
  std::string params;
  bytes input;
};

/// How jobs of one kernel are drawn.
struct job_family {
  std::string_view kernel;
  /// Job number `index` of this family: a function of both arguments and nothing else.
  random_job (*draw)(std::uint64_t seed, std::uint64_t index);
};

random_job random_ed25519_verify(std::uint64_t seed, std::uint64_t index);
random_job random_gemm_f32(std::uint64_t seed, std::uint64_t index);
random_job random_gemm_i8(std::uint64_t seed, std::uint64_t index);
random_job random_mc_philox(std::uint64_t seed, std::uint64_t index);
random_job random_merkle_root(std::uint64_t seed, std::uint64_t index);
random_job random_nn_infer(std::uint64_t seed, std::uint64_t index);
random_job random_render_path(std::uint64_t seed, std::uint64_t index);
random_job random_search_bm25(std::uint64_t seed, std::uint64_t index);
random_job random_sha256_batch(std::uint64_t seed, std::uint64_t index);
random_job random_sim_nbody(std::uint64_t seed, std::uint64_t index);
random_job random_sort_u64(std::uint64_t seed, std::uint64_t index);
random_job random_topk(std::uint64_t seed, std::uint64_t index);

/// One family per kernel, by id.
inline constexpr job_family families[] = {
    {"ed25519.verify", random_ed25519_verify},
    {"gemm.f32", random_gemm_f32},
    {"gemm.i8", random_gemm_i8},
    {"mc.philox", random_mc_philox},
    {"merkle.root", random_merkle_root},
    {"nn.infer", random_nn_infer},
    {"render.path", random_render_path},
    {"search.bm25", random_search_bm25},
    {"sha256.batch", random_sha256_batch},
    {"sim.nbody", random_sim_nbody},
    {"sort.u64", random_sort_u64},
    {"topk", random_topk},
};

inline constexpr std::uint64_t large_every = 250;   ///< one job in so many is large
inline constexpr std::uint64_t broken_every = 50;   ///< and one is damaged

}  // namespace datagen::equality
