#pragma once
// A host that lost its databases must not start as if it were new: it would sign rounds and nonces
// a second time, and pay for it. So only the network's maker says that a host is new, by a file in
// its data directory that the first start takes away (consensus.md 2.12).

#include "actors/node/roster.hpp"

#include <filesystem>

namespace datagen::tools {

inline constexpr const char* first_start_name = "first-start";

/// Marks `data`, which is created, as that of a host that never ran. Throws `failure`.
void mark_first_start(const std::filesystem::path& data);

/// Throws `failure` where a database of an identity is missing and the mark as well.
void check_databases(const std::filesystem::path& data, const roster_host& own);
/// From now on databases must be there.
void forget_first_start(const std::filesystem::path& data);

}  // namespace datagen::tools
