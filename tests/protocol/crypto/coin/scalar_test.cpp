// Arithmetic modulo the order of P-256, beside known answers.
#include "protocol/crypto/coin/scalar.hpp"

#include <doctest/doctest.h>

using namespace datagen::protocol;

namespace {

coin_scalar hex(std::string_view x) { return fixed_from_hex<coin_scalar>(x).value(); }

const auto order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
const auto minus_two = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f");
const auto largest = hex(std::string(64, 'f'));  // not reduced
const auto c = hex("2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6");
const auto d = hex("18ac3e7343f016890c510e93f935261169d9e3f565436429830faf0934f4f8e4");

}  // namespace

TEST_CASE("coin scalar: sums, products, opposites and inverses are known ones, of numbers above the order too") {
  CHECK(add(largest, minus_two) == hex("00000000ffffffff00000000000000004319055258e8617b0c46353d039cdaac"));
  CHECK(add(c, d) == hex("47296a76ed40916b723e04492e9dabb69d6d85f8026777be1c8214aad74fe8aa"));
  CHECK(multiply(c, d) == hex("ee5c5b408800e8addde907c32b2d37377b19f1d85e9614951007415f132eb392"));
  CHECK(multiply(largest, largest) == hex("66e12d92f3d956222845b2392b6bec58c0676ef797ecacb06a97e21bb7403945"));
  CHECK(multiply(largest, c) == hex("a9588bf91e0be06588b1b689038b4af1459f7d67ede050452d5d92d822808237"));
  CHECK(negate(c) == hex("d182d3fb56af851e9a130a4aca977a5a895358ab09f38af05a4765215a08358b"));
  CHECK(negate(largest) == hex("fffffffe00000001ffffffffffffffff79cdf55b4e2f3d09e7739585f8c64aa3"));
  CHECK(negate(coin_scalar{}) == coin_scalar{});
  CHECK(add(order, order) == coin_scalar{});
  CHECK(invert(c) == hex("a7619f83a17a12d128fe5d937cc5c393c7748ce8d2f9e28aa567fcf5034d6537"));
  CHECK(invert(largest) == hex("646b78f8384d6e771ef9319a025559fc5af4a6580d5e25e84c7cbf12b54961cc"));
  CHECK(multiply(c, invert(c)) == scalar_of(1));
}

TEST_CASE("coin scalar: only what is below the order is reduced") {
  CHECK_FALSE(reduced(order));
  CHECK_FALSE(reduced(largest));
  CHECK(reduced(minus_two));
  CHECK(reduced(coin_scalar{}));
}

TEST_CASE("coin scalar: bytes of any length are taken modulo the order") {
  bytes wide(64, 0xff);
  CHECK(reduce(wide) == hex("66e12d94f3d956202845b2392b6bec594699799c49bd6fa683244c95be79eea1"));
  wide.resize(33);
  CHECK(reduce(wide) == hex("000000ffffffff00000000000000004319055258e8617b0c46353d039cdaaeff"));
  CHECK(reduce(byte_view{wide}.first(32)) == hex("00000000ffffffff00000000000000004319055258e8617b0c46353d039cdaae"));
  CHECK(reduce(byte_view{wide}.first(1)) == scalar_of(255));
  CHECK(reduce(bytes{}) == coin_scalar{});
  CHECK(reduce(order.view()) == coin_scalar{});
}

TEST_CASE("coin scalar: a polynomial is found again at 0 from its values, in any order of places") {
  const std::vector<coin_scalar> polynomial{c, d, largest};
  CHECK(evaluate(polynomial, 3) == hex("7881e7667520be748ae021712107f7dbcd027dc7ed19ad64911951e261bd8a90"));
  for (const std::vector<std::uint64_t>& places : {std::vector<std::uint64_t>{1, 2, 3}, {9, 4, 1'000'000}}) {
    const auto weights = lagrange_at_zero(places);
    coin_scalar found;
    for (std::size_t i = 0; i < places.size(); ++i)
      found = add(found, multiply(weights[i], evaluate(polynomial, places[i])));
    CHECK(found == c);
  }
  CHECK(lagrange_at_zero(std::vector<std::uint64_t>{1, 2, 3}) ==
        std::vector<coin_scalar>{scalar_of(3), negate(scalar_of(3)), scalar_of(1)});
}
