#include "protocol/crypto/coin/scalar.hpp"

#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <algorithm>
#include <array>

namespace datagen::protocol {

namespace {

struct release {
  void operator()(EC_GROUP* x) const { EC_GROUP_free(x); }
  void operator()(EC_POINT* x) const { EC_POINT_clear_free(x); }
  void operator()(BIGNUM* x) const { BN_clear_free(x); }
  void operator()(BN_CTX* x) const { BN_CTX_free(x); }
};
template <class T>
using owned = std::unique_ptr<T, release>;
using point = owned<EC_POINT>;
using number = owned<BIGNUM>;

BN_CTX* scratch() {
  thread_local const owned<BN_CTX> context{BN_CTX_new()};
  return context.get();
}

number number_of(const coin_scalar& x) {
  return number{BN_bin2bn(x.value.data(), static_cast<int>(x.value.size()), nullptr)};
}

/// Points this thread has decoded lately. A share's check names the same five points over and over
/// (the owner and the hashed input of everybody's), and each decoding takes a square root, a third
/// of a multiplication. Whoever forces collisions only brings back the price of decoding.
class decoded_points {
public:
  struct entry {
    coin_point name{};
    point at;  ///< Null: `name` is no point.
  };
  /// The place of `x`, to be filled unless it names `x` already.
  entry& place_of(const coin_point& x) {
    return entries_[(std::size_t{x.value[32]} << 8 | x.value[31]) % entries_.size()];
  }

private:
  std::array<entry, 256> entries_;
};

/// A weight of less than 2^16, or one that far below the group's order: what interpolation at 0 gives
/// for few neighbouring authors.
struct small_weight {
  std::uint16_t size = 0;
  bool negative = false;
};
std::optional<small_weight> small(const coin_scalar& x) {
  const auto size_of = [](const coin_scalar& y) -> std::optional<std::uint16_t> {
    if (std::any_of(y.value.begin(), y.value.end() - 2, [](auto b) { return b != 0; }))
      return std::nullopt;
    return static_cast<std::uint16_t>(y.value[30] << 8 | y.value[31]);
  };
  if (const auto size = size_of(x))
    return small_weight{*size, false};
  if (const auto size = size_of(negate(x)))
    return small_weight{*size, true};
  return std::nullopt;
}

/// OpenSSL's ladder for P-256 takes constant time, so that secrets need no further blinding.
class openssl_group : public coin_group {
public:
  openssl_group() : curve_(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)) {
    invariant(curve_ != nullptr, "OpenSSL does not know P-256");
  }
  const char* name() const override { return "openssl"; }

  bool valid(const coin_point& x) const override { return decode(x) != nullptr; }

