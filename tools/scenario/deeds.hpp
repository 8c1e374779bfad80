#pragma once
// What a party does with its money: votes, asks, joins.

#include "tools/scenario/line_reader.hpp"

namespace datagen::scenario {

/// "v3", whether there is such a party or not.
bool names_party(std::string_view word);
/// Reads what `who` does `at_ms`, behind its name, which stands `at`. @throws script_failure
action deed_of(line_reader& line, const party& who, std::uint64_t at_ms, position at);

}  // namespace datagen::scenario
