#include "messages/peer.hpp"

namespace datagen {

const char* to_string(role x) {
  switch (x) {
    case role::user: return "user";
    case role::router: return "router";
    case role::validator: return "validator";
    case role::cross_checker: return "cross-checker";
    case role::selector: return "selector";
    case role::heavy_author: return "heavy author";
    case role::fast_author: return "fast author";
    case role::gateway: return "gateway";
  }
  return "unknown role";
}

std::string to_string(const peer& x) {
  return std::string{to_string(x.kind)} + " " + std::to_string(x.index);
}

}  // namespace datagen
