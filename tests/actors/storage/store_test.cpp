#include "tests/actors/storage/support.hpp"

using namespace datagen::storage;

TEST_CASE("store: a reopened database finds one row of every table as it was written") {
  scratch_directory dir;
  {
    auto db = open_in(dir);
    write_batch batch;
    batch.vertices = {{1, 2, 3, 4, number_digest(5), true, {6, 7}}};
    batch.commits = {{1, 9, number_digest(10), {11}, number_digest(12), 13}};
    batch.certificates = {{1, 9, {14}}};
    batch.snapshots = {{1, 9, {15}}};
    batch.receipts = {{number_digest(16), 1, 2, {17}}};
    batch.records = {{"nonce", {18}, bytes{19}}, {"empty", {}, bytes{}}};
    batch.blobs = {{number_digest(20), 21, 22, {23}}};
    batch.events = {{1, {9, 0}, "slash", {24}, {25}}};
    REQUIRE(db.commit(batch));
  }
  auto db = open_in(dir);
  const auto vertex = **db.last_own_vertex(1);
  CHECK(vertex.epoch == 2);
  CHECK(vertex.round == 3);
  CHECK(vertex.author == 4);
  CHECK(vertex.body == bytes{6, 7});
  CHECK((*db.vertex(number_digest(5)))->own);
  const auto commit = **db.last_commit(1);
  CHECK(commit.id == number_digest(10));
  CHECK(commit.block == bytes{11});
  CHECK(commit.state_root == number_digest(12));
  CHECK(commit.time_ms == 13);
  CHECK((*db.commit_by_digest(number_digest(10)))->height == 9);
  CHECK((*db.commit_at(1, 9))->id == number_digest(10));
  CHECK((*db.certificate_at(1, 9))->body == bytes{14});
  CHECK((*db.last_certificate(1))->height == 9);
  CHECK((*db.latest_snapshot(1))->state == bytes{15});
  CHECK((*db.receipt(number_digest(16), 1))->body == bytes{17});
  CHECK((*db.receipts_in(2, 10)).size() == 1);
  CHECK(**db.record("nonce", {18}) == bytes{19});
  CHECK(**db.record("empty", {}) == bytes{});
  CHECK((*db.blob(number_digest(20)))->expires_at_ms == 22);
  CHECK(db.blob_bytes() == 1);
  CHECK(db.events({.chain = 1})->events.at(0).kind == "slash");
  CHECK(db.verify());
}

TEST_CASE("store: what was never written is absent, and not an error") {
  auto db = open_store({.path = ":memory:"});
  CHECK_FALSE(db.vertex(number_digest(1))->has_value());
  CHECK_FALSE(db.last_own_vertex(0)->has_value());
  CHECK_FALSE(db.last_commit(0)->has_value());
  CHECK_FALSE(db.latest_snapshot(0)->has_value());
  CHECK_FALSE(db.record("nonce", {})->has_value());
  CHECK(db.events({})->events.empty());
}

TEST_CASE("vertices: those above a round come by round and author, of one chain and epoch only") {
  auto db = open_store({.path = ":memory:"});
  write_batch batch;
  batch.vertices = {
    {0, 1, 6, 1, number_digest(4), false, {}}, {0, 1, 5, 2, number_digest(3), false, {}},
    {0, 1, 5, 0, number_digest(2), false, {}}, {0, 1, 4, 0, number_digest(1), false, {}},
    {1, 1, 5, 0, number_digest(8), false, {}}, {0, 2, 5, 0, number_digest(9), false, {}}};
  REQUIRE(db.commit(batch));
  const auto rows = *db.vertices_above(0, 1, 4);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].id == number_digest(2));
  CHECK(rows[1].id == number_digest(3));
  CHECK(rows[2].id == number_digest(4));
}

TEST_CASE("vertices: a second own vertex of a round is refused for good, the same one is not") {
  auto db = open_store({.path = ":memory:"});
  write_batch first{.vertices = {own_vertex(7, 1)}};
  REQUIRE(db.commit(first));
  CHECK(db.commit(first));
  write_batch twin{.vertices = {own_vertex(7, 2)}};
  const auto answer = db.commit(twin);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == fault::failed);
  CHECK(db.dead());
  CHECK_FALSE(db.vertex(number_digest(2))->has_value());
}

