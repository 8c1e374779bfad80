#pragma once
// A note beside the database of how far its author has signed, so that a lost database, or one that
// was put back from a backup, is noticed before it signs a round twice (consensus.md 2.12).

#include "actors/storage/result.hpp"
#include "actors/storage/rows.hpp"

#include <array>
#include <string>

namespace datagen::storage {

/// A place in an author's own sequence of vertices.
struct own_place {
  std::uint64_t epoch = 0;
  std::uint64_t round = 0;  ///< 0: none yet.
  friend auto operator<=>(const own_place&, const own_place&) = default;
};

/// Written behind each commit without an fsync: after a power cut it may lag behind the database,
/// never lead, and a lagging one only fails to warn.
class own_mark {
public:
  own_mark() = default;
  static result<own_mark> open(const std::string& path);
  own_mark(own_mark&& other) noexcept;
  own_mark& operator=(own_mark&& other) noexcept;
  ~own_mark();

  /// Notes the own vertices of a committed batch. @returns false when the disk refuses.
  bool raise(const write_batch& batch);
  const own_place& at(std::uint8_t chain) const { return places_.at(chain); }

private:
  static constexpr std::size_t chains = 2;
  int file_ = -1;
  std::array<own_place, chains> places_{};
};

}  // namespace datagen::storage
