#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "support.hpp"

using namespace datagen::kernels::testing;

namespace {

struct matrices {
  std::uint32_t m, k, n;
  std::vector<float> a, b;
};

void put_u32(bytes& out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void put_floats(bytes& out, const std::vector<float>& values) {
  for (float value : values) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, 4);
    put_u32(out, bits);
  }
}

bytes header(const char* magic, std::uint32_t m, std::uint32_t k, std::uint32_t n) {
  bytes out = from_text(magic);
  for (std::uint32_t side : {m, k, n}) put_u32(out, side);
  return out;
}

bytes encoded(const matrices& x) {
  bytes out = header("DGM1", x.m, x.k, x.n);
  put_floats(out, x.a);
  put_floats(out, x.b);
  return out;
}

/// The profile's rule 3, as plainly as it can be written.
bytes reference_product(const matrices& x) {
  std::vector<float> c;
  for (std::size_t i = 0; i < x.m; ++i)
    for (std::size_t j = 0; j < x.n; ++j) {
      float total = 0;
      for (std::size_t chunk = 0; chunk < x.k; chunk += 512) {
        float sum = 0;
        for (std::size_t l = chunk; l < x.k && l < chunk + 512; ++l)
          sum = std::fmaf(x.a[i * x.k + l], x.b[l * x.n + j], sum);
        total = chunk == 0 ? sum : total + sum;
      }
      if (std::isnan(total)) {
        const std::uint32_t bits = 0x7fc00000;
        std::memcpy(&total, &bits, 4);
      }
      c.push_back(total);
    }
  bytes out = header("DGC1", x.m, x.k, x.n);
  put_floats(out, c);
  return out;
}

enum class flavour { plain, wide_range, hostile };

/// plain: [-1,1). wide_range: any exponent that survives. hostile: NaN, infinities, -0, subnormals.
float some_float(random_source& random, flavour kind) {
  const auto bits = static_cast<std::uint32_t>(random.next());
  float value;
  if (kind == flavour::hostile && random.below(50) == 0) {
    const float special[] = {std::numeric_limits<float>::quiet_NaN(),
                             -std::numeric_limits<float>::quiet_NaN(),
                             std::numeric_limits<float>::infinity(),
                             -std::numeric_limits<float>::infinity(),
                             -0.0f,
                             std::numeric_limits<float>::denorm_min(),
                             -std::numeric_limits<float>::min() / 3,
                             std::numeric_limits<float>::max()};
    return special[random.below(8)];
  }
  if (kind == flavour::plain) return static_cast<float>(bits >> 8) * 0x1p-23f - 1.0f;
  const std::uint32_t exponent = static_cast<std::uint32_t>(64 - 45 + random.below(90));
  const std::uint32_t built = (bits & 0x807fffff) | (exponent << 23);
  std::memcpy(&value, &built, 4);
  return value;
}

matrices some_matrices(random_source& random, std::uint32_t m, std::uint32_t k, std::uint32_t n,
                       flavour kind) {
  matrices out{m, k, n, std::vector<float>(m * k), std::vector<float>(k * n)};
  for (float& value : out.a) value = some_float(random, kind);
  for (float& value : out.b) value = some_float(random, kind);
  return out;
}

}  // namespace

TEST_CASE("gemm.f32: a product one can do by hand") {
  const matrices x{2, 3, 2, {1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12}};
  bytes expected = header("DGC1", 2, 3, 2);
  put_floats(expected, {58, 64, 139, 154});
  CHECK(hex(run_cpu("gemm.f32", "", encoded(x)).output) == hex(expected));
}

TEST_CASE("gemm.f32: known answers, so that an old result still verifies") {
  random_source random(1);
  const auto plain = encoded(some_matrices(random, 100, 1100, 70, flavour::plain));
  const auto hostile = encoded(some_matrices(random, 33, 600, 47, flavour::hostile));
  CHECK(hex(sha256(plain)) == "515af0a7382ed6972f3e80ca78d7a48cc695677228e8070257b9e2086da92a1d");
  CHECK(hex(sha256(run_cpu("gemm.f32", "", plain).output)) == "6d8d5cbf27783a08389f3f5dfbf7dd1e211fd919e3bac995bf5eacf0061f7c61");
  CHECK(hex(sha256(run_cpu("gemm.f32", "", hostile).output)) == "fc8796aaba38d787fa019cbf8789644e8550fe3043291583fd42ffb108dc51de");
}

