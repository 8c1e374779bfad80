#pragma once
// How a scenario's author says what a party does otherwise: `v6 = "lie-on-result share 25"`.

#include "tools/scenario/sentence.hpp"

namespace datagen::scenario {

/// Adds to `to` what `who` does. @param at of the text's first character
/// @throws script_failure
void read_behaviour(const party& who, std::string_view text, position at, script& to);

}  // namespace datagen::scenario
