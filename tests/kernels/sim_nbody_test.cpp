#include <array>
#include <cmath>
#include <cstdlib>
#include <string>

#include "jobs/sim_nbody_job.hpp"
#include "support.hpp"

using namespace datagen::kernels::testing;

namespace {

float parameter(const std::string& text) {
  return static_cast<float>(std::strtod(text.c_str(), nullptr));
}

/// Acceleration of body i per unit of G, as the kernel's header reads.
std::array<float, 3> reference_acceleration(const nbody_case& x, std::size_t i) {
  const float softening = parameter(x.softening);
  std::array<float, 3> total{};
  for (std::size_t tile = 0; tile < x.bodies; tile += 512) {
    float sum[3] = {};
    for (std::size_t j = tile; j < x.bodies && j < tile + 512; ++j) {
      float d[3];
      for (std::size_t axis = 0; axis < 3; ++axis)
        d[axis] = x.rows[7 * j + axis] - x.rows[7 * i + axis];
      float r2 = std::fmaf(d[2], d[2], softening * softening);
      r2 = std::fmaf(d[1], d[1], r2);
      r2 = std::fmaf(d[0], d[0], r2);
      float w = 0;
      if (r2 > 0)
        w = x.rows[7 * j + 6] / (r2 * std::sqrt(r2));
      for (std::size_t axis = 0; axis < 3; ++axis)
        sum[axis] = std::fmaf(d[axis], w, sum[axis]);
    }
    for (std::size_t axis = 0; axis < 3; ++axis)
      total[axis] = tile == 0 ? sum[axis] : total[axis] + sum[axis];
  }
  return total;
}

bytes reference_run(nbody_case x) {
  const float dt = parameter(x.dt);
  const float half = dt * 0.5f;
  const float kick = parameter(x.gravity) * dt;
  const auto drift = [&] {
    for (std::size_t i = 0; i < x.bodies; ++i)
      for (std::size_t axis = 0; axis < 3; ++axis)
        x.rows[7 * i + axis] = std::fmaf(x.rows[7 * i + 3 + axis], half, x.rows[7 * i + axis]);
  };
  for (std::uint32_t step = 0; step < x.steps; ++step) {
    drift();
    const nbody_case before = x;
    for (std::size_t i = 0; i < x.bodies; ++i) {
      const auto a = reference_acceleration(before, i);
      for (std::size_t axis = 0; axis < 3; ++axis)
        x.rows[7 * i + 3 + axis] = std::fmaf(a[axis], kick, x.rows[7 * i + 3 + axis]);
    }
    drift();
  }
  const std::uint32_t quiet = 0x7fc00000;
  for (float& value : x.rows)
    if (std::isnan(value))
      std::memcpy(&value, &quiet, 4);
  return x.input();
}

bytes run(const nbody_case& x, std::uint32_t threads = 2, bool portable = false) {
  const auto result = run_cpu("sim.nbody", x.params(), x.input(), threads, portable);
  CHECK_MESSAGE(result.ok(), result.message);
  return result.output.copy();
}

std::vector<float> rows_of(const bytes& file) {
  std::vector<float> out((file.size() - 128) / 4);  // the header of a (n, 7) array fills 128 bytes
  std::memcpy(out.data(), file.data() + 128, out.size() * 4);
  return out;
}

/// Two unit masses on a circle of diameter 2 around their centre, one turn in 2*pi.
nbody_case circling_pair(std::uint32_t steps, const std::string& dt) {
  return {2, steps, dt, "4", "0", {1, 0, 0, 0, 1, 0, 1, -1, 0, 0, 0, -1, 0, 1}};
}

}  // namespace

TEST_CASE("sim.nbody: one step that one can do by hand") {
  // r = 2, so w = m/8: the lighter body gets 2*8/8 = 2, the heavier -2*1/8; positions get v*dt/2.
  const nbody_case x{2, 1, "1", "1", "0", {0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 8}};
  const nbody_case after{2, 1, "", "", "", {1, 0, 0, 2, 0, 0, 1, 1.875f, 0, 0, -0.25f, 0, 0, 8}};
  CHECK(hex(run(x)) == hex(after.input()));
}

