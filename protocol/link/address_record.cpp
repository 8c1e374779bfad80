#include "protocol/link/address_record.hpp"

#include "protocol/crypto/hash.hpp"

#include <algorithm>

namespace datagen::protocol::link {

namespace {

template <class Archive>
void describe_fields(Archive& ar, address_record& x) {
  ar(x.genesis, x.key, x.sequence, x.expires_ms, x.addresses, x.by);
}

bool is_usable(const host_port& x) {
  return x.port != 0 && !x.host.empty() && x.host.size() <= host_bytes_max &&
         std::all_of(x.host.begin(), x.host.end(), [](char c) { return c > ' ' && c < 127; });
}

}  // namespace

void describe(encoder& ar, address_record& x) { describe_fields(ar, x); }
void describe(decoder& ar, address_record& x) {
  describe_fields(ar, x);
  ar.require(x.addresses.size() <= record_addresses_max);
}

digest record_statement(const address_record& x) {
  return hash("link-address", x.genesis, x.key, x.sequence, x.expires_ms, x.addresses);
}

void seal(address_record& x, const key_pair& key) {
  invariant(key.identity == x.key, "an address record is signed by whom it is about");
  x.by = sign(key, record_statement(x).view());
}

record_check check(const address_record& x, const digest& genesis, std::uint64_t now_ms) {
  if (x.genesis != genesis)
    return record_check::wrong_genesis;
  if (x.expires_ms <= now_ms)
    return record_check::expired;
  if (x.expires_ms - now_ms > record_life_max_ms)
    return record_check::lives_too_long;
  if (x.addresses.size() > record_addresses_max ||
      !std::all_of(x.addresses.begin(), x.addresses.end(), is_usable))
    return record_check::bad_address;
  if (!verify(x.key, record_statement(x).view(), x.by))
    return record_check::bad_signature;
  return record_check::ok;
}

}  // namespace datagen::protocol::link
