#pragma once
// Owns the database of one identity; spawned detached, since an fsync blocks. Writes that arrive
// while one is on its way share the next fsync.

#include "messages/interfaces.hpp"

#include "actors/chain/snapshot_server.hpp"
#include "actors/storage/store.hpp"

#include <caf/typed_response_promise.hpp>

namespace datagen {

struct archive_state {
  explicit archive_state(archive_actor::pointer owner) : self(owner) {}
  archive_actor::pointer self;
  std::shared_ptr<storage::store> store;
  snapshot_server snapshots;
  storage::write_batch gathered;
  std::vector<caf::typed_response_promise<v1::archive_written>> waiting;
  static inline const char* name = "archive";
};

archive_actor::behavior_type archive(archive_actor::stateful_pointer<archive_state> self,
                                     std::shared_ptr<storage::store> store);

}  // namespace datagen