TEST_CASE("sim.nbody: known answers, so that an old result still verifies") {
  random_source random(1);
  const auto plain = some_nbody(random, 1100, 3, float_kind::plain);
  const auto hostile = some_nbody(random, 70, 2, float_kind::hostile);
  CHECK(hex(sha256(plain.input())) ==
        "bc202de6a4f43dc66dca7f7049bd5abbd9fe02066a19c32d03463a625593435c");
  CHECK(hex(sha256(run(plain))) ==
        "aae45c84d927612a1340d12614e645ae837a75ab09dc1efa7473c7c25ebc55c2");
  CHECK(hex(sha256(run(hostile))) ==
        "95de33915d38bcca2b0f9dfbfbda32a9ce3ae49789fd708eea3f8af32c4c3cba");
}

TEST_CASE("sim.nbody: equals the plain loops bit for bit for every tile edge and thread count") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  for (std::uint32_t bodies : {1u, 2u, 15u, 16u, 17u, 64u, 511u, 512u, 513u, 1025u})
    for (float_kind kind : {float_kind::plain, float_kind::wide_range, float_kind::hostile}) {
      const auto x = some_nbody(random, bodies, 2, kind);
      CAPTURE(bodies);
      CAPTURE(static_cast<int>(kind));
      CAPTURE(x.params());
      const auto expected = reference_run(x);
      for (std::uint32_t threads : {1u, 2u, 3u, 16u}) {
        CHECK(run(x, threads) == expected);
        CHECK(run(x, threads, true) == expected);
      }
      if (has_cuda())
        CHECK(run_cuda("sim.nbody", x.params(), x.input()).output == expected);
    }
}

TEST_CASE("sim.nbody: a random job of the shared generator is valid and equals the plain loops") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    const auto job = random_sim_nbody_job(seed);
    const auto result = run_cpu("sim.nbody", job.params, job.input);
    REQUIRE_MESSAGE(result.ok(), result.message);
    CHECK(result.output == run_cpu("sim.nbody", job.params, job.input, 3, true).output);
    CHECK(result.output.size() == job.input.size());
  }
}

TEST_CASE("sim.nbody: a pair on a circle comes back after one turn") {
  // Radius 1, speed 1, G*m/(2r)^2 = 1 = v^2/r: one turn takes 2*pi.
  const auto before = circling_pair(6283, "0.001");
  const auto after = rows_of(run(before));
  for (std::size_t i = 0; i < before.rows.size(); ++i) {
    CAPTURE(i);
    CHECK(std::abs(after[i] - before.rows[i]) < 1e-3f);
  }
}

TEST_CASE("sim.nbody: running on with the output is the same as one longer run") {
  const auto whole = run(circling_pair(200, "0.01"));
  auto half = circling_pair(100, "0.01");
  half.rows = rows_of(run(half));
  CHECK(run(half) == whole);
}

TEST_CASE("sim.nbody: units count pairs and steps and are known before the run") {
  random_source random(4);
  const auto x = some_nbody(random, 1000, 3, float_kind::plain);
  CHECK(run_cpu("sim.nbody", x.params(), x.input()).units == 1 + 3 * (1 + 1000000 / 3072));
  CHECK(loaded().units({.kernel = "sim.nbody", .params = "", .input = x.input()}).units ==
        1 + 1 + 1000000 / 3072);
}

TEST_CASE("sim.nbody: bad input is refused with the figure found and the one expected") {
  const auto refused = [](std::string_view params, const bytes& input) {
    const auto result = run_cpu("sim.nbody", params, input);
    CHECK(result.output.empty());
    return std::to_string(result.exit_status) + ": " + result.message;
  };
  const std::vector<float> none;
  CHECK(refused("", npy_floats({1, 2, 3}, "(3,)")) ==
        "2: input is (3,) of '<f4', expected (bodies, 7) of '<f4': x, y, z, vx, vy, vz, mass");
  CHECK(refused("", npy_floats(none, "(0, 7)")) ==
        "2: input is (0, 7) of '<f4', expected (bodies, 7) of '<f4': x, y, z, vx, vy, vz, mass");
  const std::vector<double> wide(7);
  CHECK(refused("", npy_file("<f8", "(1, 7)", wide.data(), 56)) ==
        "2: input is (1, 7) of '<f8', expected (bodies, 7) of '<f4': x, y, z, vx, vy, vz, mass");
  const bytes many = npy_floats(std::vector<float>(7 * 4097), "(4097, 7)");
  CHECK(refused("steps=1000000", many) ==
        "3: steps for 4097 bodies is 1000000 steps, the limit is 262016 steps");
  const bytes large = npy_floats(std::vector<float>(7 * 1048577), "(1048577, 7)");
  CHECK(refused("", large) == "3: input is 1048577 bodies, the limit is 1048576 bodies");
  CHECK(refused("steps=0", many) == "3: parameter 'steps' is 0, the limits are 1 to 1000000");
}
