#include "actors/storage/faulty_disk.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <new>
#include <optional>
#include <string_view>
#include <vector>

namespace datagen::storage {

namespace {

/// What one change of a file replaced.
struct former {
  sqlite3_int64 size = 0;  ///< Of the file.
  sqlite3_int64 at = 0;
  std::vector<std::uint8_t> bytes;
};

struct operation_count {
  std::uint64_t done = 0;
  std::optional<std::uint64_t> fails_from;
};

/// The database that a file belongs to.
std::string database_of(const std::string& file) {
  for (const std::string_view end : {"-wal", "-journal"})
    if (file.ends_with(end))
      return file.substr(0, file.size() - end.size());
  return file;
}

}  // namespace

struct faulty_disk::state {
  sqlite3_vfs vfs{};
  sqlite3_vfs* real = nullptr;
  std::string name;
  std::map<std::string, std::vector<former>> unsynced;  ///< By file, oldest first.
  std::map<std::string, operation_count> counts;        ///< By database.

  bool refuses(const std::string& file) {
    auto& x = counts[database_of(file)];
    return x.done++ >= x.fails_from.value_or(~std::uint64_t{0});
  }
};

namespace {

/// SQLite's handle of a file: ours first, the file system's behind it in the same memory.
struct faulty_file {
  sqlite3_file base;
  void* disk;
  std::string* path;  ///< Empty for a file without a name, which nobody finds again.
  sqlite3_file* real;
};

}  // namespace

/// The table of functions through which SQLite reaches its files.
struct faulty_files {
  using state = faulty_disk::state;

  static faulty_file& of(sqlite3_file* x) { return *reinterpret_cast<faulty_file*>(x); }
  static sqlite3_file* real(sqlite3_file* x) { return of(x).real; }
  static state& disk(sqlite3_file* x) { return *static_cast<state*>(of(x).disk); }
  static bool refuses(sqlite3_file* x) { return disk(x).refuses(*of(x).path); }

  /// Keeps what the file holds from `at` on, `count` bytes of it.
  static int remember(sqlite3_file* x, sqlite3_int64 at, sqlite3_int64 count) {
    former before{.at = at};
    if (const int code = real(x)->pMethods->xFileSize(real(x), &before.size); code != SQLITE_OK)
      return code;
    before.bytes.resize(static_cast<std::size_t>(
      std::clamp<sqlite3_int64>(before.size - at, 0, count)));
    if (!before.bytes.empty())
      if (const int code = real(x)->pMethods->xRead(real(x), before.bytes.data(),
                                                    static_cast<int>(before.bytes.size()), at);
          code != SQLITE_OK)
        return code;
    disk(x).unsynced[*of(x).path].push_back(std::move(before));
    return SQLITE_OK;
  }

