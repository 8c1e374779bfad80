#include "actors/node/places.hpp"

namespace datagen {

namespace {

bool of_validator(role x) {
  return x == role::validator || x == role::cross_checker || x == role::fast_author;
}
bool of_author(role x) { return x == role::heavy_author || x == role::selector; }

bool same_identity(const peer& a, const peer& b) {
  return a.index == b.index && ((of_validator(a.kind) && of_validator(b.kind)) ||
                                (of_author(a.kind) && of_author(b.kind)));
}

}  // namespace

void places::put(const peer& who, std::uint64_t point_us) {
  std::unique_lock lock{mutex_};
  points_[who] = point_us;
}

std::uint64_t places::point_us(const peer& who) const {
  std::shared_lock lock{mutex_};
  const auto it = points_.find(who);
  return it == points_.end() ? 0 : it->second;
}

std::uint64_t places::delay_us(const peer& from, const peer& to) const {
  if (same_identity(from, to))
    return 0;
  std::shared_lock lock{mutex_};
  const auto a = points_.find(from), b = points_.find(to);
  if (a == points_.end() || b == points_.end())
    return 0;
  return floor_us_ + (a->second > b->second ? a->second - b->second : b->second - a->second);
}

}  // namespace datagen
