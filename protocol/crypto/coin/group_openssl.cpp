#include "protocol/crypto/coin/group.hpp"

#include <openssl/ec.h>
#include <openssl/obj_mac.h>

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
    const auto base = decode(p);
    const auto factor = secret(x);
    const auto result = fresh();
    if (!base ||
        EC_POINT_mul(curve_.get(), result.get(), nullptr, base.get(), factor.get(), scratch()) != 1)
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
    const auto other = decode(q);
    const auto result = fresh();
    if (!other || EC_POINT_mul(curve_.get(), result.get(), number_of(a).get(), other.get(),
                               number_of(b).get(), scratch()) != 1)
      return std::nullopt;
    return encode(result);
  }
  std::optional<coin_point> sum(std::span<const coin_point> points,
                                std::span<const coin_scalar> weights) const override {
    const auto total = fresh();
    const auto term = fresh();
    EC_POINT_set_to_infinity(curve_.get(), total.get());
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto p = decode(points[i]);
      if (!p ||
          EC_POINT_mul(curve_.get(), term.get(), nullptr, p.get(), number_of(weights[i]).get(),
                       scratch()) != 1 ||
          EC_POINT_add(curve_.get(), total.get(), total.get(), term.get(), scratch()) != 1)
        return std::nullopt;
    }
    return encode(total);
  }

private:
  static number secret(const coin_scalar& x) {
    auto result = number_of(x);
    BN_set_flags(result.get(), BN_FLG_CONSTTIME);
    return result;
  }
  point fresh() const { return point{EC_POINT_new(curve_.get())}; }
  point decode(const coin_point& x) const {
    auto result = fresh();
    if (EC_POINT_oct2point(curve_.get(), result.get(), x.value.data(), x.value.size(), scratch()) !=
        1)
      return nullptr;
    return result;
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
