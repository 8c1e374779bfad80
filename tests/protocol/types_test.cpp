#include "protocol/types.hpp"

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

using namespace datagen::protocol;

namespace {

/// Does `deed` end its process? It is done in one of its own.
template <class Deed>
bool stops(Deed deed) {
  const auto child = ::fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    deed();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status);
}

}  // namespace

TEST_CASE("types: amounts that would wrap round stop the process, the largest and the smallest do not") {
  const amount most{~static_cast<uint128>(0)};
  CHECK(stops([&] { (void)(most + amount{1}); }));
  CHECK(stops([&] { (void)(dg(1) - dg(2)); }));
  CHECK_FALSE(stops([&] { (void)(most + amount{}); }));
  CHECK_FALSE(stops([&] { (void)(dg(1) - dg(1)); }));
}

TEST_CASE("types: mul_div agrees with exact small products and survives 256-bit ones") {
  std::mt19937_64 random{1};
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t a = random(), b = random() >> (i % 64), c = random() >> (i % 63) | 1;
    CHECK(mul_div(a, b, c) == static_cast<uint128>(a) * b / c);
  }
  const uint128 big = ~static_cast<uint128>(0);
  CHECK(mul_div(big, big, big) == big);
  CHECK(mul_div(big, 7, 14) == big / 2);
  CHECK_FALSE(checked_mul(big, 2));
}

TEST_CASE("types: amounts read and print exactly, and refuse a nineteenth decimal") {
  CHECK(to_text(dg(30'000'000)) == "30000000 DG");
  CHECK(to_text({1}) == "0.000000000000000001 DG");
  CHECK(amount_from_text("71.25") == amount{uint128{7125} * units_per_dg / 100});
  CHECK_FALSE(amount_from_text("0.1234567890123456789"));
  CHECK_FALSE(amount_from_text("1e5"));
  CHECK_FALSE(amount_from_text(""));
  CHECK(from_decimal("340282366920938463463374607431768211455") == ~static_cast<uint128>(0));
  CHECK_FALSE(from_decimal("340282366920938463463374607431768211456"));
}
