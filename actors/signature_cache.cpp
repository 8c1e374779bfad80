#include "actors/signature_cache.hpp"

namespace datagen {

bool signature_cache::check(const protocol::public_key& key, protocol::byte_view message,
                            const protocol::signature& sig) const {
  protocol::encoder ar;
  ar(key, sig);
  ar.raw(message);
  const auto name = protocol::sha256(ar.data());
  auto& part = shards_[name.value[0] % shards];
  {
    std::lock_guard lock{part.mutex};
    if (part.fresh.count(name) != 0 || part.older.count(name) != 0)
      return true;
  }
  if (!protocol::verify(key, message, sig))
    return false;
  std::lock_guard lock{part.mutex};
  if (part.fresh.size() >= shard_max_ / 2) {
    part.older = std::move(part.fresh);
    part.fresh.clear();
  }
  part.fresh.insert(name);
  return true;
}

}  // namespace datagen
