// What must hold when things go wrong: crashes, full disks, second processes, newer programs.

#include "tests/actors/storage/support.hpp"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <fstream>
#include <thread>

using namespace datagen::storage;

namespace {

/// Commits n, n+1, … and tells each acknowledged number through the pipe, until it is killed.
[[noreturn]] void write_until_killed(const std::string& path, std::uint64_t n, int pipe) {
  auto opened = store::open({.path = path, .checkpoint_pages = 20});
  if (!opened)
    ::_exit(1);
  for (;; ++n) {
    auto batch = record_batch(n);
    batch.vertices.push_back(own_vertex(n, n));
    if (!opened->commit(batch) || ::write(pipe, &n, sizeof(n)) != sizeof(n))
      ::_exit(2);
  }
}

/// Runs the writer for `life_ms`, kills it, and returns the last acknowledged number.
std::uint64_t kill_a_writer(const std::string& path, std::uint64_t first, int life_ms) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0)
    write_until_killed(path, first, ends[1]);
  ::close(ends[1]);
  std::uint64_t acknowledged = 0;
  REQUIRE(::read(ends[0], &acknowledged, sizeof(acknowledged)) == sizeof(acknowledged));
  std::this_thread::sleep_for(std::chrono::milliseconds(life_ms));
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  while (::read(ends[0], &acknowledged, sizeof(acknowledged)) == sizeof(acknowledged)) {
  }
  ::close(ends[0]);
  return acknowledged;
}

}  // namespace

TEST_CASE("store: twenty writers killed by kill -9 lose no acknowledged batch and tear none") {
  scratch_directory dir;
  std::uint64_t next = 1;
  for (int life = 0; life < 20; ++life) {
    const auto acknowledged = kill_a_writer(dir.database(), next, 1 + 7 * life % 30);
    auto db = open_in(dir);
    const auto rows = *db.records("count", {}, 1'000'000);
    CHECK(rows.size() >= acknowledged);
    CHECK(rows.size() <= acknowledged + 1);  // the last commit may have lost its acknowledgement
    CHECK(rows.back().key == number_bytes(rows.size()));
    CHECK((*db.last_own_vertex(0))->round == rows.size());  // a batch is whole
    CHECK(db.verify());
    next = rows.size() + 1;
  }
  MESSAGE((next - 1), " batches over 20 lives");
}

TEST_CASE("store: a data directory in use refuses a second store with a sentence, then frees") {
  scratch_directory dir;
  {
    auto db = open_in(dir);
    const auto second = store::open({.path = dir.database()});
    REQUIRE_FALSE(second);
    CHECK(second.error().code == fault::in_use);
    CHECK(second.error().sentence.find("another datagen process") != std::string::npos);
    CHECK(db.commit(record_batch(1)));
  }
  CHECK(store::open({.path = dir.database()}));
}

TEST_CASE("store: a newer schema is refused and names both versions") {
  scratch_directory dir;
  { auto db = open_in(dir); }
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open(dir.database().c_str(), &raw) == SQLITE_OK);
  REQUIRE(sqlite3_exec(raw, "UPDATE schema SET version = 9", nullptr, nullptr, nullptr) == 0);
  sqlite3_close(raw);
  const auto opened = store::open({.path = dir.database()});
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == fault::newer_schema);
  CHECK(opened.error().sentence.find("version 9") != std::string::npos);
  CHECK(opened.error().sentence.find("up to 1") != std::string::npos);
}

TEST_CASE("store: files of other programs and missing directories are refused") {
  scratch_directory dir;
  std::ofstream{dir.database()} << std::string(8192, 'x');
  const auto garbage = store::open({.path = dir.database()});
  REQUIRE_FALSE(garbage);
  CHECK(garbage.error().code == fault::cannot_open);
  const auto missing = store::open({.path = dir.database() + "/no/such"});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == fault::cannot_open);
}

TEST_CASE("store: a full disk fails the batch whole, kills the handle, and loses nothing") {
  scratch_directory dir;
  std::uint64_t stored = 0;
  {
    auto db = open_store({.path = dir.database(), .page_count_max = 60});
    failure why;
    for (;;) {
      auto batch = record_batch(stored + 1);
      batch.blobs = {{number_digest(stored + 1), 0, 0, bytes(9000)}};
      if (auto put = db.commit(batch); !put) {
        why = put.error();
        break;
      }
      REQUIRE(++stored < 1000);
    }
    CHECK(why.code == fault::failed);
    CHECK(why.sentence.find("full") != std::string::npos);
    CHECK(db.dead());
    const auto later = db.commit(record_batch(stored + 1));
    REQUIRE_FALSE(later);
    CHECK(later.error().code == fault::dead);
    CHECK(db.records("count")->size() == stored);  // reads keep working
    CHECK(db.blob_bytes() == stored * 9000);
  }
  CHECK(stored > 0);
  auto db = open_in(dir);
  CHECK(db.records("count")->size() == stored);
  CHECK(db.verify());
  CHECK(db.commit(record_batch(stored + 1)));
}

TEST_CASE("store: the write-ahead log stays near its checkpoint bound over many commits") {
  scratch_directory dir;
  auto db = open_store({.path = dir.database(), .checkpoint_pages = 100});
  for (std::uint64_t n = 0; n < 500; ++n)
    REQUIRE(db.commit(record_batch(n)));
  CHECK(std::filesystem::file_size(dir.database() + "-wal") < 200 * 4120);
  REQUIRE(db.checkpoint());
  CHECK(std::filesystem::file_size(dir.database() + "-wal") == 0);
}

TEST_CASE("store: only its owner may read the database, its log and its lock") {
  scratch_directory dir;
  auto db = open_in(dir);
  REQUIRE(db.commit(record_batch(1)));
  for (const char* suffix : {"", "-wal", ".lock"}) {
    const auto mode = std::filesystem::status(dir.database() + suffix).permissions();
    CHECK((mode & std::filesystem::perms::mask) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  }
}
