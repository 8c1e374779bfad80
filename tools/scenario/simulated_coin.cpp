#include "tools/scenario/simulated_coin.hpp"

#include "protocol/crypto/coin/scalar.hpp"

#include <algorithm>

namespace datagen::scenario {

using namespace protocol;

namespace {

/// (N - 1) / 2: of a point and its opposite, one has its logarithm up to here.
constexpr coin_scalar middle{{0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff,
                            0xff, 0xff, 0xff, 0xff, 0xff, 0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b,
                            0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8}};

/// A permutation of 32 bytes: four rounds of Feistel (Luby, Rackoff 1988).
class cipher {
public:
  explicit cipher(std::uint64_t seed)
      : keys_{siphash_key_of(seed, "coin 0"), siphash_key_of(seed, "coin 1"),
              siphash_key_of(seed, "coin 2"), siphash_key_of(seed, "coin 3")} {}
  void forth(std::uint8_t* block) const {
    for (std::size_t i = 0; i < keys_.size(); ++i)
      mix(keys_[i], block + 16 * (i % 2), block + 16 * (1 - i % 2));
  }
  void back(std::uint8_t* block) const {
    for (auto i = keys_.size(); i-- > 0;)
      mix(keys_[i], block + 16 * (i % 2), block + 16 * (1 - i % 2));
  }

private:
  static void mix(const siphash_key& key, std::uint8_t* half, const std::uint8_t* other) {
    const auto mask = siphash(key, {byte_view{other, 16}});
    for (std::size_t i = 0; i < mask.size(); ++i)
      half[i] ^= mask[i];
  }
  std::array<siphash_key, 4> keys_;
};

class simulated_group final : public coin_group {
public:
  explicit simulated_group(std::uint64_t seed) : cipher_(seed) {}
  const char* name() const override { return "simulated"; }

  bool valid(const coin_point& x) const override { return logarithm(x).has_value(); }
  std::optional<coin_point> secret_base(const coin_scalar& x, std::uint64_t) const override {
    return point(reduce(x.view()));
  }
  std::optional<coin_point> secret_times(const coin_point& p, const coin_scalar& x,
                                         std::uint64_t) const override {
    const auto known = logarithm(p);
    return known ? point(multiply(*known, x)) : std::nullopt;
  }
  std::optional<coin_point> combine(const coin_point& p, const coin_scalar& a, const coin_point& q,
                                    const coin_scalar& b) const override {
    const coin_point points[] = {p, q};
    const coin_scalar weights[] = {a, b};
    return sum(points, weights);
  }
  std::optional<coin_point> combine_base(const coin_scalar& a, const coin_point& q,
                                         const coin_scalar& b) const override {
    const auto known = logarithm(q);
    return known ? point(add(a, multiply(*known, b))) : std::nullopt;
  }
  std::optional<coin_point> sum(std::span<const coin_point> points,
                                std::span<const coin_scalar> weights) const override {
    coin_scalar total;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto known = logarithm(points[i]);
      if (!known)
        return std::nullopt;
      total = add(total, multiply(*known, weights[i]));
    }
    return point(total);
  }

private:
  std::optional<coin_scalar> logarithm(const coin_point& p) const {
    coin_scalar x;
    std::copy_n(p.value.begin() + 1, x.value.size(), x.value.begin());
    cipher_.back(x.value.data());
    if ((p.value[0] != 2 && p.value[0] != 3) || x == coin_scalar{} || middle < x)
      return std::nullopt;
    return p.value[0] == 2 ? x : negate(x);
  }
  /// @pre x is reduced
  std::optional<coin_point> point(coin_scalar x) const {
    if (x == coin_scalar{})
      return std::nullopt;
    coin_point result;
    result.value[0] = middle < x ? 3 : 2;
    if (middle < x)
      x = negate(x);
    cipher_.forth(x.value.data());
    std::copy(x.value.begin(), x.value.end(), result.value.begin() + 1);
    return result;
  }
  const cipher cipher_;
};

}  // namespace

std::shared_ptr<const coin_group> simulated_coin_group(std::uint64_t seed) {
  return std::make_shared<const simulated_group>(seed);
}

}  // namespace datagen::scenario
