#include "actors/storage/database.hpp"

#include <sqlite3.h>

namespace datagen::storage {

std::uint64_t row_view::number(int column) const {
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement_, column));
}

byte_view row_view::view(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return {data, data == nullptr ? 0 : size};
}

std::string row_view::text(int column) const {
  const auto raw = view(column);
  return {raw.begin(), raw.end()};
}

bytes row_view::blob(int column) const {
  const auto raw = view(column);
  return {raw.begin(), raw.end()};
}

database::database(sqlite3* handle) : handle_(handle) {
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // Replaces SQLite's automatic checkpoints: the writer decides when to pay for one.
  sqlite3_wal_hook(
    handle_,
    [](void* pages, sqlite3*, const char*, int count) {
      *static_cast<int*>(pages) = count;
      return SQLITE_OK;
    },
    &wal_pages_);
}

database::~database() {
  for (auto& [sql, statement] : statements_)
    sqlite3_finalize(statement);
  sqlite3_close_v2(handle_);
}

result<std::unique_ptr<database>> database::open(const std::string& path, std::uint32_t busy_ms,
                                                 const std::string& vfs) {
  // Nobody asks for SQLite's count of its own memory, and every allocation would lock it.
  static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)uncounted;  // refused where another part of the process uses SQLite already
  sqlite3* handle = nullptr;
  const int flags =
    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  if (const int code = sqlite3_open_v2(path.c_str(), &handle, flags,
                                       vfs.empty() ? nullptr : vfs.c_str());
      code != SQLITE_OK) {
    sqlite3_close_v2(handle);
    return failure{fault::cannot_open, "cannot open " + path + ": " + sqlite3_errstr(code)};
  }
  sqlite3_busy_timeout(handle, static_cast<int>(busy_ms));
  return std::unique_ptr<database>{new database{handle}};
}

result<done> database::script(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure{fault::failed, sqlite3_errmsg(handle_)};
  return done{};
}

int database::changes() const { return sqlite3_changes(handle_); }

bool database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

result<done> database::checkpoint(bool truncate) {
  const int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, mode, nullptr, nullptr);
  // Busy: a reader still looks at old pages. The next checkpoint takes them.
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
    return failure{fault::failed, sqlite3_errmsg(handle_)};
  return done{};
}

sqlite3_stmt* database::prepare(std::string_view sql) {
  failed_ = false;
  if (auto found = statements_.find(sql); found != statements_.end())
    return found->second;
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) {
    reason_ = sqlite3_errmsg(handle_);
    failed_ = true;
    return nullptr;
  }
  statements_.emplace(sql, statement);
  return statement;
}

void database::release(sqlite3_stmt* statement) {
  if (statement == nullptr)
    return;
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);  // the bound bytes are the caller's
}

bool database::step(sqlite3_stmt* statement) {
  const int code = sqlite3_step(statement);
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    reason_ = sqlite3_errmsg(handle_);
    failed_ = true;
  }
  return code == SQLITE_ROW;
}

bool database::bind(sqlite3_stmt* statement, int column, std::uint64_t x) {
  if (x > INT64_MAX) {
    reason_ = "the number " + std::to_string(x) + " does not fit 63 bits";
    failed_ = true;
    return false;
  }
  return sqlite3_bind_int64(statement, column, static_cast<sqlite3_int64>(x)) == SQLITE_OK;
}

bool database::bind(sqlite3_stmt* statement, int column, std::string_view x) {
  return sqlite3_bind_text64(statement, column, x.empty() ? "" : x.data(), x.size(), SQLITE_STATIC,
                             SQLITE_UTF8) == SQLITE_OK;
}

bool database::bind(sqlite3_stmt* statement, int column, byte_view x) {
  const void* data = x.empty() ? static_cast<const void*>("") : x.data();
  return sqlite3_bind_blob64(statement, column, data, x.size(), SQLITE_STATIC) == SQLITE_OK;
}

failure database::fail() {
  if (!failed_)
    reason_ = sqlite3_errmsg(handle_);
  return {fault::failed, reason_};
}

}  // namespace datagen::storage
