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
