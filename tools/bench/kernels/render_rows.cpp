#include "tools/bench/kernels/render_rows.hpp"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "tools/bench/kernels/aims.hpp"
#include "tools/bench/kernels/interleaved_rounds.hpp"
#if defined(DATAGEN_BENCH_EMBREE)
#include "tools/bench/kernels/embree_renderer.hpp"
#endif

namespace datagen::tools {

void print_render_rows(const kernels::registry& kernels, const char* path) {
  constexpr std::uint32_t width = 160, height = 90, samples = 16;
  std::ifstream file(path, std::ios::binary);
  const std::string scene{std::istreambuf_iterator<char>(file), {}};
  const auto ours = [&](std::uint32_t threads) {
    const auto result = kernels.run(
        {.kernel = "render.path",
         .params = "height=90\nsamples=16\nwidth=160",
         .input = {reinterpret_cast<const std::uint8_t*>(scene.data()), scene.size()},
         .backend = "cpu",
         .threads = threads});
    if (!result.ok()) std::printf("render.path: %s\n", result.message.c_str());
  };
  std::vector<body> bodies = {{true, [&] { ours(1); }}, {false, [&] { ours(0); }}};
#if defined(DATAGEN_BENCH_EMBREE)
  const embree_renderer peer(scene);
  bodies.push_back({true, [&] { peer.render(width, height, samples); }});
#endif
  const auto best = best_of(5, bodies);
  const double paths = 1e-6 * width * height * samples;
  std::printf("render.path %s: %.2f Mpaths/s one thread, %.2f all\n", path, paths / best[0],
              paths / best[1]);
#if defined(DATAGEN_BENCH_EMBREE)
  std::printf("  the same renderer with Embree's rays, one thread, scene read and tree built before: "
              "%.2f Mpaths/s; ours / it = %.2f; %.3f %% of its pixels differ by more than 1 %%\n",
              paths / best[2],
              aim("render.path / the same with Embree, one thread", best[2] / best[0], 0.5),
              100 * peer.share_unlike(width, height, samples));
#else
  std::printf("  Embree was not found at build time: no comparison\n");
#endif
}

}  // namespace datagen::tools
