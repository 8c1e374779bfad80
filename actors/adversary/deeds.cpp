#include "actors/adversary/deeds.hpp"

namespace datagen {

void deeds::add(const peer& who, const name& what) {
  const std::lock_guard lock{mutex_};
  done_[who].insert(what);
}

std::map<peer, std::set<deeds::name>> deeds::all() const {
  const std::lock_guard lock{mutex_};
  return done_;
}

}  // namespace datagen
