#pragma once
// What a dealer of a committee's coin leaves behind (consensus.md section 3.3, stage 1): one public
// file for genesis, and one file per author for its secret share.
//
//   {"version":1,"threshold":3,"group":"<33 bytes>","shares":["<33 bytes>",…]}
//   {"version":1,"author":0,"share_key":"<33 bytes>", the members of sealed_secret.hpp}
//   {"version":1,"author":0,"share_key":"<33 bytes>","secret":"<32 bytes>"}   (development)

#include "tools/datagen/sealed_secret.hpp"

#include "protocol/crypto/coin/share.hpp"

namespace datagen::tools {

std::string to_json(const protocol::coin_keys& x);

/// @returns the keys, or a sentence that says what is wrong with `text`; whether they belong
/// together is `consistent`'s to say
std::variant<std::string, protocol::coin_keys> parse_coin_keys(const std::string& text);

struct coin_secret_file {
  std::uint16_t author = 0;
  protocol::coin_point share_key;
  std::variant<protocol::coin_scalar, sealed_secret> secret;
  bool encrypted() const { return std::holds_alternative<sealed_secret>(secret); }
};

coin_secret_file seal_coin_secret(std::uint16_t author, const protocol::coin_point& share_key,
                                  const protocol::coin_scalar& secret,
                                  const std::string& passphrase);
std::string to_json(const coin_secret_file& x);
std::variant<std::string, coin_secret_file> parse_coin_secret(const std::string& text);

/// The secret, or nothing where the passphrase is wrong or it does not make `share_key`.
std::optional<protocol::coin_scalar> unlock(const coin_secret_file& x,
                                            const std::string& passphrase);

inline constexpr std::size_t coin_file_bytes_max = std::size_t{64} * 1024;

}  // namespace datagen::tools
