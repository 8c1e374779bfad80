#include "actors/coin_cache.hpp"

#include "protocol/crypto/hash.hpp"

namespace datagen {

using namespace protocol;

std::optional<digest> coin_cache::find(const digest& name) const {
  std::lock_guard lock{mutex_};
  for (const auto* generation : {&fresh_, &older_})
    if (const auto it = generation->find(name); it != generation->end())
      return it->second;
  return std::nullopt;
}

void coin_cache::remember(const digest& name, const digest& value) const {
  std::lock_guard lock{mutex_};
  if (fresh_.size() >= generation_max_) {
    older_ = std::move(fresh_);
    fresh_.clear();
  }
  fresh_.emplace(name, value);
}

bool coin_cache::check(const coin_point& salt, const coin_point& owner, byte_view alpha,
                       const coin_share& share) const {
  const auto name =
    hash("seen-share", salt, owner, bytes{alpha.begin(), alpha.end()}, to_bytes(share));
  if (find(name))
    return true;
  if (!coin_checker::check(salt, owner, alpha, share))
    return false;
  remember(name, {});
  return true;
}

/// The value does not depend on whose shares make it.
std::optional<digest> coin_cache::combine(const coin_keys& keys, byte_view alpha,
                                          const numbered_shares& shares) const {
  if (shares.size() < keys.threshold)
    return std::nullopt;
  const auto name = hash("seen-value", keys.group, bytes{alpha.begin(), alpha.end()});
  if (const auto known = find(name))
    return known;
  const auto value = coin_checker::combine(keys, alpha, shares);
  if (value)
    remember(name, *value);
  return value;
}

}  // namespace datagen
