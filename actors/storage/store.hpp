#pragma once
// The database of one identity: everything a node must find again after a crash. Synchronous and
// for one thread at a time; the archive actor owns it (consensus.md 2.12, reliability.md).

#include "actors/storage/own_mark.hpp"
#include "actors/storage/result.hpp"
#include "actors/storage/rows.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace datagen::storage {

/// What a store has written since it was opened; readable from any thread.
struct store_totals {
  std::atomic<std::uint64_t> commits = 0;   ///< Each is one fsync of the log.
  std::atomic<std::uint64_t> receipts = 0;  ///< Rows in those commits.
  std::atomic<std::uint64_t> vertices = 0;
};

struct store_config {
  std::string path;  ///< Database file, in an existing directory, or ":memory:".
  std::uint32_t busy_timeout_ms = 2000;   ///< Wait for a reader that blocks a checkpoint.
  std::uint32_t checkpoint_pages = 4096;  ///< WAL length (4 KiB pages) that starts a checkpoint.
  std::uint64_t value_bytes_max = 64ULL << 20;      ///< Any single body; more is refused.
  std::uint64_t snapshot_bytes_max = 512ULL << 20;  ///< A snapshot's state; more is refused.
  std::uint64_t records_per_kind_max = 1'000'000;   ///< Further keys are refused.
  std::uint64_t blob_bytes_max = 4ULL << 30;        ///< Content store in all; more is refused.
  std::uint32_t page_rows_max = 1000;  ///< Most rows of one page; larger limits are lowered to it.
  std::uint32_t page_count_max = 0;    ///< Size bound in 4 KiB pages, 0 = the disk's.
  std::shared_ptr<store_totals> totals;  ///< Counted up by every commit; may be null.
  std::string vfs;  ///< How SQLite reaches its files; empty: as the system offers them.
  /// Told once, with a sentence, when the handle dies, by whoever wrote; may be unset.
  std::function<void(const std::string&)> died;
};

/// Writes go through `commit` alone. It returns after the fsync: what it acknowledged survives a
/// power cut. `refused` changes nothing and leaves the store usable; any other failure of a write
/// kills the handle, because after a failed fsync nobody knows what the disk holds: stop signing,
/// report not ready, exit. Reads keep working.
class store {
public:
  /// Opens or creates. Holds `path`.lock until destruction; the kernel frees it on a crash.
  static result<store> open(const store_config& config);
  store(store&&) noexcept;
  store& operator=(store&&) noexcept;
  ~store();

  /// All of `batch` or nothing, durable on return. An empty batch costs nothing.
  result<done> commit(const write_batch& batch);
  /// Moves the WAL into the database file and truncates it. `commit` does so by itself (without
  /// truncation) every `checkpoint_pages`.
  result<done> checkpoint();
  /// Reads every page: SQLite's quick check. Takes seconds per GiB.
  result<done> verify();
  bool dead() const;

  /// Vertices of the epoch with a round above `round`, by (round, author, digest).
  result<std::vector<stored_vertex>> vertices_above(std::uint8_t chain, std::uint64_t epoch,
                                                    std::uint64_t round);
  result<std::optional<stored_vertex>> vertex(const digest& id);
  /// The own vertex of the highest (epoch, round): what a restart resends verbatim.
  result<std::optional<stored_vertex>> last_own_vertex(std::uint8_t chain);
  /// How far this identity has signed, where the database knows less than the mark beside it: it was
  /// lost, or is an old copy. Nothing may be signed in that epoch any more (consensus.md 2.12).
  result<std::optional<own_place>> forgotten(std::uint8_t chain);

  result<std::optional<stored_commit>> commit_at(std::uint8_t chain, std::uint64_t height);
  result<std::optional<stored_commit>> commit_by_digest(const digest& id);
  result<std::optional<stored_commit>> last_commit(std::uint8_t chain);
  result<std::vector<stored_commit>> commits(const commit_range& range);

  result<std::optional<stored_certificate>> certificate_at(std::uint8_t chain,
                                                           std::uint64_t height);
  result<std::optional<stored_certificate>> last_certificate(std::uint8_t chain);
  result<std::optional<stored_snapshot>> latest_snapshot(std::uint8_t chain) {
    return snapshot_below(chain, INT64_MAX);
  }
  /// Of the states kept of `chain`, newest first.
  result<std::vector<std::uint64_t>> snapshot_heights(std::uint8_t chain);
  /// The newest one at or below `height`.
  result<std::optional<stored_snapshot>> snapshot_below(std::uint8_t chain, std::uint64_t height);

  result<std::optional<stored_receipt>> receipt(const protocol::job_id& job, std::uint32_t attempt);
  /// All attempts of a job in order.
  result<std::vector<stored_receipt>> receipts_of(const protocol::job_id& job);
  /// Receipts in a state by (job, attempt), at most `limit`.
  result<std::vector<stored_receipt>> receipts_in(std::uint8_t state, std::uint32_t limit);

  result<std::optional<bytes>> record(std::string_view kind, const bytes& key);
  /// Records of a kind whose key starts with `prefix` and, with `after`, lies above it; by key.
  result<std::vector<stored_record>> records(std::string_view kind, const bytes& prefix = {},
                                             std::uint32_t limit = 1000,
                                             const std::optional<bytes>& after = std::nullopt);

  /// The content, expired or not: expiry is the owner's decision, through a batch.
  result<std::optional<stored_blob>> blob(const digest& id);
  /// Bytes in the content store, against `blob_bytes_max`.
  std::uint64_t blob_bytes() const;

  result<event_page> events(const event_query& query);

private:
  struct state;
  explicit store(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

}  // namespace datagen::storage
