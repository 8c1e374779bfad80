#pragma once
// What every fuzz target is: a property over untrusted bytes, and the seeds it grows from. A target
// is one source file that defines `check` and `seeds`; `target.cpp` gives it libFuzzer's entry.

#include "protocol/types.hpp"

#include <vector>

namespace datagen::fuzz {

using protocol::byte_view;
using protocol::bytes;

/// The property. Refusing `data` is always right; what it accepts must hold what it promises.
void check(byte_view data);
/// Good inputs, the same in every run.
std::vector<bytes> seeds();

/// Stops, so that libFuzzer keeps the input, unless the claim holds.
void require(bool holds, const char* claim);

inline std::string_view as_text(byte_view data) {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}
inline bytes as_bytes(std::string_view text) { return {text.begin(), text.end()}; }

/// The first byte chooses among `choices`, the rest is for the chosen one.
struct choice {
  std::size_t which = 0;
  byte_view data;
};
inline choice choose(byte_view data, std::size_t choices) {
  return data.empty() ? choice{} : choice{data[0] % choices, data.subspan(1)};
}
inline bytes chosen(std::size_t which, byte_view data) {
  bytes result{static_cast<std::uint8_t>(which)};
  result.insert(result.end(), data.begin(), data.end());
  return result;
}

}  // namespace datagen::fuzz
