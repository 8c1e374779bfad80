// What protects an author from signing a round twice when its disk forgets, and what a replaced
// committee's blocks leave behind.

#include "tests/actors/storage/support.hpp"

using namespace datagen::storage;

namespace {

write_batch own(std::uint64_t round) {
  write_batch batch;
  batch.vertices.push_back(own_vertex(round, round));
  return batch;
}

}  // namespace

TEST_CASE(
  "own mark: a database that was lost, or put back from a copy, is noticed until it has caught "
  "up") {
  scratch_directory dir;
  {
    auto db = open_in(dir);
    REQUIRE(db.commit(own(1)));
    REQUIRE(db.commit(own(2)));
    CHECK_FALSE(*db.forgotten(0));
  }
  CHECK_FALSE(*open_in(dir).forgotten(0));
  for (const auto* end : {"", "-wal", "-shm"})
    std::filesystem::remove(dir.database() + end);
  auto db = open_in(dir);
  REQUIRE(*db.forgotten(0));
  CHECK((*db.forgotten(0))->round == 2);
  CHECK_FALSE(*db.forgotten(1));  // the other chain's author lost nothing
  REQUIRE(db.commit(own(1)));
  CHECK(*db.forgotten(0));
  REQUIRE(db.commit(own(3)));
  CHECK_FALSE(*db.forgotten(0));
}

TEST_CASE(
  "chain cut: what a replaced committee ordered is gone, and another block may take its height") {
  scratch_directory dir;
  auto db = open_in(dir);
  write_batch batch;
  for (std::uint64_t height = 1; height <= 4; ++height) {
    batch.commits.push_back(
      {.chain = 1, .height = height, .id = {{static_cast<std::uint8_t>(height)}}});
    batch.certificates.push_back({1, height, {1}});
    batch.snapshots.push_back({1, height, {1}});
  }
  batch.commits.push_back({.chain = 0, .height = 4, .id = {{9}}});
  REQUIRE(db.commit(batch));
  write_batch cut;
  cut.cuts.push_back({1, 2});
  cut.commits.push_back({.chain = 1, .height = 3, .id = {{77}}});
  REQUIRE(db.commit(cut));
  CHECK((*db.last_commit(1))->id.value[0] == 77);
  CHECK((*db.last_certificate(1))->height == 2);
  CHECK((*db.snapshot_below(1, 100)) == std::nullopt);  // only the newest two were kept: 3 and 4
  CHECK((*db.last_commit(0))->height == 4);
}

TEST_CASE(
  "snapshots: the store keeps the newest two, and those from where its chain may go back to on") {
  scratch_directory dir;
  auto db = open_in(dir);
  const auto kept = [&] {
    std::vector<std::uint64_t> result;
    for (std::uint64_t height = 100; height > 0;)
      if (const auto found = *db.snapshot_below(1, height)) {
        result.push_back(found->height);
        height = found->height - 1;
      } else {
        break;
      }
    return result;
  };
  const auto write = [&](std::uint64_t height, std::uint64_t back_to) {
    write_batch batch;
    batch.snapshots.push_back({1, height, {1}, back_to});
    REQUIRE(db.commit(batch));
    return kept();
  };
  using heights = std::vector<std::uint64_t>;
  CHECK(write(10, 0) == heights{10});
  CHECK(write(20, 12) == heights{20, 10});
  CHECK(write(30, 12) == heights{30, 20, 10});
  CHECK(write(40, 12) == heights{40, 30, 20, 10});
  CHECK(write(50, 25) == heights{50, 40, 30, 20});
  CHECK(write(60, 60) == heights{60, 50});
}
