#pragma once
// The tables and their version. Private to this folder.

#include "actors/storage/database.hpp"

namespace datagen::storage {

/// "DGEN": tells `file` and us that a database is ours.
inline constexpr std::uint64_t application_id = 0x4447454e;
/// Raised by every change to the tables, with a step in `prepare_schema` that upgrades.
inline constexpr std::uint64_t schema_version = 1;

/// Creates the tables in a new database, accepts those of this version, refuses a newer version and
/// databases of other programs. `path` is for the sentence.
result<done> prepare_schema(database& db, const std::string& path);

}  // namespace datagen::storage
