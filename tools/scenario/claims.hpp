#pragma once
// What a scenario claims: the second half of `always`, `within` and `finally`.

#include "tools/scenario/line_reader.hpp"

namespace datagen::scenario {

/// Reads the rest of the line into `x`. @throws script_failure
void read_claim(line_reader& line, expectation& x);

}  // namespace datagen::scenario