  static int close(sqlite3_file* x) {
    const int code = real(x)->pMethods->xClose(real(x));
    delete of(x).path;
    return code;
  }
  static int read(sqlite3_file* x, void* to, int count, sqlite3_int64 at) {
    return real(x)->pMethods->xRead(real(x), to, count, at);
  }
  static int write(sqlite3_file* x, const void* from, int count, sqlite3_int64 at) {
    if (refuses(x))
      return SQLITE_IOERR_WRITE;
    if (const int code = remember(x, at, count); code != SQLITE_OK)
      return code;
    return real(x)->pMethods->xWrite(real(x), from, count, at);
  }
  static int truncate(sqlite3_file* x, sqlite3_int64 size) {
    if (refuses(x))
      return SQLITE_IOERR_TRUNCATE;
    if (const int code = remember(x, size, INT32_MAX); code != SQLITE_OK)
      return code;
    return real(x)->pMethods->xTruncate(real(x), size);
  }
  /// Nothing has to survive but `cut_power`, so the file system is not asked to hurry.
  static int sync(sqlite3_file* x, int) {
    if (refuses(x))
      return SQLITE_IOERR_FSYNC;
    disk(x).unsynced.erase(*of(x).path);
    return SQLITE_OK;
  }
  static int size(sqlite3_file* x, sqlite3_int64* to) {
    return real(x)->pMethods->xFileSize(real(x), to);
  }
  static int lock(sqlite3_file* x, int level) { return real(x)->pMethods->xLock(real(x), level); }
  static int unlock(sqlite3_file* x, int level) {
    return real(x)->pMethods->xUnlock(real(x), level);
  }
  static int check_lock(sqlite3_file* x, int* to) {
    return real(x)->pMethods->xCheckReservedLock(real(x), to);
  }
  static int control(sqlite3_file* x, int what, void* with) {
    return real(x)->pMethods->xFileControl(real(x), what, with);
  }
  static int sector_size(sqlite3_file* x) { return real(x)->pMethods->xSectorSize(real(x)); }
  static int traits(sqlite3_file* x) { return real(x)->pMethods->xDeviceCharacteristics(real(x)); }
  static int map_shared(sqlite3_file* x, int page, int size, int extend, void volatile** to) {
    return real(x)->pMethods->xShmMap(real(x), page, size, extend, to);
  }
  static int lock_shared(sqlite3_file* x, int at, int count, int flags) {
    return real(x)->pMethods->xShmLock(real(x), at, count, flags);
  }
  static void fence_shared(sqlite3_file* x) { real(x)->pMethods->xShmBarrier(real(x)); }
  static int unmap_shared(sqlite3_file* x, int forget) {
    return real(x)->pMethods->xShmUnmap(real(x), forget);
  }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* x, int flags, int* out_flags) {
    // Version 2: shared memory for the log's index, but no pages mapped past these functions.
    static const sqlite3_io_methods methods{2, close, read, write, truncate, sync, size, lock, unlock,
                                            check_lock, control, sector_size, traits, map_shared,
                                            lock_shared, fence_shared, unmap_shared, nullptr,
                                            nullptr};
    auto& disk = *static_cast<state*>(vfs->pAppData);
    auto& file = *new (x) faulty_file{};
    file.real = reinterpret_cast<sqlite3_file*>(&file + 1);
    const int code = disk.real->xOpen(disk.real, path, file.real, flags, out_flags);
    if (code != SQLITE_OK)
      return code;  // without methods it is not closed either
    file.disk = &disk;
    file.path = new std::string{path == nullptr ? "" : path};
    file.base.pMethods = &methods;
    return SQLITE_OK;
  }
  static int remove(sqlite3_vfs* vfs, const char* path, int durably) {
    auto& disk = *static_cast<state*>(vfs->pAppData);
    if (disk.refuses(path))
      return SQLITE_IOERR_DELETE;
    disk.unsynced.erase(path);
    return disk.real->xDelete(disk.real, path, durably);
  }
};

faulty_disk::faulty_disk() : state_(std::make_unique<state>()) {
  auto& x = *state_;
  x.real = sqlite3_vfs_find(nullptr);
  x.name = "faulty-" + std::to_string(reinterpret_cast<std::uintptr_t>(&x));
  x.vfs = *x.real;
  x.vfs.pNext = nullptr;
  x.vfs.zName = x.name.c_str();
  x.vfs.szOsFile = static_cast<int>(sizeof(faulty_file)) + x.real->szOsFile;
  x.vfs.pAppData = &x;
  x.vfs.xOpen = faulty_files::open;
  x.vfs.xDelete = faulty_files::remove;
  sqlite3_vfs_register(&x.vfs, 0);
}

faulty_disk::~faulty_disk() { sqlite3_vfs_unregister(&state_->vfs); }

const std::string& faulty_disk::name() const { return state_->name; }

void faulty_disk::fail(const std::string& path, std::uint64_t after) {
  auto& x = state_->counts[path];
  x.fails_from = x.done + after;
}

void faulty_disk::mend(const std::string& path) { state_->counts[path].fails_from.reset(); }

void faulty_disk::cut_power(const std::string& path) {
  for (const auto& file : {path, path + "-wal"}) {
    auto node = state_->unsynced.extract(file);
    const int handle = node ? ::open(file.c_str(), O_WRONLY | O_CLOEXEC) : -1;
    if (handle < 0)
      continue;  // nothing to take back
    auto& changes = node.mapped();
    for (auto x = changes.rbegin(); x != changes.rend(); ++x) {
      (void)!::ftruncate(handle, x->size);
      (void)!::pwrite(handle, x->bytes.data(), x->bytes.size(), x->at);
    }
    ::close(handle);
  }
}

std::uint64_t faulty_disk::operations(const std::string& path) const {
  const auto found = state_->counts.find(path);
  return found == state_->counts.end() ? 0 : found->second.done;
}

}  // namespace datagen::storage
