#pragma once
// Inputs and parameters of a validator's open jobs, durable with its promises: until nothing can be
// asked about a job any more its checkers must find them, also behind a restart (protocol.md 7.5).

#include "messages/blob.hpp"

#include "actors/storage/rows.hpp"

#include <map>
#include <unordered_map>

namespace datagen {

class job_content {
public:
  /// One more open job names `id`. @param stored the archive holds it already
  void keep(const protocol::digest& id, const blob& data, bool stored = false);
  /// Puts it into `batch`, unless the archive holds it. @pre kept
  void store(const protocol::digest& id, storage::write_batch& batch);
  /// One open job less; with the last one it leaves memory, and with `batch` the archive.
  /// @param keep_until_ms Unix time until which the archive keeps it all the same; 0 = no longer
  void release(const protocol::digest& id, storage::write_batch& batch,
               std::uint64_t keep_until_ms = 0);
  /// Null where no open job names it.
  const blob* find(const protocol::digest& id) const;
  /// What is kept, each content once.
  std::uint64_t bytes() const { return bytes_; }
  /// May the archive keep `bytes` more of settled jobs until `until_ms`, beside what it keeps of others
  /// at `now_ms`? Counts them where it may. @param bytes_max of all such
  bool may_stay(std::uint64_t bytes, std::uint64_t until_ms, std::uint64_t now_ms,
                std::uint64_t bytes_max);

private:
  struct shared {
    blob data;
    std::uint32_t jobs = 0;
    bool stored = false;
  };
  std::unordered_map<protocol::digest, shared> all_;
  std::uint64_t bytes_ = 0;
  std::multimap<std::uint64_t, std::uint64_t> staying_;  ///< Bytes by when they go.
  std::uint64_t staying_bytes_ = 0;
};

}  // namespace datagen
