#include "sim_nbody.hpp"

#include <string>

#include "host_device.hpp"
#include "launch.hpp"
#include "nbody_pull.hpp"
#include "npy.hpp"
#include "params.hpp"

namespace datagen::kernels {
namespace {

constexpr std::uint64_t bodies_max = std::uint64_t{1} << 20;
constexpr std::uint64_t steps_max = 1000000;
constexpr std::uint64_t pairs_max = std::uint64_t{1} << 42;
constexpr std::uint64_t columns = 7;  // x, y, z, vx, vy, vz, mass
constexpr datagen_limit limits[] = {{"bodies", bodies_max, "bodies"},
                                    {"steps", steps_max, "steps"},
                                    {"bodies*bodies*steps", pairs_max, "pairs"}};

using type = param_rule::type;
constexpr param_rule rules[] = {
  {.key = "dt", .kind = type::real, .fallback = "0.01", .minimum = -1e6, .maximum = 1e6},
  {.key = "gravity", .kind = type::real, .fallback = "1", .minimum = -1e6, .maximum = 1e6},
  {.key = "softening", .kind = type::real, .fallback = "0.01", .minimum = 0, .maximum = 1e6},
  {.key = "steps", .fallback = "1", .minimum = 1, .maximum = steps_max},
};

struct simulation {
  std::uint32_t bodies = 0;
  std::uint64_t steps = 0;
  float half = 0;  // dt / 2
  float kick = 0;  // G * dt
  float softening2 = 0;
  std::span<const std::uint8_t> rows;  // unaligned
};

failure parse(const work& work, simulation& s) {
  param_values values;
  if (auto bad = parse_params(work.params, rules, values))
    return bad;
  npy_array array;
  if (auto bad = read_npy(work.input, array))
    return bad;
  if (array.type != "<f4" || array.shape.size() != 2 || array.shape[1] != columns ||
      array.shape[0] == 0)
    return bad_input("input is " + shape_text(array.shape) + " of '" + array.type +
                     "', expected (bodies, 7) of '<f4': x, y, z, vx, vy, vz, mass");
  const std::uint64_t bodies = array.shape[0];
  if (bodies > bodies_max)
    return over_limit("input", bodies, bodies_max, "bodies");
  s.bodies = static_cast<std::uint32_t>(bodies);
  s.steps = values.integer("steps");
  if (s.steps > pairs_max / (bodies * bodies))
    return over_limit("steps for " + std::to_string(bodies) + " bodies", s.steps,
                      pairs_max / (bodies * bodies), "steps");
  const auto dt = static_cast<float>(values.real("dt"));
  const auto softening = static_cast<float>(values.real("softening"));
  s.half = dt * 0.5f;
  s.kick = static_cast<float>(values.real("gravity")) * dt;
  s.softening2 = softening * softening;
  s.rows = array.data;
  return {};
}

std::uint64_t units(const work&, const simulation& s) {
  return 1 + s.steps * (1 + std::uint64_t{s.bodies} * s.bodies / 3072);
}

/// Columns of all bodies and the accelerations. Padded, so that a block may read past the last.
struct state_view {
  float* memory;
  std::uint64_t stride;

  static constexpr std::uint64_t acceleration = columns;
  static constexpr std::uint64_t total_columns = columns + 3;
  DATAGEN_HD float* column(std::uint64_t c) const { return memory + c * stride; }
};

/// The acceleration of body i, exactly as the header reads. Faster paths must agree bit for bit.
struct one_acceleration {
  state_view s;
  std::uint32_t bodies;
  float softening2;

  DATAGEN_HD void operator()(std::uint64_t i) const {
    const float *x = s.column(0), *y = s.column(1), *z = s.column(2), *mass = s.column(6);
    vector3 total{};
    for (std::uint32_t j0 = 0; j0 < bodies; j0 += nbody_tile) {
      vector3 sum{};
      for (std::uint32_t j = j0; j < bodies && j < j0 + nbody_tile; ++j)
        add_pull(x[j] - x[i], y[j] - y[i], z[j] - z[i], mass[j], softening2, sum);
      total = j0 == 0 ? sum : vector3{total.x + sum.x, total.y + sum.y, total.z + sum.z};
    }
    s.column(7)[i] = total.x;
    s.column(8)[i] = total.y;
    s.column(9)[i] = total.z;
  }
};

/// Moves body i by half a step at constant velocity.
struct drift {
  state_view s;
  float half;

  DATAGEN_HD void operator()(std::uint64_t i) const {
    for (std::uint64_t axis = 0; axis < 3; ++axis) {
      float& p = s.column(axis)[i];
      p = fused(s.column(3 + axis)[i], half, p);
    }
  }
};

/// Ends a step of body i and, when another follows, begins that.
struct kick_and_drift {
  state_view s;
  float kick, half;
  bool again;

