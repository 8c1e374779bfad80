#pragma once
// The file in which a user keeps the committee that it trusts beside genesis.

#include "protocol/receipt/trusted_checkpoint.hpp"

#include <optional>
#include <string>

namespace datagen::tools {

/// The checkpoint in the file at `path`, nothing where `path` is empty. Throws `failure`: exit 65
/// when it is none, exit 1 when it is of another chain than `heavy`.
std::optional<protocol::trusted_checkpoint> load_checkpoint(const std::string& path,
                                                            const protocol::chain_id& heavy);

}  // namespace datagen::tools
