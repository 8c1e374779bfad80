#pragma once
// Keys on disk: one JSON file each, encrypted under a passphrase unless the operator asked
// otherwise (protocol.md section 6).
//
//   {"version":1,"address":"dg1…", the members of sealed_secret.hpp}
//   {"version":1,"address":"dg1…","secret":"<32 bytes>"}                      (a development key)

#include "tools/datagen/sealed_secret.hpp"

#include "protocol/crypto/sign.hpp"

namespace datagen::tools {

struct key_file {
  protocol::account_id address;
  std::variant<protocol::secret_key, sealed_secret> secret;
  bool encrypted() const { return std::holds_alternative<sealed_secret>(secret); }
};

key_file seal_key_file(const protocol::key_pair& key, const std::string& passphrase);

std::string to_json(const key_file& x);

inline constexpr std::size_t key_file_bytes_max = 4'096;
/// @returns the key file, or a sentence that says what is wrong with `text`
std::variant<std::string, key_file> parse_key_file(const std::string& text);

/// The key pair, or nothing where the passphrase is wrong or secret and address do not belong
/// together. A plain file needs no passphrase.
std::optional<protocol::key_pair> unlock(const key_file& x, const std::string& passphrase);

/// A passphrase from `file` (its first line), else from DATAGEN_PASSPHRASE, else typed on the
/// terminal, twice when `repeat`. @returns nothing after printing why there is none
std::optional<std::string> ask_passphrase(const std::string& file, bool repeat);

}  // namespace datagen::tools
