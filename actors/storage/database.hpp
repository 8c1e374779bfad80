#pragma once
// One SQLite connection with cached statements. Private to this folder, and to the benchmark that
// keeps balances in plain SQL, and a test that looks on.

#include "actors/storage/result.hpp"
#include "protocol/types.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace datagen::storage {

using protocol::byte_view;
using protocol::bytes;

/// The columns of the current row; valid until the next step.
class row_view {
public:
  explicit row_view(sqlite3_stmt* s) : statement_(s) {}
  std::uint64_t number(int column) const;
  std::string text(int column) const;
  bytes blob(int column) const;
  template <class Fixed>
  Fixed fixed(int column) const {
    Fixed result;
    const auto raw = view(column);
    if (raw.size() == Fixed::size)
      std::copy(raw.begin(), raw.end(), result.value.begin());
    return result;
  }

private:
  byte_view view(int column) const;
  sqlite3_stmt* statement_;
};

class database {
public:
  /// @pre `path` is ":memory:" or a file that may be created.
  /// @param vfs how SQLite reaches its files; empty: as the system offers them
  static result<std::unique_ptr<database>> open(const std::string& path, std::uint32_t busy_ms,
                                                const std::string& vfs = {});
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  /// Runs one statement; arguments are integers, strings and byte views, bound without a copy.
  template <class... Args>
  result<done> execute(std::string_view sql, const Args&... args) {
    return select<done>(
             sql, [](const row_view&) { return done{}; }, args...)
             ? result<done>{done{}}
             : fail();
  }

  /// Runs one query and reads each row.
  template <class Row, class Reader, class... Args>
  result<std::vector<Row>> select(std::string_view sql, Reader read, const Args&... args) {
    auto* statement = prepare(sql);
    int column = 0;
    if (statement == nullptr || !(bind(statement, ++column, args) && ...)) {
      release(statement);
      return fail();
    }
    std::vector<Row> rows;
    while (step(statement))
      rows.push_back(read(row_view{statement}));
    release(statement);
    if (failed_)
      return fail();
    return rows;
  }

  /// As `select`, for queries of at most one row.
  template <class Row, class Reader, class... Args>
  result<std::optional<Row>> select_one(std::string_view sql, Reader read, const Args&... args) {
    auto rows = select<Row>(sql, read, args...);
    if (!rows)
      return rows.error();
    return rows->empty() ? std::optional<Row>{} : std::optional<Row>{std::move(rows->front())};
  }

  /// Several statements without arguments.
  result<done> script(const char* sql);
  /// Rows changed by the last insert, update or delete.
  int changes() const;
  bool in_transaction() const;
  /// Pages in the WAL after the last commit.
  int wal_pages() const { return wal_pages_; }
  result<done> checkpoint(bool truncate);

private:
  explicit database(sqlite3* handle);
  sqlite3_stmt* prepare(std::string_view sql);
  void release(sqlite3_stmt* statement);
  bool step(sqlite3_stmt* statement);
  bool bind(sqlite3_stmt* statement, int column, std::uint64_t x);
  bool bind(sqlite3_stmt* statement, int column, std::string_view x);
  bool bind(sqlite3_stmt* statement, int column, byte_view x);
  failure fail();

  sqlite3* handle_;
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
  bool failed_ = false;
  int wal_pages_ = 0;
  std::string reason_;
};

}  // namespace datagen::storage