  DATAGEN_HD void operator()(std::uint64_t i) const {
    for (std::uint64_t axis = 0; axis < 3; ++axis) {
      float& v = s.column(3 + axis)[i];
      v = fused(s.column(state_view::acceleration + axis)[i], kick, v);
      float& p = s.column(axis)[i];
      p = fused(v, half, p);
      if (again)
        p = fused(v, half, p);
    }
  }
};

#if defined(__CUDACC__)

constexpr std::uint32_t block_bodies = 128;  // threads of a block, one body i each
constexpr std::uint32_t group_tiles = 16;    // tiles j that one launch spreads over blocks

/// Partial sums of one tile j for block_bodies bodies i; blockIdx.y counts tiles of the group.
__global__ void tile_sums(state_view s, std::uint32_t bodies, float softening2,
                          std::uint32_t first_tile, vector3* partial) {
  __shared__ float4 tile[nbody_tile];
  const float *x = s.column(0), *y = s.column(1), *z = s.column(2), *mass = s.column(6);
  const std::uint32_t j0 = (first_tile + blockIdx.y) * nbody_tile;
  const std::uint32_t length = bodies - j0 < nbody_tile ? bodies - j0 : nbody_tile;
  for (std::uint32_t j = threadIdx.x; j < length; j += block_bodies)
    tile[j] = make_float4(x[j0 + j], y[j0 + j], z[j0 + j], mass[j0 + j]);
  __syncthreads();
  const std::uint32_t i = blockIdx.x * block_bodies + threadIdx.x;
  if (i >= bodies)
    return;
  const float px = x[i], py = y[i], pz = z[i];
  vector3 sum{};
  for (std::uint32_t j = 0; j < length; ++j)
    add_pull(tile[j].x - px, tile[j].y - py, tile[j].z - pz, tile[j].w, softening2, sum);
  partial[std::uint64_t{blockIdx.y} * bodies + i] = sum;
}

/// Adds a group's partial sums, tiles ascending, to the accelerations.
struct add_tiles {
  state_view s;
  std::uint32_t bodies, first_tile, tiles;
  const vector3* partial;

  DATAGEN_HD void operator()(std::uint64_t i) const {
    for (std::uint32_t t = 0; t < tiles; ++t) {
      const vector3 sum = partial[std::uint64_t{t} * bodies + i];
      const bool first = first_tile + t == 0;
      s.column(7)[i] = first ? sum.x : s.column(7)[i] + sum.x;
      s.column(8)[i] = first ? sum.y : s.column(8)[i] + sum.y;
      s.column(9)[i] = first ? sum.z : s.column(9)[i] + sum.z;
    }
  }
};

/// Fills the acceleration columns.
class accelerations {
public:
  accelerations(const simulation& job, state_view s)
      : job_(job),
        s_(s),
        tiles_((job.bodies + nbody_tile - 1) / nbody_tile),
        partial_(std::uint64_t{job.bodies} * least(tiles_, group_tiles)) {}

  failure operator()(const run_settings& settings) {
    if (settings.portable)
      return launch(settings, job_.bodies, job_.bodies,
                    one_acceleration{s_, job_.bodies, job_.softening2});
    for (std::uint32_t first = 0; first < tiles_; first += group_tiles) {
      const std::uint32_t tiles = least(group_tiles, tiles_ - first);
      const dim3 blocks((job_.bodies + block_bodies - 1) / block_bodies, tiles);
      tile_sums<<<blocks, block_bodies>>>(s_, job_.bodies, job_.softening2, first, partial_.data());
      if (const auto error = cudaGetLastError(); error != cudaSuccess)
        return {DATAGEN_DEVICE_FAILED, cudaGetErrorString(error)};
      if (auto bad = launch(settings, job_.bodies, job_.bodies,
                            add_tiles{s_, job_.bodies, first, tiles, partial_.data()}))
        return bad;
    }
    return {};
  }

private:
  const simulation& job_;
  state_view s_;
  std::uint32_t tiles_;
  device_output<vector3> partial_;
};

#else

constexpr std::uint64_t block_bodies = 16;  // bodies i side by side in vector registers

/// The accelerations of bodies 16b to 16b+15: one lane each, j ascending for all of them at once.
struct block_acceleration {
  state_view s;
  std::uint32_t bodies;
  float softening2;

