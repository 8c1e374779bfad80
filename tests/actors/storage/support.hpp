#pragma once
// A directory that disappears with its test, and short ways to make rows.

#include "actors/storage/store.hpp"

#include <doctest/doctest.h>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace datagen::storage {

struct scratch_directory {
  scratch_directory() {
    auto name = (std::filesystem::temp_directory_path() / "datagen-storage-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  std::string database() const { return (path / "node.db").string(); }
  std::filesystem::path path;
};

inline store open_store(store_config config) {
  auto opened = store::open(config);
  REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().sentence));
  return std::move(*opened);
}

inline store open_in(const scratch_directory& dir) { return open_store({.path = dir.database()}); }

/// A digest that counts.
inline digest number_digest(std::uint64_t n) {
  digest d;
  for (int i = 0; i < 8; ++i)
    d.value[31 - i] = static_cast<std::uint8_t>(n >> (8 * i));
  return d;
}

inline bytes number_bytes(std::uint64_t n) {
  const auto d = number_digest(n);
  return {d.value.begin() + 24, d.value.end()};
}

inline stored_vertex own_vertex(std::uint64_t round, std::uint64_t id) {
  return {.round = round, .id = number_digest(id), .own = true, .body = {1}};
}

inline write_batch record_batch(std::uint64_t n) {
  write_batch batch;
  batch.records.push_back({"count", number_bytes(n), bytes(200, 7)});
  return batch;
}

}  // namespace datagen::storage
