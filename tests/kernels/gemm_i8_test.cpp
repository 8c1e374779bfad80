#include <cstring>

#include "support.hpp"

using namespace datagen::kernels::testing;

namespace {

struct byte_matrices {
  std::uint32_t m, k, n;
  std::vector<std::int8_t> a, b;
};

bytes header(const char* magic, std::uint32_t m, std::uint32_t k, std::uint32_t n) {
  bytes out = from_text(magic);
  for (std::uint32_t side : {m, k, n})
    for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(side >> (8 * i)));
  return out;
}

bytes encoded(const byte_matrices& x) {
  bytes out = header("DGI1", x.m, x.k, x.n);
  for (std::int8_t value : x.a) out.push_back(static_cast<std::uint8_t>(value));
  for (std::int8_t value : x.b) out.push_back(static_cast<std::uint8_t>(value));
  return out;
}

/// The triple loop, in 64 bits, which also shows that 32 are enough.
bytes reference_product(const byte_matrices& x) {
  bytes out = header("DGJ1", x.m, x.k, x.n);
  for (std::size_t i = 0; i < x.m; ++i)
    for (std::size_t j = 0; j < x.n; ++j) {
      std::int64_t sum = 0;
      for (std::size_t l = 0; l < x.k; ++l)
        sum += std::int64_t{x.a[i * x.k + l]} * x.b[l * x.n + j];
      for (int byte = 0; byte < 4; ++byte)
        out.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(sum) >> (8 * byte)));
    }
  return out;
}

byte_matrices some_matrices(random_source& random, std::uint32_t m, std::uint32_t k,
                            std::uint32_t n) {
  byte_matrices out{m, k, n, std::vector<std::int8_t>(m * k), std::vector<std::int8_t>(k * n)};
  for (auto& value : out.a) value = static_cast<std::int8_t>(random.next());
  for (auto& value : out.b) value = static_cast<std::int8_t>(random.next());
  return out;
}

}  // namespace

TEST_CASE("gemm.i8: a product one can do by hand") {
  const byte_matrices x{2, 3, 2, {1, -2, 3, 4, 5, -6}, {7, 8, 9, -10, 11, 12}};
  CHECK(hex(run_cpu("gemm.i8", "", encoded(x)).output) ==
        hex(header("DGJ1", 2, 3, 2)) + "16000000" "40000000" "07000000" "a6ffffff");
}

TEST_CASE("gemm.i8: known answers, so that an old result still verifies") {
  random_source random(1);
  const auto input = encoded(some_matrices(random, 100, 1100, 70));
  CHECK(hex(sha256(input)) ==
        "da573c54401a70c97bfb032a5ae968977ff5b449320f805b45f4d450d1c4083a");
  CHECK(hex(sha256(run_cpu("gemm.i8", "", input).output)) ==
        "b50a544dc66339efd5decdb323eadd6fdc6d6ec4d6d9e52f4a8f00a7b822cb0c");
}

TEST_CASE("gemm.i8: equals the triple loop for every edge and thread count") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  const std::uint32_t shapes[][3] = {{1, 1, 1},     {1, 3, 1},     {1, 1025, 1},  {5, 7, 15},
                                     {14, 4, 32},   {15, 1024, 33}, {13, 1026, 31}, {97, 64, 257},
                                     {101, 513, 65}, {130, 2050, 48}};
  for (const auto& s : shapes) {
    const auto x = some_matrices(random, s[0], s[1], s[2]);
    CAPTURE(s[0]);
    CAPTURE(s[1]);
    CAPTURE(s[2]);
    const auto input = encoded(x);
    const auto expected = reference_product(x);
    for (std::uint32_t threads : {1u, 2u, 3u}) {
      CHECK(run_cpu("gemm.i8", "", input, threads).output == expected);
      CHECK(run_cpu("gemm.i8", "", input, threads, true).output == expected);
    }
    if (has_cuda()) CHECK(run_cuda("gemm.i8", "", input).output == expected);
  }
}

TEST_CASE("gemm.i8: each kind of tile that a device has gives the processor's bytes") {
  if (!has_cuda()) return;
  random_source random(test_seed());
  // On 132 multiprocessors: 64, 128 and 256 columns a tile; sides that no tile divides.
  const std::uint32_t shapes[][3] = {
      {400, 1030, 519}, {1000, 1300, 2011}, {1900, 700, 2040}, {1921, 2300, 2048}};
  for (const auto& s : shapes) {
    CAPTURE(s[0]);
    const auto input = encoded(some_matrices(random, s[0], s[1], s[2]));
    CHECK(run_cuda("gemm.i8", "", input).output == run_cpu("gemm.i8", "", input).output);
  }
}

TEST_CASE("gemm.i8: the largest sums there are stay exact at the longest k") {
  for (int left : {-128, 127})
    for (int right : {-128, 127}) {
      byte_matrices x{3, 16384, 3, std::vector<std::int8_t>(3 * 16384, static_cast<std::int8_t>(left)),
                      std::vector<std::int8_t>(3 * 16384, static_cast<std::int8_t>(right))};
      CHECK(run_cpu("gemm.i8", "", encoded(x)).output == reference_product(x));
    }
}

TEST_CASE("gemm.i8: units are one per 65536 multiply-adds") {
  const auto units = [](std::uint32_t m, std::uint32_t k, std::uint32_t n) {
    auto input = header("DGI1", m, k, n);
    input.resize(16 + m * k + k * n);
    return loaded().units({.kernel = "gemm.i8", .params = {}, .input = input}).units;
  };
  CHECK(units(1, 1, 1) == 1);
  CHECK(units(64, 512, 32) == 17);
}

TEST_CASE("gemm.i8: bad input is refused with a sentence that says what was expected") {
  const auto refused = [](const bytes& input) {
    const auto result = run_cpu("gemm.i8", "", input);
    CHECK(result.output.empty());
    return std::to_string(result.exit_status) + ": " + result.message;
  };
  CHECK(refused({}) == "2: input is 0 bytes, expected at least the 16-byte header DGI1, m, k, n");
  CHECK(refused(header("DGM1", 1, 1, 1)) == "2: input does not start with the four letters DGI1");
  CHECK(refused(header("DGI1", 2, 3, 4)) == "2: input is 16 bytes, but m=2 k=3 n=4 need 34");
  CHECK(refused(header("DGI1", 0, 3, 4)) == "2: m is 0, expected at least 1");
  CHECK(refused(header("DGI1", 1, 16385, 1)) ==
        "3: k is 16385 rows or columns, the limit is 16384 rows or columns");
  CHECK(refused(header("DGI1", 16384, 16384, 16384)) ==
        "3: m*k*n is 4398046511104 multiply-adds, the limit is 1099511627776 multiply-adds");
}