  std::optional<coin_point> secret_base(const coin_scalar& x, std::uint64_t) const override {
    const auto factor = secret(x);
    const auto result = fresh();
    if (EC_POINT_mul(curve_.get(), result.get(), factor.get(), nullptr, nullptr, scratch()) != 1)
      return std::nullopt;
    return encode(result);
  }
  std::optional<coin_point> secret_times(const coin_point& p, const coin_scalar& x,
                                         std::uint64_t) const override {
    const auto* base = decode(p);
    const auto factor = secret(x);
    const auto result = fresh();
    if (!base ||
        EC_POINT_mul(curve_.get(), result.get(), nullptr, base, factor.get(), scratch()) != 1)
      return std::nullopt;
    return encode(result);
  }
  std::optional<coin_point> combine(const coin_point& p, const coin_scalar& a, const coin_point& q,
                                    const coin_scalar& b) const override {
    const coin_point points[] = {p, q};
    const coin_scalar weights[] = {a, b};
    return sum(points, weights);
  }
  std::optional<coin_point> combine_base(const coin_scalar& a, const coin_point& q,
                                         const coin_scalar& b) const override {
    const auto* other = decode(q);
    const auto result = fresh();
    if (!other || EC_POINT_mul(curve_.get(), result.get(), number_of(a).get(), other,
                               number_of(b).get(), scratch()) != 1)
      return std::nullopt;
    return encode(result);
  }
  std::optional<coin_point> sum(std::span<const coin_point> points,
                                std::span<const coin_scalar> weights) const override {
    std::vector<point> terms;  // copies: a later decoding may take an earlier one's place
    std::vector<small_weight> few;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto* p = decode(points[i]);
      terms.emplace_back(p ? EC_POINT_dup(p, curve_.get()) : nullptr);
      if (!terms.back())
        return std::nullopt;
      if (const auto x = small(weights[i]))
        few.push_back(*x);
    }
    const auto total = fresh();
    const bool good =
      few.size() == terms.size() ? add_up(terms, few, total) : add_up(terms, weights, total);
    return good ? encode(total) : std::nullopt;
  }

private:
  static number secret(const coin_scalar& x) {
    auto result = number_of(x);
    BN_set_flags(result.get(), BN_FLG_CONSTTIME);
    return result;
  }
  point fresh() const { return point{EC_POINT_new(curve_.get())}; }
  /// Null for what names no point; stays good until the thread decodes again.
  const EC_POINT* decode(const coin_point& x) const {
    thread_local decoded_points known;
    auto& entry = known.place_of(x);
    if (entry.name == x)
      return entry.at.get();
    auto result = fresh();
    const auto size = x.value.size();
    const bool good =
      EC_POINT_oct2point(curve_.get(), result.get(), x.value.data(), size, scratch()) == 1;
    entry = {x, good ? std::move(result) : nullptr};
    return entry.at.get();
  }
  /// One pass for all terms shares the doublings; OpenSSL 3 deprecates the call and has no other.
  bool add_up(const std::vector<point>& terms, std::span<const coin_scalar> weights,
              const point& total) const {
    std::vector<const EC_POINT*> points;
    std::vector<number> numbers;
    std::vector<const BIGNUM*> factors;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      points.push_back(terms[i].get());
      factors.push_back(numbers.emplace_back(number_of(weights[i])).get());
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    return EC_POINTs_mul(curve_.get(), total.get(), nullptr, points.size(), points.data(),
                         factors.data(), scratch()) == 1;
#pragma GCC diagnostic pop
  }
  /// Bit by bit: a tenth of what OpenSSL takes, which goes through 256 bits of any weight. The
  /// weights are public, as these points are.
  bool add_up(const std::vector<point>& terms, const std::vector<small_weight>& weights,
              const point& total) const {
    bool good = EC_POINT_set_to_infinity(curve_.get(), total.get()) == 1;
    for (std::size_t i = 0; i < terms.size(); ++i)
      if (weights[i].negative)
        good = good && EC_POINT_invert(curve_.get(), terms[i].get(), scratch()) == 1;
    for (int bit = 15; bit >= 0; --bit) {
      good = good && EC_POINT_dbl(curve_.get(), total.get(), total.get(), scratch()) == 1;
      for (std::size_t i = 0; i < terms.size(); ++i)
        if ((weights[i].size >> bit & 1) != 0)
          good = good && EC_POINT_add(curve_.get(), total.get(), total.get(), terms[i].get(),
                                      scratch()) == 1;
    }
    return good;
  }
  std::optional<coin_point> encode(const point& x) const {
    coin_point result;
    if (EC_POINT_point2oct(curve_.get(), x.get(), POINT_CONVERSION_COMPRESSED, result.value.data(),
                           result.value.size(), scratch()) != result.value.size())
      return std::nullopt;  // infinity takes one byte
    return result;
  }
  owned<EC_GROUP> curve_;
};

}  // namespace

std::shared_ptr<const coin_group> openssl_coin_group() {
  static const auto group = std::make_shared<const openssl_group>();
  return group;
}

std::shared_ptr<const coin_group> coin_group_by_name(std::string_view name) {
  if (name == "openssl")
    return openssl_coin_group();
  if (name == "cryptopp")
    return cryptopp_coin_group();
  return nullptr;
}

}  // namespace datagen::protocol
