#include "protocol/crypto/coin/share.hpp"

#include "protocol/crypto/coin/scalar.hpp"
#include "protocol/crypto/hash.hpp"

#include <map>

namespace datagen::protocol {

namespace {

constexpr std::uint8_t suite = 0x01;  // ECVRF-P256-SHA256-TAI

void append(bytes& to, byte_view x) { to.insert(to.end(), x.begin(), x.end()); }

std::array<std::uint8_t, 16> challenge_of(const coin_point& owner, const coin_point& h,
                                          const coin_point& gamma, const coin_point& u,
                                          const coin_point& v) {
  bytes message{suite, 0x02};
  for (const auto* x : {&owner, &h, &gamma, &u, &v})
    append(message, x->view());
  message.push_back(0x00);
  const auto full = sha256(message);
  std::array<std::uint8_t, 16> result;
  std::copy_n(full.value.begin(), result.size(), result.begin());
  return result;
}

coin_scalar scalar_of(const std::array<std::uint8_t, 16>& challenge) {
  coin_scalar result;
  std::copy(challenge.begin(), challenge.end(), result.value.begin() + 16);
  return result;
}

/// `lagrange_at_zero`, remembered: a committee's same few sets of authors make every value, and each
/// costs an inversion.
const std::vector<coin_scalar>& weights_of(const std::vector<std::uint64_t>& places) {
  constexpr std::size_t sets_max = 64;
  thread_local std::map<std::vector<std::uint64_t>, std::vector<coin_scalar>> known;
  const auto it = known.find(places);
  if (it != known.end())
    return it->second;
  if (known.size() >= sets_max)
    known.clear();
  return known.emplace(places, lagrange_at_zero(places)).first->second;
}

/// RFC 6979 section 3.2 with the additional data of 3.6: a nonce for one message under one secret.
class nonce_source {
public:
  nonce_source(const coin_scalar& secret, byte_view message, byte_view entropy) {
    bytes seed;
    append(seed, secret.view());
    append(seed, reduce(sha256(message).view()).view());
    append(seed, entropy);
    for (const std::uint8_t round : {0x00, 0x01}) {
      stir({round}, seed);
    }
  }
  coin_scalar next() {
    for (;;) {
      value_ = hmac(key_.view(), value_.view());
      const coin_scalar x{value_.value};
      if (reduced(x) && x != coin_scalar{})
        return x;
      stir({0x00}, {});
    }
  }
  std::uint64_t blind() {
    const auto x = next();
    std::uint64_t result = 0;
    for (std::size_t i = 0; i < 8; ++i)
      result = result << 8 | x.value[i];
    return result;
  }

private:
  void stir(std::initializer_list<std::uint8_t> tag, byte_view seed) {
    bytes message{value_.value.begin(), value_.value.end()};
    message.insert(message.end(), tag);
    append(message, seed);
    key_ = hmac(key_.view(), message);
    value_ = hmac(key_.view(), value_.view());
  }
  digest key_{};
  digest value_ = [] {
    digest x;
    x.value.fill(0x01);
    return x;
  }();
};

}  // namespace

bytes to_bytes(const coin_share& x) {
  bytes result;
  append(result, x.gamma.view());
  append(result, x.challenge);
  append(result, x.response.view());
  return result;
}

std::optional<coin_share> coin_share_from(byte_view raw) {
  if (raw.size() != coin_share_bytes)
    return std::nullopt;
  coin_share x;
  std::copy_n(raw.begin(), 33, x.gamma.value.begin());
  std::copy_n(raw.begin() + 33, 16, x.challenge.begin());
  std::copy_n(raw.begin() + 49, 32, x.response.value.begin());
  return x;
}

bytes coin_input(std::string_view domain, const chain_id& chain, std::uint32_t epoch,
                 std::uint64_t index) {
  return encode(domain, chain, epoch, index);
}

coin_point coin_hash_to_curve(const coin_group& group, const coin_point& salt, byte_view alpha) {
  bytes message{suite, 0x01};
  append(message, salt.view());
  append(message, alpha);
  message.insert(message.end(), {0x00, 0x00});
  for (auto& counter = message[message.size() - 2];; ++counter) {
    const auto x = sha256(message);
    coin_point candidate;
    candidate.value[0] = 0x02;
    std::copy(x.value.begin(), x.value.end(), candidate.value.begin() + 1);
    if (group.valid(candidate))
      return candidate;
    invariant(counter != 0xff, "256 hashes in a row name no point: chance 2^-256");
  }
}

coin_share make_share(const coin_group& group, const coin_point& salt, const coin_scalar& secret,
                      byte_view alpha, byte_view entropy) {
  const auto h = coin_hash_to_curve(group, salt, alpha);
  nonce_source nonces{secret, h.view(), entropy};
  const auto k = nonces.next();
  const auto owner = group.secret_base(secret, nonces.blind());
  const auto gamma = group.secret_times(h, secret, nonces.blind());
  const auto u = group.secret_base(k, nonces.blind());
  const auto v = group.secret_times(h, k, nonces.blind());
  invariant(owner && gamma && u && v, "a coin share's secret is 0 or not reduced");
  coin_share result{
    .gamma = *gamma, .challenge = challenge_of(*owner, h, *gamma, *u, *v), .response = {}};
  result.response = add(k, multiply(scalar_of(result.challenge), secret));
  return result;
}

bool verify_share(const coin_group& group, const coin_point& salt, const coin_point& owner,
                  byte_view alpha, const coin_share& share) {
  if (!reduced(share.response) || !group.valid(share.gamma) || !group.valid(owner))
    return false;
  const auto h = coin_hash_to_curve(group, salt, alpha);
  const auto minus_c = negate(scalar_of(share.challenge));
  const auto u = group.combine_base(share.response, owner, minus_c);
  const auto v = group.combine(h, share.response, share.gamma, minus_c);
  return u && v && challenge_of(owner, h, share.gamma, *u, *v) == share.challenge;
}

std::optional<digest> combine_shares(const coin_group& group, const coin_keys& keys,
                                     const numbered_shares& shares) {
  if (keys.threshold == 0 || shares.size() < keys.threshold)
    return std::nullopt;
  std::vector<std::uint64_t> places;
  std::vector<coin_point> points;
  for (std::size_t i = 0; i < keys.threshold; ++i) {
    places.push_back(std::uint64_t{shares[i].first} + 1);
    points.push_back(shares[i].second.gamma);
  }
  const auto gamma = group.sum(points, weights_of(places));
  return gamma ? std::optional{coin_value(*gamma)} : std::nullopt;
}

digest coin_value(const coin_point& gamma) {
  bytes message{suite, 0x03};
  append(message, gamma.view());
  message.push_back(0x00);
  return sha256(message);
}

}  // namespace datagen::protocol
