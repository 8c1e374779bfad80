#include "actors/job_content.hpp"

namespace datagen {

void job_content::keep(const protocol::digest& id, const blob& data, bool stored) {
  auto& known = all_[id];
  if (known.jobs++ == 0) {
    known.data = data;
    bytes_ += data.size();
  }
  known.stored = known.stored || stored;
}

void job_content::store(const protocol::digest& id, storage::write_batch& batch) {
  auto& known = all_.at(id);
  if (std::exchange(known.stored, true))
    return;
  const auto body = known.data.view();
  batch.blobs.push_back({.id = id,
                         .expires_at_ms = storage::never_expires_ms,
                         .body = {body.begin(), body.end()}});
}

void job_content::release(const protocol::digest& id, storage::write_batch& batch,
                          std::uint64_t keep_until_ms) {
  const auto it = all_.find(id);
  if (it == all_.end() || --it->second.jobs > 0)
    return;
  bytes_ -= it->second.data.size();
  if (it->second.stored)
    batch.dropped_blobs.push_back(id);
  if (const auto body = it->second.data.view(); it->second.stored && keep_until_ms != 0)
    batch.blobs.push_back(
      {.id = id, .expires_at_ms = keep_until_ms, .body = {body.begin(), body.end()}});
  all_.erase(it);
}

bool job_content::may_stay(std::uint64_t bytes, std::uint64_t until_ms, std::uint64_t now_ms,
                           std::uint64_t bytes_max) {
  while (!staying_.empty() && staying_.begin()->first <= now_ms) {
    staying_bytes_ -= staying_.begin()->second;
    staying_.erase(staying_.begin());
  }
  if (bytes > bytes_max || staying_bytes_ > bytes_max - bytes)
    return false;
  staying_.emplace(until_ms, bytes);
  staying_bytes_ += bytes;
  return true;
}

const blob* job_content::find(const protocol::digest& id) const {
  const auto it = all_.find(id);
  return it == all_.end() ? nullptr : &it->second.data;
}

}  // namespace datagen
