#pragma once
// Where a registered key can be reached, said by that key: so a peer can pass on the addresses of
// others without being able to invent any.

#include "protocol/crypto/sign.hpp"
#include "protocol/link/refusal.hpp"

namespace datagen::protocol::link {

struct host_port {
  std::string host;  ///< Name or numeric address.
  std::uint16_t port = 0;
  friend auto operator<=>(const host_port&, const host_port&) = default;
};
template <class Archive>
void describe(Archive& ar, host_port& x) {
  ar(x.host, x.port);
}

inline constexpr std::size_t record_addresses_max = 4;
inline constexpr std::size_t host_bytes_max = 255;  ///< RFC 1035, 2.3.4.
inline constexpr std::uint64_t record_life_max_ms = 7 * 86'400'000ULL;

struct address_record {
  digest genesis;                    ///< Of one network only.
  public_key key;                    ///< Who is reached there, and who signs.
  std::uint64_t sequence = 0;        ///< A later record of a key replaces earlier ones.
  std::uint64_t expires_ms = 0;      ///< Unix time from which on it says nothing.
  std::vector<host_port> addresses;  ///< In the order of preference; none: no longer reachable.
  signature by;
  friend auto operator<=>(const address_record&, const address_record&) = default;
};
void describe(encoder& ar, address_record& x);
void describe(decoder& ar, address_record& x);

/// What `key` signs.
digest record_statement(const address_record& x);
/// Signs `x` with its own key. @pre `key.identity == x.key`
void seal(address_record& x, const key_pair& key);

enum class [[nodiscard]] record_check : std::uint8_t{
  ok = 0,
  wrong_genesis = 1,
  expired = 2,         ///< Or expires this very moment.
  lives_too_long = 3,  ///< Past what a record may promise: addresses change hands.
  bad_address = 4,     ///< No port, no host, too many or too long.
  bad_signature = 5,
};
/// First failing rule; the signature last, since it costs most.
record_check check(const address_record& x, const digest& genesis, std::uint64_t now_ms);

}  // namespace datagen::protocol::link
