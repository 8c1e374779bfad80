#pragma once
// Sentences of a scenario: one a line, read word by word, with the column of every word.

#include "tools/scenario/script.hpp"

#include <stdexcept>
#include <string_view>

namespace datagen::scenario {

using script_failure = file_failure;

/// "1500ms", "20s", "3m", "2h", "1d". @throws script_failure
std::uint64_t read_time(std::string_view word, position at);
/// "v3". @throws script_failure, also for a party that `in` does not have
party read_party(std::string_view word, const script& in, position at);

/// Adds what the line says to `to.steps` or `to.expected`; nothing for blank lines and comments
/// (#).
/// @throws script_failure
void read_sentence(std::string_view line, position at, script& to);

}  // namespace datagen::scenario
