#include "tools/bench/kernels/fts5_index.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace datagen::tools {

void fts5_index::check(int code) const {
  if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
    throw std::runtime_error(std::string("FTS5: ") + sqlite3_errmsg(database_));
}

fts5_index::fts5_index(const std::vector<std::string>& documents) {
  check(sqlite3_open(":memory:", &database_));
  const auto execute = [&](const char* sql) {
    check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr));
  };
  execute("create virtual table t using fts5(x, tokenize='ascii', content='')");
  execute("begin");
  sqlite3_stmt* insert = nullptr;
  check(
    sqlite3_prepare_v2(database_, "insert into t(rowid, x) values(?, ?)", -1, &insert, nullptr));
  for (std::size_t i = 0; i < documents.size(); ++i) {
    sqlite3_bind_int64(insert, 1, static_cast<sqlite3_int64>(i));
    sqlite3_bind_text(insert, 2, documents[i].data(), static_cast<int>(documents[i].size()),
                      SQLITE_STATIC);
    check(sqlite3_step(insert));
    check(sqlite3_reset(insert));
  }
  sqlite3_finalize(insert);
  execute("commit");
  execute("insert into t(t) values('optimize')");
  check(sqlite3_prepare_v2(database_, "select rowid from t where t match ? order by rank limit ?",
                           -1, &query_, nullptr));
}

fts5_index::~fts5_index() {
  sqlite3_finalize(query_);
  sqlite3_close(database_);
}

std::vector<std::uint32_t> fts5_index::best(const std::vector<std::string>& words, int count) {
  std::string match;
  for (const std::string& word : words)
    match += (match.empty() ? "\"" : " OR \"") + word + "\"";
  std::vector<std::uint32_t> out;
  if (match.empty())
    return out;
  sqlite3_bind_text(query_, 1, match.data(), static_cast<int>(match.size()), SQLITE_STATIC);
  sqlite3_bind_int(query_, 2, count);
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(query_)) == SQLITE_ROW)
    out.push_back(static_cast<std::uint32_t>(sqlite3_column_int64(query_, 0)));
  check(code);
  check(sqlite3_reset(query_));
  return out;
}

}  // namespace datagen::tools
