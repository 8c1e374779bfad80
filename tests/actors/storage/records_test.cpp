#include "tests/actors/storage/support.hpp"

using namespace datagen::storage;

TEST_CASE("records: a scan keeps to its kind and prefix, in key order, and resumes after a key") {
  auto db = open_store({.path = ":memory:"});
  write_batch batch;
  batch.records = {{"a", {1, 2}, bytes{1}},
                   {"a", {1, 1}, bytes{2}},
                   {"a", {2}, bytes{3}},
                   {"b", {1, 1}, bytes{4}},
                   {"a", {255, 255}, bytes{5}}};
  REQUIRE(db.commit(batch));
  const auto ones = *db.records("a", {1});
  REQUIRE(ones.size() == 2);
  CHECK(ones[0].key == bytes{1, 1});
  CHECK(ones[1].key == bytes{1, 2});
  CHECK(db.records("a", {255})->size() == 1);
  CHECK(db.records("a", {3})->empty());
  const auto rest = *db.records("a", {}, 1, bytes{1, 2});
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].key == bytes{2});
}

TEST_CASE("records: within a batch the last write of a key counts") {
  auto db = open_store({.path = ":memory:"});
  write_batch batch;
  batch.records = {
    {"a", {1}, bytes{1}}, {"a", {1}, std::nullopt}, {"a", {2}, bytes{2}}, {"a", {2}, bytes{3}}};
  REQUIRE(db.commit(batch));
  CHECK_FALSE(db.record("a", {1})->has_value());
  CHECK(**db.record("a", {2}) == bytes{3});
}

TEST_CASE("records: a full kind refuses new keys, still replaces, and lets others in") {
  auto db = open_store({.path = ":memory:", .records_per_kind_max = 2});
  REQUIRE(db.commit({.records = {{"a", {1}, bytes{}}, {"a", {2}, bytes{}}}}));
  const auto answer = db.commit({.records = {{"a", {3}, bytes{}}}});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == fault::refused);
  CHECK_FALSE(db.dead());
  CHECK(db.commit({.records = {{"a", {2}, bytes{9}}}}));
  CHECK(db.commit({.records = {{"b", {3}, bytes{}}}}));
  REQUIRE(db.commit({.records = {{"a", {1}, std::nullopt}}}));
  CHECK(db.commit({.records = {{"a", {3}, bytes{}}}}));
}

TEST_CASE("blobs: the content store counts its bytes, refuses above its bound, expires on order") {
  scratch_directory dir;
  const store_config config{.path = dir.database(), .blob_bytes_max = 100};
  {
    auto db = open_store(config);
    REQUIRE(db.commit({.blobs = {{number_digest(1), 0, 10, bytes(60)}}}));
    REQUIRE(db.commit({.blobs = {{number_digest(2), 0, 30, bytes(40)}}}));
    const auto full = db.commit({.blobs = {{number_digest(3), 0, 10, bytes(1)}}});
    REQUIRE_FALSE(full);
    CHECK(full.error().code == fault::refused);
  }
  auto db = open_store(config);
  CHECK(db.blob_bytes() == 100);
  REQUIRE(db.commit({.expire_blobs_at_ms = 10}));
  CHECK(db.blob_bytes() == 40);
  CHECK_FALSE(db.blob(number_digest(1))->has_value());
  REQUIRE(db.commit({.blobs = {{number_digest(2), 5, 20, bytes(40)}}}));  // again: the longer time
  CHECK((*db.blob(number_digest(2)))->expires_at_ms == 30);
  CHECK(db.blob_bytes() == 40);
  REQUIRE(db.commit({.dropped_blobs = {number_digest(2), number_digest(9)}}));  // one is not there
  CHECK_FALSE(db.blob(number_digest(2))->has_value());
  CHECK(db.blob_bytes() == 0);
}

TEST_CASE("store: a value over the limit is refused with both figures and changes nothing") {
  auto db = open_store({.path = ":memory:", .value_bytes_max = 10});
  const auto answer = db.commit({.records = {{"a", {1}, bytes(1)}, {"a", {2}, bytes(11)}}});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == fault::refused);
  CHECK(answer.error().sentence == "a value of 11 bytes is over the limit of 10 bytes.");
  CHECK(db.records("a")->empty());
}

namespace {

store history() {
  auto db = open_store({.path = ":memory:"});
  write_batch batch;
  for (std::uint32_t i = 0; i < 30; ++i)
    batch.events.push_back({0,
                            {i / 3, i % 3},
                            i % 2 == 0 ? "pay" : "slash",
                            {i % 5 == 0 ? std::uint8_t{1} : std::uint8_t{2}},
                            {}});
  batch.events.push_back({1, {0, 0}, "pay", {1}, {}});
  REQUIRE(db.commit(batch));
  return db;
}

}  // namespace

TEST_CASE("events: following the cursor shows every event once, in both directions") {
  auto db = history();
  for (auto direction : {order::ascending, order::descending}) {
    std::vector<event_position> seen;
    event_query query{.direction = direction, .limit = 7};
    do {
      const auto page = *db.events(query);
      for (const auto& event : page.events)
        seen.push_back(event.position);
      query.after = page.next;
    } while (query.after);
    CHECK(seen.size() == 30);
    if (direction == order::descending)
      std::reverse(seen.begin(), seen.end());
    CHECK(std::is_sorted(seen.begin(), seen.end()));
    CHECK(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
  }
}

TEST_CASE("events: subject, kind and heights narrow a page together") {
  auto db = history();
  CHECK(db.events({.subject = bytes{1}})->events.size() == 6);
  CHECK(db.events({.subject = bytes{1}, .kind = "pay"})->events.size() == 3);
  CHECK(db.events({.kind = "slash", .height_min = 1, .height_max = 2})->events.size() == 3);
  CHECK(db.events({.subject = bytes{3}})->events.empty());
  CHECK_FALSE(db.events({.limit = 30})->next.has_value());
}
