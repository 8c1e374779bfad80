/// Side-by-side figures of the kernels and their peers: best of a few interleaved rounds, one-thread
/// rows in processor time, the others in wall time.
/// Usage: kernels_bench [SCENE.toml [CORPUS.txt [KERNEL]]]. A peer that was not found at build time says so.
/// kernels_bench cuda [SCENE.toml] measures whole jobs on CUDA, copies included, beside the CPU.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "kernels/npy.hpp"
#include "kernels/registry.hpp"
#include "tools/bench/kernels/aims.hpp"
#include "tools/bench/kernels/busy_rows.hpp"
#include "tools/bench/kernels/gemm_rows.hpp"
#include "tools/bench/kernels/interleaved_rounds.hpp"
#include "tools/bench/kernels/nbody_fast_math.hpp"
#include "tools/bench/kernels/nn_rows.hpp"
#include "tools/bench/kernels/render_rows.hpp"
#include "tools/bench/kernels/search_rows.hpp"
#include "tools/bench/kernels/signature_rows.hpp"
#if defined(DATAGEN_BENCH_OPENSSL)
#define OPENSSL_SUPPRESS_DEPRECATED  // the low-level calls are OpenSSL's fastest for short messages
#include <openssl/evp.h>
#include <openssl/sha.h>
#endif
#if defined(DATAGEN_BENCH_TBB)
#include <tbb/parallel_sort.h>
#endif

