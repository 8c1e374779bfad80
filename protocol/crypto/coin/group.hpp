#pragma once
// The group P-256 (SEC 2, secp256r1) as the threshold coin needs it (consensus.md section 3): two
// back ends with the same bytes on the wire, chosen at run time. OpenSSL is about ten times faster;
// Crypto++ is its oracle.

#include "protocol/types.hpp"

#include <memory>

namespace datagen::protocol {

/// Compressed point (SEC 1 section 2.3.3); never the point at infinity.
using coin_point = fixed_bytes<struct coin_point_tag, 33>;
/// Big-endian integer; below the group's order unless said otherwise.
using coin_scalar = fixed_bytes<struct coin_scalar_tag, 32>;

class coin_group {
public:
  virtual ~coin_group() = default;
  virtual const char* name() const = 0;

  /// Does `x` name a point of the curve? Exactly one encoding of each does.
  virtual bool valid(const coin_point& x) const = 0;
  /// x G for a secret x; nothing for x = 0 mod N. `blind` hides x from who measures the time.
  virtual std::optional<coin_point> secret_base(const coin_scalar& x,
                                                std::uint64_t blind) const = 0;
  /// x P for a secret x, likewise; nothing when `p` is not valid.
  virtual std::optional<coin_point> secret_times(const coin_point& p, const coin_scalar& x,
                                                 std::uint64_t blind) const = 0;
  /// a P + b Q for public numbers; nothing for bad points and for infinity.
  virtual std::optional<coin_point> combine(const coin_point& p, const coin_scalar& a,
                                            const coin_point& q, const coin_scalar& b) const = 0;
  /// a G + b Q, likewise.
  virtual std::optional<coin_point> combine_base(const coin_scalar& a, const coin_point& q,
                                                 const coin_scalar& b) const = 0;
  /// The sum of weights[i] points[i], likewise. @pre equally many
  virtual std::optional<coin_point> sum(std::span<const coin_point> points,
                                        std::span<const coin_scalar> weights) const = 0;
};

std::shared_ptr<const coin_group> openssl_coin_group();
std::shared_ptr<const coin_group> cryptopp_coin_group();
/// "openssl" or "cryptopp"; nothing for other names.
std::shared_ptr<const coin_group> coin_group_by_name(std::string_view name);

}  // namespace datagen::protocol
