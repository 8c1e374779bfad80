#pragma once
// Cities and the delays between them: measured round trips where there are any, else modelled from
// the great-circle distance.

#include <cstdint>
#include <string>
#include <vector>

namespace datagen::scenario {

bool is_place(const std::string& name);
std::vector<std::string> place_names();

struct distance {
  std::uint64_t one_way_us = 0;
  bool measured = false;
};
/// @pre both are places
distance between(const std::string& from, const std::string& to);

}  // namespace datagen::scenario