namespace {

using bytes = std::vector<std::uint8_t>;
using datagen::kernels::registry;
using datagen::tools::aim;
using datagen::tools::best_of;
using datagen::tools::body;
using datagen::tools::matrices;
using datagen::tools::noise;

struct job {
  std::string kernel, params;
  const bytes& input;
  std::uint32_t threads;
  std::string backend = "cpu";
};

void run(const registry& kernels, const job& j) {
  const auto result = kernels.run({.kernel = j.kernel,
                                   .params = j.params,
                                   .input = j.input,
                                   .backend = j.backend,
                                   .threads = j.threads});
  if (!result.ok()) std::printf("%s: %s\n", j.kernel.c_str(), result.message.c_str());
}

void merkle(const registry& kernels) {
  const bytes input = noise(std::size_t{64} << 20);
  const double megabytes = 64 * 1.048576;
  std::vector<body> bodies = {
      {true, [&] { run(kernels, {"merkle.root", "", input, 1}); }},
      {false, [&] { run(kernels, {"merkle.root", "", input, 0}); }}};
#if defined(DATAGEN_BENCH_OPENSSL)
  bodies.push_back({true, [&] {
    std::uint8_t digest[32];
    for (std::size_t at = 0; at < input.size(); at += 65536)
      EVP_Digest(input.data() + at, 65536, digest, nullptr, EVP_sha256(), nullptr);
  }});
#endif
  const auto best = best_of(5, bodies);
  std::printf("merkle.root 64 MiB, 64 KiB chunks: %.0f MB/s one thread, %.0f MB/s all threads\n",
              megabytes / best[0], megabytes / best[1]);
#if defined(DATAGEN_BENCH_OPENSSL)
  std::printf("  OpenSSL EVP SHA-256 of the chunks, one thread: %.0f MB/s; ours / EVP = %.2f\n",
              megabytes / best[2], best[2] / best[0]);
#else
  std::printf("  OpenSSL was not found at build time: no comparison\n");
#endif
}

/// `count` messages of `length` bytes as sha256.batch reads them.
bytes messages(std::uint32_t count, std::uint32_t length) {
  bytes out = noise(16 + std::size_t{count} * length);
  const std::uint32_t header[] = {count, length, 0};
  std::memcpy(out.data(), "DHS1", 4);
  std::memcpy(out.data() + 4, header, sizeof header);
  return out;
}

void sha256(const registry& kernels, std::uint32_t length) {
  const std::uint32_t count = (std::uint32_t{16} << 20) / length;
  const bytes input = messages(count, length);
  const double megabytes = 1e-6 * count * length;
  std::vector<body> bodies = {{true, [&] { run(kernels, {"sha256.batch", "", input, 1}); }}};
#if defined(DATAGEN_BENCH_OPENSSL)
  bytes digests(std::size_t{32} * count);
  bodies.push_back({true, [&] {
    for (std::size_t i = 0; i < count; ++i) {
      SHA256_CTX context;
      SHA256_Init(&context);
      SHA256_Update(&context, input.data() + 16 + i * length, length);
      SHA256_Final(digests.data() + 32 * i, &context);
    }
  }});
#endif
  const auto best = best_of(9, bodies);
  std::printf("sha256.batch %u B: %.0f MB/s one thread", length, megabytes / best[0]);
#if defined(DATAGEN_BENCH_OPENSSL)
  std::printf("; OpenSSL's fastest call %.0f MB/s; ours / OpenSSL = %.2f\n", megabytes / best[1],
              aim("sha256.batch " + std::to_string(length) + " B / OpenSSL", best[1] / best[0],
                  length == 64 ? 1.5 : 1.8));
#else
  std::printf("; OpenSSL was not found at build time: no comparison\n");
#endif
}

bytes random_keys(std::uint64_t count) {
  bytes input = noise(16 + 8 * count);
  std::memset(input.data(), 0, 16);
  std::memcpy(input.data(), "DSU1", 4);
  std::memcpy(input.data() + 8, &count, sizeof count);
  return input;
}

void sort(const registry& kernels, std::uint64_t count) {
  const bytes input = random_keys(count);
  std::vector<std::uint64_t> keys(count);
  const auto load = [&] { std::memcpy(keys.data(), input.data() + 16, 8 * count); };
  std::vector<body> bodies = {
      {true, [&] { run(kernels, {"sort.u64", "", input, 1}); }},
      {false, [&] { run(kernels, {"sort.u64", "", input, 0}); }},
      {true, [&] {
         load();
         std::sort(keys.begin(), keys.end());
       }},
      {true, [&] { run(kernels, {"topk", "k=100", input, 1}); }}};
#if defined(DATAGEN_BENCH_TBB)
  bodies.push_back({false, [&] {
    load();
    tbb::parallel_sort(keys.begin(), keys.end());
  }});
#endif
  const auto best = best_of(3, bodies);
  const double million = 1e-6 * static_cast<double>(count);
  std::printf("sort.u64 %.0f M: %.1f Mkeys/s one thread, %.1f all; std::sort %.1f, ours / std = %.2f\n",
              million, million / best[0], million / best[1], million / best[2],
              aim("sort.u64 10 M / std::sort, one thread", best[2] / best[0], 3));
#if defined(DATAGEN_BENCH_TBB)
  std::printf("  TBB parallel_sort, all threads: %.1f Mkeys/s; ours / TBB = %.2f\n",
              million / best[4], aim("sort.u64 10 M / TBB, all threads", best[4] / best[1], 1));
#else
  std::printf("  TBB was not found at build time: no comparison\n");
#endif
  std::printf("  topk 100 of them: %.0f Mkeys/s one thread\n", million / best[3]);
}

void monte_carlo(const registry& kernels) {
  const bytes none;
  const auto best =
      best_of(3, {{true, [&] { run(kernels, {"mc.philox", "paths=2000000", none, 1}); }},
                  {false, [&] { run(kernels, {"mc.philox", "paths=2000000", none, 0}); }},
                  {false, [&] {
                     const char* asian = "kind=asian-call\npaths=100000\nsteps=20";
                     run(kernels, {"mc.philox", asian, none, 0});
                   }}});
  std::printf("mc.philox European: %.1f Mpaths/s one thread, %.1f all; Asian: %.1f Msteps/s all\n",
              2 / best[0], 2 / best[1], 2 / best[2]);
}

std::vector<float> random_bodies(std::uint32_t bodies) {
  std::vector<float> rows(std::size_t{bodies} * 7);
  const bytes random = noise(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i] = static_cast<float>(random[i]) / 128.0f - 1.0f;
  return rows;
}

bytes bodies_file(const std::vector<float>& rows) {
  const std::uint64_t shape[] = {rows.size() / 7, 7};
  bytes file = datagen::kernels::npy_header("<f4", shape);
  const auto* data = reinterpret_cast<const std::uint8_t*>(rows.data());
  file.insert(file.end(), data, data + rows.size() * sizeof(float));
  return file;
}

void nbody(const registry& kernels) {
  constexpr std::uint32_t bodies = 8192;
  const auto rows = random_bodies(bodies);
  const bytes input = bodies_file(rows);
  datagen::tools::nbody_fast_math peer(rows);
  const auto best = best_of(5, {{true, [&] { run(kernels, {"sim.nbody", "", input, 1}); }},
                                {false, [&] { run(kernels, {"sim.nbody", "", input, 0}); }},
                                {true, [&] { peer.step(0.01f, 1e-4f); }}});
  const double pairs = 1e-9 * bodies * bodies;
  std::printf("sim.nbody %u bodies: %.2f Gpairs/s one thread, %.2f all threads\n", bodies,
              pairs / best[0], pairs / best[1]);
  std::printf("  plain C++ loops with -ffast-math (other bits), one thread: %.2f Gpairs/s; "
              "ours / plain = %.2f\n",
              pairs / best[2], best[2] / best[0]);
}

bytes read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {(std::istreambuf_iterator<char>(file)), {}};
}