TEST_CASE("vertices: another author's twins are both kept") {
  auto db = open_store({.path = ":memory:"});
  write_batch batch;
  batch.vertices = {{0, 0, 7, 3, number_digest(1), false, {}},
                    {0, 0, 7, 3, number_digest(2), false, {}}};
  REQUIRE(db.commit(batch));
  CHECK(db.vertices_above(0, 0, 6)->size() == 2);
}

TEST_CASE("vertices: pruning takes older epochs and rounds but leaves the newest own vertex") {
  auto db = open_store({.path = ":memory:"});
  write_batch batch;
  for (std::uint64_t round = 1; round <= 5; ++round) {
    batch.vertices.push_back(own_vertex(round, round));
    batch.vertices.push_back({0, 0, round, 9, number_digest(100 + round), false, {}});
  }
  REQUIRE(db.commit(batch));
  REQUIRE(db.commit({.prunes = {{.chain = 0, .epoch = 0, .round = 3}}}));
  CHECK(db.vertices_above(0, 0, 0)->size() == 4);
  REQUIRE(db.commit({.prunes = {{.chain = 0, .epoch = 1, .round = 0}}}));
  CHECK(db.vertices_above(0, 0, 0)->size() == 1);
  CHECK((*db.last_own_vertex(0))->round == 5);
}

TEST_CASE("commits: replaying a height is a no-op, its state root is filled in once") {
  auto db = open_store({.path = ":memory:"});
  const stored_commit unexecuted{0, 1, number_digest(1), {1}, {}, 5};
  auto executed = unexecuted;
  executed.state_root = number_digest(7);
  REQUIRE(db.commit({.commits = {unexecuted}}));
  REQUIRE(db.commit({.commits = {executed}}));
  REQUIRE(db.commit({.commits = {unexecuted}}));
  CHECK((*db.commit_at(0, 1))->state_root == number_digest(7));
  auto diverged = executed;
  diverged.state_root = number_digest(8);
  const auto answer = db.commit({.commits = {diverged}});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().sentence.find("diverged") != std::string::npos);
  CHECK(db.dead());
}

TEST_CASE("commits: a range answers in the order asked and stops at its limit") {
  auto db = open_store({.path = ":memory:"});
  write_batch batch;
  for (std::uint64_t height = 1; height <= 9; ++height)
    batch.commits.push_back({0, height, number_digest(height), {}, {}, 0});
  REQUIRE(db.commit(batch));
  const auto down = *db.commits({.chain = 0, .height_max = 8, .limit = 3});
  REQUIRE(down.size() == 3);
  CHECK(down[0].height == 8);
  const auto up = *db.commits({.height_min = 4, .direction = order::ascending, .limit = 2});
  CHECK(up.at(0).height == 4);
  CHECK(up.at(1).height == 5);
}

TEST_CASE("snapshots: the newest two of each chain stay, whatever order they came in") {
  scratch_directory dir;
  auto db = open_in(dir);
  for (std::uint64_t height : {10, 30, 20, 5})
    REQUIRE(db.commit({.snapshots = {{0, height, number_bytes(height)}}}));
  REQUIRE(db.commit({.snapshots = {{1, 1, {}}}}));
  CHECK((*db.latest_snapshot(0))->height == 30);
  CHECK((*db.latest_snapshot(0))->state == number_bytes(30));
  CHECK((*db.latest_snapshot(1))->height == 1);
}

TEST_CASE("receipts: a new state replaces the old one of the same attempt only") {
  auto db = open_store({.path = ":memory:"});
  REQUIRE(db.commit({.receipts = {{number_digest(1), 0, 1, {1}}, {number_digest(1), 1, 1, {2}}}}));
  REQUIRE(db.commit({.receipts = {{number_digest(1), 0, 2, {3}}}}));
  const auto all = *db.receipts_of(number_digest(1));
  REQUIRE(all.size() == 2);
  CHECK(all[0].state == 2);
  CHECK(all[0].body == bytes{3});
  CHECK(all[1].state == 1);
  CHECK(db.receipts_in(1, 10)->size() == 1);
}
