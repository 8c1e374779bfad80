#include "random_jobs.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "../jobs/ed25519_verify_job.hpp"
#include "../jobs/nn_infer_job.hpp"
#include "../jobs/search_bm25_job.hpp"
#include "../jobs/sim_nbody_job.hpp"
#include "random_source.hpp"

namespace datagen::equality {
namespace {

random_source source_of(std::string_view kernel, std::uint64_t seed, std::uint64_t index) {
  random_source mix(seed);
  std::uint64_t state = mix.next() ^ index * 0x9e3779b97f4a7c15;
  for (char c : kernel) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return random_source(state);
}

bool is_large(std::uint64_t index) { return index % large_every == large_every - 1; }
bool is_broken(std::uint64_t index) { return index % broken_every == broken_every / 2; }

/// A shorter or longer input, or one byte of its first 32 changed.
void damage(random_source& random, bytes& input) {
  switch (random.below(3)) {
    case 0: input.resize(random.below(input.size() + 1)); return;
    case 1: input.push_back(0); return;
    default:
      if (!input.empty())
        input[random.below(std::min<std::size_t>(32, input.size()))] ^=
            static_cast<std::uint8_t>(1 + random.below(255));
  }
}

void append(bytes& out, const void* data, std::size_t size) {
  const std::size_t at = out.size();
  out.resize(at + size);
  std::memcpy(out.data() + at, data, size);
}

void append_noise(random_source& random, bytes& out, std::uint64_t size) {
  const std::size_t begin = out.size();
  out.resize(begin + size);
  for (std::size_t i = begin; i < out.size(); i += 8) {
    const std::uint64_t word = random.next();
    std::memcpy(out.data() + i, &word, std::min<std::size_t>(8, out.size() - i));
  }
}

/// What the elements of an array look like.
enum class flavour { plain, wide_range, special, any_bits, count };

float special_float(random_source& random) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr float smallest = std::numeric_limits<float>::denorm_min();
  constexpr float normal = std::numeric_limits<float>::min();
  constexpr float values[] = {nan,       -nan,        infinity,    -infinity, 0.0f,
                              -0.0f,     smallest,    -smallest,   normal,    -normal / 3,
                              normal / 2, 0x1.fffffep127f, -0x1.fffffep127f, 1.0f};
  return values[random.below(std::size(values))];
}

float some_float(random_source& random, flavour kind) {
  const auto word = static_cast<std::uint32_t>(random.next());
  std::uint32_t bits = word;
  if (kind == flavour::plain) return static_cast<float>(word >> 8) * 0x1p-23f - 1.0f;
  if (kind == flavour::special && random.one_in(40)) return special_float(random);
  if (kind != flavour::any_bits)  // products of two stay finite, sums may become subnormal
    bits = (word & 0x807fffff) | static_cast<std::uint32_t>(20 + random.below(160)) << 23;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

std::string decimal(random_source& random, double low, double high) {
  const double unit = static_cast<double>(random.next() >> 11) * 0x1p-53;
  return std::to_string(low + (high - low) * unit);
}

}  // namespace

namespace {

/// m, k and n of a product, any ratio.
void draw_sides(random_source& random, bool large, std::uint32_t (&sides)[3]) {
  const std::uint64_t products_max = large ? 200'000'000 : 1'500'000;
  const std::uint64_t most[] = {large ? 700u : 300u, large ? 5000u : 1600u, large ? 700u : 300u};
  do {
    const bool even = random.one_in(2);  // as likely long as short
    for (int i = 0; i < 3; ++i)
      sides[i] = static_cast<std::uint32_t>(even ? 1 + random.below(most[i])
                                                 : random.magnitude(1, most[i]));
  } while (std::uint64_t{sides[0]} * sides[1] * sides[2] > products_max);
}

}  // namespace

random_job random_gemm_f32(std::uint64_t seed, std::uint64_t index) {
  auto random = source_of("gemm.f32", seed, index);
  const auto kind = static_cast<flavour>(random.below(static_cast<std::uint64_t>(flavour::count)));
  std::uint32_t sides[3];
  draw_sides(random, is_large(index), sides);
  random_job job;
  append(job.input, "DGM1", 4);
  append(job.input, sides, sizeof sides);
  const std::size_t count = std::size_t{sides[1]} * (sides[0] + sides[2]);
  for (std::size_t i = 0; i < count; ++i) {
    const float value = some_float(random, kind);
    append(job.input, &value, sizeof value);
  }
  if (is_broken(index)) damage(random, job.input);
  return job;
}

random_job random_gemm_i8(std::uint64_t seed, std::uint64_t index) {
  auto random = source_of("gemm.i8", seed, index);
  std::uint32_t sides[3];
  draw_sides(random, is_large(index), sides);
  random_job job;
  append(job.input, "DGI1", 4);
  append(job.input, sides, sizeof sides);
  const std::uint64_t count = std::uint64_t{sides[1]} * (sides[0] + sides[2]);
  if (random.one_in(4)) {  // the largest sums there are
    const bytes lowest(count, 0x80);
    append(job.input, lowest.data(), lowest.size());
  } else {
    append_noise(random, job.input, count);
  }
  if (is_broken(index)) damage(random, job.input);
  return job;
}

random_job random_mc_philox(std::uint64_t seed, std::uint64_t index) {
  auto random = source_of("mc.philox", seed, index);
  const std::uint64_t draws = is_large(index) ? 2'000'000 : 30'000;
  const std::uint64_t steps = random.magnitude(1, 64);
  const char* kinds[] = {"call", "put", "asian-call"};
  random_job job;
  job.params = std::string("kind=") + kinds[random.below(3)] +
               "\npaths=" + std::to_string(random.magnitude(1, draws / steps)) +
               "\nrate=" + decimal(random, -1, 1) + "\nseed=" + std::to_string(random.next()) +
               "\nspot=" + decimal(random, 0.01, random.one_in(4) ? 1e6 : 200) +
               "\nsteps=" + std::to_string(steps) +
               "\nstrike=" + decimal(random, 0.01, random.one_in(4) ? 1e6 : 200) +
               "\nvolatility=" + decimal(random, 0, random.one_in(4) ? 5 : 0.5) +
               "\nyears=" + decimal(random, 0, random.one_in(4) ? 50 : 2);
  if (is_broken(index)) job.params[random.below(job.params.size())] = '=';
  return job;
}

random_job random_merkle_root(std::uint64_t seed, std::uint64_t index) {
  auto random = source_of("merkle.root", seed, index);
  random_job job;
  job.params = "chunk=" + std::to_string(std::uint64_t{1024} << random.below(11));
  if (is_broken(index)) job.params += "0";
  append_noise(random, job.input, random.magnitude(0, is_large(index) ? 64 << 20 : 1 << 20));
  return job;
}

random_job random_sha256_batch(std::uint64_t seed, std::uint64_t index) {
  auto random = source_of("sha256.batch", seed, index);
  const std::uint64_t bytes_max = is_large(index) ? 32 << 20 : 1 << 18;
  const auto length = random.one_in(2) ? 0 : static_cast<std::uint32_t>(random.magnitude(1, 5000));
  const auto count = static_cast<std::uint32_t>(
      random.magnitude(0, bytes_max / std::max<std::uint64_t>(length, 200)));
  const std::uint32_t header[] = {count, length, 0};
  random_job job;
  append(job.input, "DHS1", 4);
  append(job.input, header, sizeof header);
  std::uint64_t payload = std::uint64_t{count} * length;
  for (std::uint32_t i = 0; length == 0 && i < count; ++i) {
    const auto size = static_cast<std::uint32_t>(random.magnitude(0, 2000));
    append(job.input, &size, sizeof size);
    payload += size;
  }
  append_noise(random, job.input, payload);
  if (is_broken(index)) damage(random, job.input);
  return job;
}

namespace {

/// Keys of a random number of bits, so that some arrays are full of ties.
bytes random_keys(random_source& random, std::uint64_t count) {
  const std::uint64_t mask = ~std::uint64_t{0} >> random.below(64);
  bytes out;
  const std::uint32_t zero = 0;
  append(out, "DSU1", 4);
  append(out, &zero, sizeof zero);
  append(out, &count, sizeof count);
  const std::size_t begin = out.size();
  out.resize(begin + 8 * count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t key = random.next() & mask;
    std::memcpy(out.data() + begin + 8 * i, &key, sizeof key);
  }
  return out;
}

}  // namespace

namespace {

/// A job that the kernel's own tests draw.
random_job from_test(kernels::testing::random_job (*draw)(std::uint64_t), std::string_view kernel,
                     std::uint64_t seed, std::uint64_t index) {
  auto random = source_of(kernel, seed, index);
  auto drawn = draw(random.next());
  random_job job{std::move(drawn.params), std::move(drawn.input)};
  if (is_broken(index)) damage(random, job.input);
  return job;
}

}  // namespace

random_job random_search_bm25(std::uint64_t seed, std::uint64_t index) {
  return from_test(kernels::testing::random_search_bm25_job, "search.bm25", seed, index);
}

random_job random_ed25519_verify(std::uint64_t seed, std::uint64_t index) {
  return from_test(kernels::testing::random_ed25519_verify_job, "ed25519.verify", seed, index);
}

random_job random_nn_infer(std::uint64_t seed, std::uint64_t index) {
  return from_test(kernels::testing::random_nn_infer_job, "nn.infer", seed, index);
}

random_job random_sim_nbody(std::uint64_t seed, std::uint64_t index) {
  return from_test(kernels::testing::random_sim_nbody_job, "sim.nbody", seed, index);
}

random_job random_sort_u64(std::uint64_t seed, std::uint64_t index) {
  auto random = source_of("sort.u64", seed, index);
  random_job job;
  job.params = random.one_in(2) ? "output=keys" : "output=order";
  job.input = random_keys(random, random.magnitude(0, is_large(index) ? 4'000'000 : 100'000));
  if (is_broken(index)) damage(random, job.input);
  return job;
}

random_job random_topk(std::uint64_t seed, std::uint64_t index) {
  auto random = source_of("topk", seed, index);
  random_job job;
  job.params = "k=" + std::to_string(random.magnitude(1, 65536));
  job.input = random_keys(random, random.magnitude(0, is_large(index) ? 4'000'000 : 200'000));
  if (is_broken(index)) damage(random, job.input);
  return job;
}

namespace {

std::string point(random_source& random, double reach) {
  return "[" + decimal(random, -reach, reach) + ", " + decimal(random, -reach, reach) + ", " +
         decimal(random, -reach, reach) + "]";
}

std::string materials(random_source& random) {
  const char* kinds[] = {"diffuse", "checker", "metal", "glass", "emissive", "diffuse"};
  std::string text;
  for (std::size_t i = 0; i < 6; ++i)
    text += "[[material]]\nname = \"m" + std::to_string(i) + "\"\nkind = \"" + kinds[i] +
            "\"\ncolor = [" + decimal(random, 0, 1) + ", 0.5, " + decimal(random, 0, 1) + "]\n" +
            (i == 5 ? "coat = true\n" : "") + (i == 4 ? "strength = 20\n" : "");
  return text;
}

std::string some_material(random_source& random) {
  return "material = \"m" + std::to_string(random.below(6)) + "\"\n";
}

/// A heap of everything; repeated primitives make hits tie.
bytes random_scene(random_source& random, std::uint64_t primitives) {
  std::string text = "[camera]\nposition = [0, 0.5, 6]\nlook_at = [0, 0, 0]\naperture = " +
                     decimal(random, 0, 0.2) + "\n" + materials(random);
  for (std::uint64_t i = 0; i < primitives; ++i) {
    const std::string body =
        random.one_in(3)
            ? "[[sphere]]\ncenter = " + point(random, 2) + "\nradius = " + decimal(random, 0.05, 0.6)
            : "[[triangle]]\npoints = [" + point(random, 2.5) + ", " + point(random, 2.5) + ", " +
                  point(random, 2.5) + "]";
    text += body + "\n" + some_material(random);
    if (random.one_in(6)) text += body + "\n" + some_material(random);
  }
  text += "[[quad]]\ncorner = [-5, -2, -5]\nu = [0, 0, 10]\nv = [10, 0, 0]\nmaterial = \"m1\"\n";
  return {text.begin(), text.end()};
}

}  // namespace

random_job random_render_path(std::uint64_t seed, std::uint64_t index) {
  auto random = source_of("render.path", seed, index);
  // Most pictures are tiny; one in ten has paths enough for a rounding to reach its 8-bit pixels.
  const std::uint64_t least_side = is_large(index) ? 100 : index % 10 == 9 ? 40 : 1;
  const std::uint64_t most_side = is_large(index) ? 200 : index % 10 == 9 ? 72 : 16;
  const std::uint64_t samples = most_side > 16 ? 16 : random.magnitude(1, 4);
  random_job job;
  job.params = "bounces=" + std::to_string(1 + random.below(10)) +
               "\nheight=" + std::to_string(random.magnitude(least_side, most_side)) +
               "\nsamples=" + std::to_string(samples) + "\nseed=" + std::to_string(random.next()) +
               "\nwidth=" + std::to_string(random.magnitude(least_side, most_side));
  job.input = random_scene(random, random.magnitude(1, is_large(index) ? 2000 : 60));
  if (is_broken(index)) damage(random, job.input);
  return job;
}

}  // namespace datagen::equality
