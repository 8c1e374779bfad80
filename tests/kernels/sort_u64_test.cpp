#include <algorithm>
#include <cstring>

#include "support.hpp"

using namespace datagen::kernels::testing;

namespace {

using keys = std::vector<std::uint64_t>;

void put_u64(bytes& out, std::uint64_t value, int size = 8) {
  for (int i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

bytes encoded(const keys& values) {
  bytes out = from_text("DSU1");
  put_u64(out, 0, 4);
  put_u64(out, values.size());
  for (std::uint64_t value : values) put_u64(out, value);
  return out;
}

/// Places of the keys in sorted order, by insertion: each key goes behind those not larger.
std::vector<std::size_t> sorted_places(const keys& values) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto at = std::upper_bound(places.begin(), places.end(), values[i],
                                     [&](std::uint64_t key, std::size_t j) { return key < values[j]; });
    places.insert(at, i);
  }
  return places;
}

bytes sorted_keys(const keys& values) {
  bytes out;
  for (std::size_t place : sorted_places(values)) put_u64(out, values[place]);
  return out;
}

bytes order_of(const keys& values) {
  bytes out;
  for (std::size_t place : sorted_places(values)) put_u64(out, place, 4);
  return out;
}

/// The k largest from the sorted order, read backwards tie by tie.
bytes largest(const keys& values, std::size_t k) {
  auto places = sorted_places(values);
  std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
    return values[a] > values[b];
  });
  bytes out;
  for (std::size_t i = 0; i < std::min(k, places.size()); ++i) {
    put_u64(out, values[places[i]]);
    put_u64(out, places[i], 4);
  }
  return out;
}

keys some_keys(random_source& random, std::size_t count, std::uint64_t bound) {
  keys out(count);
  for (auto& key : out) key = bound == 0 ? random.next() : random.below(bound);
  return out;
}

void check_everywhere(std::string_view kernel, std::string_view params, const bytes& input,
                      const bytes& expected) {
  for (std::uint32_t threads : {1u, 2u, 3u}) {
    CHECK(run_cpu(kernel, params, input, threads).output == expected);
    CHECK(run_cpu(kernel, params, input, threads, true).output == expected);
  }
  if (has_cuda()) CHECK(run_cuda(kernel, params, input).output == expected);
}

std::string refused(std::string_view kernel, std::string_view params, const bytes& input) {
  const auto result = run_cpu(kernel, params, input);
  CHECK(result.output.empty());
  return std::to_string(result.exit_status) + ": " + result.message;
}

}  // namespace

TEST_CASE("sort.u64: a handful of keys one can sort by hand, and their order") {
  const keys values = {5, 1, ~std::uint64_t{0}, 5, 0, 1};
  CHECK(run_cpu("sort.u64", "", encoded(values)).output ==
        sorted_keys({0, 1, 1, 5, 5, ~std::uint64_t{0}}));
  CHECK(hex(run_cpu("sort.u64", "output=order", encoded(values)).output) ==
        "04000000" "01000000" "05000000" "00000000" "03000000" "02000000");
}

TEST_CASE("sort.u64: known answers, so that an old result still verifies") {
  random_source random(1);
  const auto input = encoded(some_keys(random, 100000, 0));
  const auto ties = encoded(some_keys(random, 100000, 1000));
  CHECK(hex(sha256(run_cpu("sort.u64", "", input).output)) ==
        "e7da4915852844feefca5ef8d3d80cbd3b656aab732e840c1eb57cff8526d74a");
  CHECK(hex(sha256(run_cpu("sort.u64", "output=order", ties).output)) ==
        "ce213e4cba8c31b617ba0d8c96f5e2c2365a736f789e32f97bc2e1bde29dd019");
}

