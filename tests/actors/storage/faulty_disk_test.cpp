// Disks that fail at any write, and power that is cut at any time: what was acknowledged is kept.
#include "actors/storage/faulty_disk.hpp"

#include "actors/storage/database.hpp"
#include "tests/actors/storage/support.hpp"

using namespace datagen::storage;

namespace {

constexpr std::uint64_t batches = 12;

struct life {
  std::uint64_t acknowledged = 0;
  std::uint64_t deaths_told = 0;
};

/// Commits up to `batches` numbers on a disk that fails after `operations` more.
life live(const std::string& path, faulty_disk& disk, std::uint64_t operations) {
  life x;
  auto db = open_store({.path = path,
                        .checkpoint_pages = 6,  // so that the database itself is written as well
                        .vfs = disk.name(),
                        .died = [&](const std::string&) { ++x.deaths_told; }});
  disk.fail(path, operations);
  while (x.acknowledged < batches) {
    auto batch = record_batch(x.acknowledged + 1);
    batch.vertices.push_back(own_vertex(x.acknowledged + 1, x.acknowledged + 1));
    if (!db.commit(batch))
      break;
    ++x.acknowledged;
  }
  CHECK(db.dead() == (x.deaths_told == 1));
  CHECK(db.records("count"));  // reads keep working
  if (db.dead())
    CHECK(db.commit(record_batch(99)).error().code == fault::dead);
  return x;
}

}  // namespace

TEST_CASE("store: at whichever write or synchronisation the disk fails, and the power with it, every "
          "acknowledged batch is kept and no other") {
  std::uint64_t failures = 0;
  for (std::uint64_t operations = 0;; ++operations) {
    scratch_directory dir;
    faulty_disk disk;
    const auto x = live(dir.database(), disk, operations);
    disk.cut_power(dir.database());
    disk.mend(dir.database());
    {
      auto db = open_store({.path = dir.database(), .vfs = disk.name()});
      CHECK(db.records("count")->size() == x.acknowledged);
      CHECK(db.verify());
      const auto last = *db.last_own_vertex(0);
      CHECK((last ? last->round : 0) == x.acknowledged);
      CHECK(db.commit(record_batch(x.acknowledged + 1)));
    }
    failures += x.deaths_told;
    if (x.deaths_told == 0)
      break;
    REQUIRE(operations < 1'000);
  }
  CHECK(failures > batches);
  MESSAGE(failures, " operations that failed, one after the other");
}

TEST_CASE("faulty disk: without synchronisation a power cut takes what was committed") {
  scratch_directory dir;
  faulty_disk disk;
  const auto rows = [&] {
    auto db = database::open(dir.database(), 100, disk.name());
    REQUIRE(db);
    return (*db)->select<int>("SELECT n FROM counts", [](const row_view&) { return 0; })->size();
  };
  {
    auto db = database::open(dir.database(), 100, disk.name());
    REQUIRE(db);
    REQUIRE((*db)->script("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE counts(n);"
                          "INSERT INTO counts VALUES(1); PRAGMA synchronous=OFF;"
                          "INSERT INTO counts VALUES(2);"));
    disk.fail(dir.database());  // so that closing it writes nothing more
  }
  disk.cut_power(dir.database());
  disk.mend(dir.database());
  CHECK(rows() == 1);
}

TEST_CASE("faulty disk: other databases on it are written as before") {
  scratch_directory dir;
  faulty_disk disk;
  const auto other = (dir.path / "other.db").string();
  auto sound = open_store({.path = other, .vfs = disk.name()});
  auto broken = open_store({.path = dir.database(), .vfs = disk.name()});
  disk.fail(dir.database());
  CHECK_FALSE(broken.commit(record_batch(1)));
  CHECK(sound.commit(record_batch(1)));
  CHECK(disk.operations(other) > 0);
}