/// One job on CUDA and on all CPU threads, from input bytes to output bytes.
void whole_job(const registry& kernels, const std::string& name, const job& on_cpu) {
  job on_cuda = on_cpu;
  on_cuda.backend = "cuda";
  const auto best = best_of(3, {{false, [&] { run(kernels, on_cuda); }},
                                {false, [&] { run(kernels, on_cpu); }}});
  std::printf("%s: %.1f ms on CUDA, %.1f ms on all CPU threads; CUDA is %.1f times as fast\n",
              name.c_str(), best[0] * 1e3, best[1] * 1e3, best[1] / best[0]);
}

void whole_jobs(const registry& kernels, const char* scene) {
  const bytes none;
  const bytes product = matrices(4096);
  whole_job(kernels, "gemm.f32 4096", {"gemm.f32", "", product, 0});
  whole_job(kernels, "mc.philox 2^24 paths", {"mc.philox", "paths=16777216", none, 0});
  const bytes file = noise(std::size_t{512} << 20);
  whole_job(kernels, "merkle.root 512 MiB", {"merkle.root", "", file, 0});
  const bytes short_messages = messages(1 << 22, 64);
  whole_job(kernels, "sha256.batch 2^22 of 64 B", {"sha256.batch", "", short_messages, 0});
  const bytes keys = random_keys(1 << 25);
  whole_job(kernels, "sort.u64 2^25", {"sort.u64", "", keys, 0});
  whole_job(kernels, "topk 100 of 2^25", {"topk", "k=100", keys, 0});
  const bytes bodies = bodies_file(random_bodies(65'536));
  whole_job(kernels, "sim.nbody 2^16 bodies, 1 step", {"sim.nbody", "", bodies, 0});
  const bytes network = datagen::tools::wide_network();
  whole_job(kernels, "nn.infer 256 rows, 1024-1024-1024-16", {"nn.infer", "", network, 0});
  datagen::tools::print_nn_device_peers(kernels);
  const bytes queries = datagen::tools::drawn_search();
  whole_job(kernels, "search.bm25 2000 queries in 100,000 documents", {"search.bm25", "", queries, 0});
  if (scene == nullptr) return;
  const bytes text = read_file(scene);
  whole_job(kernels, std::string("render.path ") + scene,
            {"render.path", "height=360\nsamples=64\nwidth=640", text, 0});
}

}  // namespace

int main(int count, char** arguments) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // seen row by row
  datagen::tools::let_openblas_use_its_best(arguments);
  const auto kernels = registry::load();
  if (!kernels.ok()) {
    std::fprintf(stderr, "%s\n", kernels.error().c_str());
    return 1;
  }
  for (const auto& device : kernels.devices())
    std::printf("%s %u: %s, %.1f GiB\n", device.backend.c_str(), device.index,
                device.name.c_str(), static_cast<double>(device.memory_bytes) / (1 << 30));
  if (count > 1 && std::string(arguments[1]) == "cuda") {
    whole_jobs(kernels, count > 2 ? arguments[2] : nullptr);
    return 0;
  }
  const std::string only = count > 3 ? arguments[3] : "";
  const auto known = kernels.kernels();
  if (!only.empty() &&
      std::none_of(known.begin(), known.end(), [&](const auto& x) { return x.id == only; })) {
    std::fprintf(stderr, "there is no kernel '%s'; name one of", only.c_str());
    for (const auto& x : known) std::fprintf(stderr, " %s", std::string(x.id).c_str());
    std::fprintf(stderr, "\n");
    return 1;
  }
  const auto wanted = [&](const char* kernel) { return only.empty() || only == kernel; };
  if (wanted("merkle.root")) merkle(kernels);
  if (wanted("sha256.batch"))
    for (const std::uint32_t length : {64, 65536}) sha256(kernels, length);
  if (wanted("gemm.f32") || wanted("gemm.i8")) {
    datagen::tools::print_gemm_rows(kernels);
    datagen::tools::print_busy_rows(kernels);
  }
  if (wanted("sort.u64") || wanted("topk")) sort(kernels, 10'000'000);
  if (wanted("mc.philox")) monte_carlo(kernels);
  if (wanted("sim.nbody")) nbody(kernels);
#if defined(DATAGEN_BENCH_SODIUM)
  if (wanted("ed25519.verify")) datagen::tools::print_signature_rows(kernels);
#else
  std::printf("ed25519.verify: libsodium was not found at build time: no row\n");
#endif
  if (wanted("nn.infer")) datagen::tools::print_nn_rows(kernels, DATAGEN_BENCH_MODELS);
  if (count <= 1)
    std::printf("render.path: name a scene to measure it, e.g. config/scenes/loggia.toml\n");
  else if (wanted("render.path"))
    datagen::tools::print_render_rows(kernels, arguments[1]);
  if (count <= 2)
    std::printf("search.bm25: name a text after the scene, each of its lines is a document\n");
  else if (wanted("search.bm25"))
    datagen::tools::print_search_rows(kernels, arguments[2]);
  datagen::tools::print_aims();
}