  void operator()(std::uint64_t block) const {
    const float* const x = s.column(0);
    const float* const y = s.column(1);
    const float* const z = s.column(2);
    const float* const mass = s.column(6);
    const std::uint64_t first = block * block_bodies;
    float px[block_bodies], py[block_bodies], pz[block_bodies];
    float total_x[block_bodies], total_y[block_bodies], total_z[block_bodies];
    memcpy(px, x + first, sizeof px);
    memcpy(py, y + first, sizeof py);
    memcpy(pz, z + first, sizeof pz);
    for (std::uint32_t j0 = 0; j0 < bodies; j0 += nbody_tile) {
      const std::uint32_t end = least(bodies, j0 + nbody_tile);
      float sum_x[block_bodies] = {}, sum_y[block_bodies] = {}, sum_z[block_bodies] = {};
      for (std::uint32_t j = j0; j < end; ++j)
        for (std::size_t l = 0; l < block_bodies; ++l) {
          vector3 sum{sum_x[l], sum_y[l], sum_z[l]};
          add_pull(x[j] - px[l], y[j] - py[l], z[j] - pz[l], mass[j], softening2, sum);
          sum_x[l] = sum.x;
          sum_y[l] = sum.y;
          sum_z[l] = sum.z;
        }
      for (std::size_t l = 0; l < block_bodies; ++l) {
        total_x[l] = j0 == 0 ? sum_x[l] : total_x[l] + sum_x[l];
        total_y[l] = j0 == 0 ? sum_y[l] : total_y[l] + sum_y[l];
        total_z[l] = j0 == 0 ? sum_z[l] : total_z[l] + sum_z[l];
      }
    }
    memcpy(s.column(7) + first, total_x, sizeof total_x);
    memcpy(s.column(8) + first, total_y, sizeof total_y);
    memcpy(s.column(9) + first, total_z, sizeof total_z);
  }
};

/// Fills the acceleration columns.
class accelerations {
public:
  accelerations(const simulation& job, state_view s) : job_(job), s_(s) {}

  failure operator()(const run_settings& settings) const {
    // A window is about 2^27 pairs: a few tens of milliseconds between looks at the cancel flag.
    const std::uint64_t window = greatest<std::uint64_t>(1, (std::uint64_t{1} << 27) / job_.bodies);
    if (settings.portable)
      return launch(settings, job_.bodies, window,
                    one_acceleration{s_, job_.bodies, job_.softening2});
    const std::uint64_t blocks = (job_.bodies + block_bodies - 1) / block_bodies;
    return launch(settings, blocks, 1 + window / block_bodies,
                  block_acceleration{s_, job_.bodies, job_.softening2});
  }

private:
  const simulation& job_;
  state_view s_;
};

#endif

std::uint64_t padded(std::uint64_t bodies) { return (bodies + 63) / 64 * 64; }

std::vector<float> columns_of(const simulation& job) {
  const std::uint64_t stride = padded(job.bodies);
  std::vector<float> out(stride * state_view::total_columns);
  for (std::uint64_t i = 0; i < job.bodies; ++i)
    for (std::uint64_t c = 0; c < columns; ++c)
      memcpy(&out[c * stride + i], job.rows.data() + 4 * (i * columns + c), 4);
  return out;
}

std::vector<std::uint8_t> npy_of(const simulation& job, const std::vector<float>& state) {
  const std::uint64_t shape[] = {job.bodies, columns};
  std::vector<std::uint8_t> out = npy_header("<f4", shape);
  const std::size_t header = out.size();
  const std::uint64_t stride = padded(job.bodies);
  out.resize(header + 4 * columns * job.bodies);
  for (std::uint64_t i = 0; i < job.bodies; ++i)
    for (std::uint64_t c = 0; c < columns; ++c) {
      const float value = canonical_nan(state[c * stride + i]);
      memcpy(out.data() + header + 4 * (i * columns + c), &value, 4);
    }
  return out;
}

failure run(const work&, const simulation& job, const run_settings& settings,
            output_buffer& output) {
  std::vector<float> host = columns_of(job);
  device_output<float> state(host);
  const state_view view{state.data(), padded(job.bodies)};
  accelerations accelerate(job, view);
  run_settings quiet = settings;
  quiet.progress = nullptr;
  if (auto bad = launch(quiet, job.bodies, job.bodies, drift{view, job.half}))
    return bad;
  for (std::uint64_t step = 1; step <= job.steps; ++step) {
    if (auto bad = accelerate(quiet))
      return bad;
    if (auto bad = launch(quiet, job.bodies, job.bodies,
                          kick_and_drift{view, job.kick, job.half, step < job.steps}))
      return bad;
    settings.report(step, job.steps);
  }
  const auto file = npy_of(job, state.download());
  output.assign(file.begin(), file.end());
  return {};
}

}  // namespace

const kernel_definition sim_nbody{
  .id = "sim.nbody",
  .version = 0,
  .summary = "bodies under their mutual gravity, all pairs, in f32",
  .limits = limits,
  .units = units_of_job<simulation, parse, units>,
  .run = run_job<simulation, parse, units, run>,
};

}  // namespace datagen::kernels