TEST_CASE("sort.u64: equals an insertion sort for every count, range of keys and thread count") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  for (std::size_t count : {0u, 1u, 2u, 7u, 8u, 9u, 255u, 1000u, 5000u})
    for (std::uint64_t bound : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{3},
                                std::uint64_t{70000}, std::uint64_t{1} << 40}) {
      CAPTURE(count);
      CAPTURE(bound);
      const auto values = some_keys(random, count, bound);
      check_everywhere("sort.u64", "", encoded(values), sorted_keys(values));
      check_everywhere("sort.u64", "output=order", encoded(values), order_of(values));
    }
}

TEST_CASE("sort.u64: shares of several threads keep ties in place") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  const auto input = encoded(some_keys(random, 300001, 500));
  const auto expected = run_cpu("sort.u64", "output=order", input, 1, true).output;
  for (std::uint32_t threads : {1u, 2u, 3u, 7u, 16u})
    CHECK(run_cpu("sort.u64", "output=order", input, threads).output == expected);
}

TEST_CASE("sort.u64: units count keys, and the order costs twice as much") {
  const auto input = encoded(keys(3200));
  CHECK(run_cpu("sort.u64", "", input).units == 101);
  CHECK(loaded().units({.kernel = "sort.u64", .params = "output=order", .input = input}).units ==
        201);
}

TEST_CASE("sort.u64 and topk: bad input is refused with a sentence that says what was expected") {
  for (std::string_view kernel : {"sort.u64", "topk"}) {
    CAPTURE(kernel);
    CHECK(refused(kernel, "", {}) ==
          "2: input is 0 bytes, expected at least the 16-byte header DSU1, 0, count");
    CHECK(refused(kernel, "", bytes(16)) == "2: input does not start with the four letters DSU1");
    auto input = encoded({1, 2});
    input.pop_back();
    CHECK(refused(kernel, "", input) == "2: input is 31 bytes, but 2 keys need 32");
    input[4] = 9;
    CHECK(refused(kernel, "", input) == "2: the header's second number is 9, expected 0");
    auto many = encoded({});
    many[12] = 1;
    CHECK(refused(kernel, "", many) ==
          "3: key count is 4294967296 keys, the limit is 134217728 keys");
  }
  CHECK(refused("sort.u64", "output=both", encoded({})) ==
        "1: parameter 'output' is 'both', expected one of keys|order");
  CHECK(refused("topk", "k=0", encoded({})) == "3: parameter 'k' is 0, the limits are 1 to 65536");
}

TEST_CASE("topk: the largest first, and the earliest of equals") {
  const keys values = {7, 9, 7, 9, 1};
  CHECK(hex(run_cpu("topk", "k=3", encoded(values)).output) ==
        "0900000000000000" "01000000" "0900000000000000" "03000000" "0700000000000000" "00000000");
  CHECK(run_cpu("topk", "", encoded(values)).output == largest(values, 10));
}

TEST_CASE("topk: known answers, so that an old result still verifies") {
  random_source random(2);
  const auto input = encoded(some_keys(random, 200000, 5000));
  CHECK(hex(sha256(run_cpu("topk", "k=1000", input).output)) ==
        "877cea3c01e6957b49f41e2bbf8015448186376e4ca97be7189960933c5e11b7");
}

TEST_CASE("topk: equals sorting everything, for every k, count and thread count") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  for (std::size_t count : {0u, 1u, 9u, 1000u, 5000u})
    for (std::size_t k : {1u, 2u, 9u, 1000u, 65536u})
      for (std::uint64_t bound : {std::uint64_t{0}, std::uint64_t{5}}) {
        CAPTURE(count);
        CAPTURE(k);
        CAPTURE(bound);
        const auto values = some_keys(random, count, bound);
        check_everywhere("topk", "k=" + std::to_string(k), encoded(values), largest(values, k));
      }
}

TEST_CASE("topk: shares of several threads give the same entries") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  for (std::uint64_t bound : {std::uint64_t{0}, std::uint64_t{100}}) {
    const auto input = encoded(some_keys(random, 400001, bound));
    const auto expected = run_cpu("topk", "k=777", input, 1, true).output;
    for (std::uint32_t threads : {1u, 2u, 3u, 6u})
      CHECK(run_cpu("topk", "k=777", input, threads).output == expected);
  }
}
