#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace datagen::tools {

/// A peer of `search.bm25`: SQLite's FTS5 in memory, tokenizer `ascii` (the same words), its own
/// bm25() as rank. Throws std::runtime_error with SQLite's sentence.
class fts5_index {
public:
  explicit fts5_index(const std::vector<std::string>& documents);
  ~fts5_index();
  fts5_index(const fts5_index&) = delete;
  fts5_index& operator=(const fts5_index&) = delete;

  /// Numbers of the best documents that hold any of `words`, best first.
  std::vector<std::uint32_t> best(const std::vector<std::string>& words, int count);

private:
  void check(int code) const;

  sqlite3* database_ = nullptr;
  sqlite3_stmt* query_ = nullptr;
};

}  // namespace datagen::tools
