#pragma once
// Who sends and who receives: a role and its number, the same in-process, across hosts and in
// simulation.

#include "messages/inspect.hpp"

#include "protocol/types.hpp"

namespace datagen {

enum class role : std::uint8_t {
  user = 0,
  router = 1,
  validator = 2,
  cross_checker = 3,
  selector = 4,
  heavy_author = 5,
  fast_author = 6,
  gateway = 7,
};
constexpr role max_value(role) { return role::gateway; }
const char* to_string(role x);

struct peer {
  role kind = role::user;
  std::uint32_t index = 0;
  friend auto operator<=>(const peer&, const peer&) = default;
};
template <class Archive>
void describe(Archive& ar, peer& x) {
  ar(x.kind, x.index);
}
/// "validator 3"
std::string to_string(const peer& x);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, peer& x) {
  return inspect_described(f, x);
}

}  // namespace datagen
