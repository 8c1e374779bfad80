#pragma once
// The secrets of one host, in the directory that its file names: host.json for its links, and for
// each identity author-N.json or validator-N.json with its share of a first coin, where it has one,
// in author-N.coin.json or validator-N.coin.json.

#include "actors/node/cluster.hpp"
#include "actors/node/roster.hpp"

#include <filesystem>

namespace datagen::tools {

struct host_keys {
  protocol::key_pair host;
  hosted_identities hosted;  ///< Its routers and gateway too.
};

/// Names of these files.
std::string key_name(role kind, std::uint32_t index);
std::string coin_name(role kind, std::uint32_t index);

/// Reads what `own` needs; asks for the passphrase once, if any file needs it. Throws `failure`
/// where a file is missing, does not open, or holds another key than genesis and roster name.
host_keys load_host_keys(const std::filesystem::path& directory, const roster_host& own,
                         const protocol::genesis& chain, const std::string& passphrase_file);

}  // namespace datagen::tools
