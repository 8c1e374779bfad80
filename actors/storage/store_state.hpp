#pragma once
// What a store holds. Private to this folder.

#include "actors/storage/database.hpp"
#include "actors/storage/own_mark.hpp"
#include "actors/storage/store.hpp"

#include <map>

namespace datagen::storage {

/// Holds the lock file of a data directory; the kernel frees it when the process dies.
class directory_lock {
public:
  directory_lock() = default;
  static result<directory_lock> take(const std::string& path);
  directory_lock(directory_lock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  directory_lock& operator=(directory_lock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~directory_lock();

private:
  int file_ = -1;
};

/// Sizes that bounds are checked against, kept beside the tables so that no write has to count.
struct usage {
  std::map<std::string, std::uint64_t, std::less<>> records;  ///< Rows by kind.
  std::uint64_t blob_bytes = 0;
};

struct store::state {
  store_config config;
  directory_lock lock;  // before `db`: freed after the database is closed
  std::unique_ptr<database> db;
  own_mark mark;
  usage used;
  std::string cause_of_death;  ///< Empty while alive.

  /// The handle takes no more writes from here on.
  failure die(const failure& why);
};

/// The first limit that `batch` breaks, or done. Changes nothing.
result<done> check(database& db, const store_config& config, const usage& used,
                   const write_batch& batch);
/// Writes `batch` inside the open transaction and counts it in `used`.
result<done> apply(database& db, usage& used, const write_batch& batch);
/// Counts what the tables hold.
result<usage> count_usage(database& db);

}  // namespace datagen::storage