TEST_CASE("gemm.f32: equals the naive loop bit for bit for every edge, flavour and thread count") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  const std::uint32_t shapes[][3] = {{1, 1, 1},    {1, 512, 1},  {1, 513, 1},   {5, 7, 15},
                                     {6, 512, 16}, {7, 513, 17}, {13, 1025, 31}, {97, 64, 257},
                                     {101, 600, 33}, {192, 1537, 48}};
  for (const auto& s : shapes)
    for (flavour kind : {flavour::plain, flavour::wide_range, flavour::hostile}) {
      const auto x = some_matrices(random, s[0], s[1], s[2], kind);
      CAPTURE(s[0]);
      CAPTURE(s[1]);
      CAPTURE(s[2]);
      CAPTURE(static_cast<int>(kind));
      const auto input = encoded(x);
      const auto expected = reference_product(x);
      for (std::uint32_t threads : {1u, 2u, 3u}) {
        CHECK(run_cpu("gemm.f32", "", input, threads).output == expected);
        CHECK(run_cpu("gemm.f32", "", input, threads, true).output == expected);
      }
      if (has_cuda()) CHECK(run_cuda("gemm.f32", "", input).output == expected);
    }
}

TEST_CASE("gemm.f32: a negative product too small for f32 leaves as -0, past padding and chunks") {
  const float tiny = -0x1p-100f;
  for (std::uint32_t k : {1u, 3u, 513u}) {
    CAPTURE(k);
    matrices x{1, k, 1, std::vector<float>(k, 0.0f), std::vector<float>(k, 1.0f)};
    x.a[k - 1] = tiny;
    x.b[k - 1] = -tiny;
    const auto output = run_cpu("gemm.f32", "", encoded(x)).output;
    CHECK(output == reference_product(x));
    CHECK(hex({output.end() - 4, output.end()}) == (k == 513 ? "00000000" : "00000080"));
  }
}

TEST_CASE("gemm.f32: input that does not start at an aligned address gives the same bytes") {
  random_source random(3);
  const auto input = encoded(some_matrices(random, 20, 30, 40, flavour::plain));
  bytes shifted(input.size() + 3);
  std::copy(input.begin(), input.end(), shifted.begin() + 3);
  CHECK(run_cpu("gemm.f32", "", std::span(shifted).subspan(3)).output ==
        run_cpu("gemm.f32", "", input).output);
}

TEST_CASE("gemm.f32: units are the products") {
  random_source random(4);
  const auto input = encoded(some_matrices(random, 64, 64, 64, flavour::plain));
  CHECK(run_cpu("gemm.f32", "", input).units == 1 + 64 * 64 * 64 / 32768);
  CHECK(loaded().units({.kernel = "gemm.f32", .params = {}, .input = input}).units == 9);
}

TEST_CASE("gemm.f32: bad input is refused with the figure found and the one expected") {
  const auto refused = [](const bytes& input) {
    const auto result = run_cpu("gemm.f32", "", input);
    CHECK(result.output.empty());
    return std::to_string(result.exit_status) + ": " + result.message;
  };
  CHECK(refused({}) ==
        "2: input is 0 bytes, expected at least the 16-byte header DGM1, m, k, n");
  CHECK(refused(header("DGX1", 1, 1, 1)) ==
        "2: input does not start with the four letters DGM1");
  CHECK(refused(header("DGM1", 2, 3, 4)) == "2: input is 16 bytes, but m=2 k=3 n=4 need 88");
  CHECK(refused(header("DGM1", 1, 0, 1)) == "2: k is 0, expected at least 1");
  CHECK(refused(header("DGM1", 1, 1, 0xffffffff)) ==
        "3: n is 4294967295 rows or columns, the limit is 16384 rows or columns");
  CHECK(refused(header("DGM1", 16384, 16384, 16384)) ==
        "3: m*k*n is 4398046511104 multiply-adds, the limit is 274877906944 multiply-adds");
  auto longer = header("DGM1", 1, 1, 1);
  longer.resize(16 + 9);
  CHECK(refused(longer) == "2: input is 25 bytes, but m=1 k=1 n=1 need 24");
  CHECK(run_cpu("gemm.f32", "x=1", {}).message == "unknown parameter 'x', allowed: none");
}
