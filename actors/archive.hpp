#pragma once
// Owns the database of one identity; spawned detached, since an fsync blocks. Writes that arrive
// while one is on its way share the next fsync.

#include "messages/interfaces.hpp"

#include "actors/chain/snapshot_server.hpp"
#include "actors/storage/store.hpp"

#include <caf/typed_response_promise.hpp>

#include <chrono>

namespace datagen {

struct archive_state {
  explicit archive_state(archive_actor::pointer owner) : self(owner) {}
  archive_actor::pointer self;
  std::shared_ptr<storage::store> store;
  std::chrono::microseconds commit_takes{0};
  snapshot_server snapshots;
  storage::write_batch gathered;
  std::vector<caf::typed_response_promise<v1::archive_written>> waiting;
  static inline const char* name = "archive";
};

/// @param commit_takes in a simulation, where a commit costs no time: so long writes gather for it,
/// as they do behind a disk. 0: the disk's own time does that.
archive_actor::behavior_type archive(archive_actor::stateful_pointer<archive_state> self,
                                     std::shared_ptr<storage::store> store,
                                     std::chrono::microseconds commit_takes);

}  // namespace datagen
