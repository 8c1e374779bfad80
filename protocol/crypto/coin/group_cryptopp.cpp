#include "protocol/crypto/coin/group.hpp"

#include <cryptopp/eccrypto.h>
#include <cryptopp/oids.h>

namespace datagen::protocol {

namespace {

using CryptoPP::ECP;
using CryptoPP::ECPPoint;
using CryptoPP::Integer;

Integer number_of(const coin_scalar& x) { return {x.value.data(), x.value.size()}; }

/// Crypto++ multiplies in a time that depends on the factor (CVE-2019-14318 was mended for ECDSA
/// alone): a secret x goes in as x + blind N.
class cryptopp_group : public coin_group {
public:
  cryptopp_group() : curve_(CryptoPP::ASN1::secp256r1()) {}
  const char* name() const override { return "cryptopp"; }

  bool valid(const coin_point& x) const override { return decode(x).has_value(); }

  std::optional<coin_point> secret_base(const coin_scalar& x, std::uint64_t blind) const override {
    return encode(times(curve_.GetSubgroupGenerator(), blinded(x, blind)));
  }
  std::optional<coin_point> secret_times(const coin_point& p, const coin_scalar& x,
                                         std::uint64_t blind) const override {
    const auto base = decode(p);
    return base ? encode(times(*base, blinded(x, blind))) : std::nullopt;
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
    if (!other)
      return std::nullopt;
    return encode(
      plus(times(curve_.GetSubgroupGenerator(), number_of(a)), times(*other, number_of(b))));
  }
  std::optional<coin_point> sum(std::span<const coin_point> points,
                                std::span<const coin_scalar> weights) const override {
    ECPPoint total;  // infinity
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto p = decode(points[i]);
      if (!p)
        return std::nullopt;
      total = plus(total, times(*p, number_of(weights[i])));
    }
    return encode(total);
  }

private:
  Integer blinded(const coin_scalar& x, std::uint64_t blind) const {
    return number_of(x) + Integer{Integer::POSITIVE, blind} * curve_.GetSubgroupOrder();
  }
  /// A curve of its own: Crypto++ keeps scratch values inside it, which threads must not share.
  static const ECP& field() {
    thread_local const ECP own =
      CryptoPP::DL_GroupParameters_EC<ECP>{CryptoPP::ASN1::secp256r1()}.GetCurve();
    return own;
  }
  static ECPPoint times(const ECPPoint& p, const Integer& x) {
    return field().ScalarMultiply(p, x);
  }
  static ECPPoint plus(const ECPPoint& a, const ECPPoint& b) {
    const ECPPoint copy = b;  // the result lives in the curve
    return field().Add(a, copy);
  }
  std::optional<ECPPoint> decode(const coin_point& x) const {
    ECPPoint result;
    if ((x.value[0] != 2 && x.value[0] != 3) ||
        Integer{x.value.data() + 1, 32} >= field().FieldSize() ||  // one encoding per point
        !field().DecodePoint(result, x.value.data(), x.value.size()))
      return std::nullopt;
    return result;
  }
  std::optional<coin_point> encode(const ECPPoint& x) const {
    if (x.identity)
      return std::nullopt;
    coin_point result;
    field().EncodePoint(result.value.data(), x, true);
    return result;
  }
  CryptoPP::DL_GroupParameters_EC<ECP> curve_;
};

}  // namespace

std::shared_ptr<const coin_group> cryptopp_coin_group() {
  static const auto group = std::make_shared<const cryptopp_group>();
  return group;
}

}  // namespace datagen::protocol
