// Opening, committing, checkpointing. Queries are in queries.cpp, the writes of a batch in
// writes.cpp.

#include "actors/storage/schema.hpp"
#include "actors/storage/store_state.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

namespace datagen::storage {

bool write_batch::empty() const {
  return cuts.empty() && vertices.empty() && commits.empty() && certificates.empty() && snapshots.empty() &&
         receipts.empty() && records.empty() && dropped_blobs.empty() && !expire_blobs_at_ms && blobs.empty() &&
         events.empty() && prunes.empty();
}

result<directory_lock> directory_lock::take(const std::string& path) {
  directory_lock lock;
  lock.file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock.file_ < 0)
    return failure{fault::cannot_open, "cannot create " + path + ": " + std::strerror(errno)};
  if (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK)
      return failure{fault::in_use, path +
                                      " is held by another datagen process: stop it, or "
                                      "choose another data directory."};
    return failure{fault::cannot_open, "cannot lock " + path + ": " + std::strerror(errno)};
  }
  return lock;
}

directory_lock::~directory_lock() {
  if (file_ >= 0)
    ::close(file_);
}

namespace {

/// Creates the file readable by its owner alone; SQLite gives the WAL the same permissions.
result<done> create_private(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0)
    return failure{fault::cannot_open, "cannot create " + path + ": " + std::strerror(errno)};
  ::close(file);
  return done{};
}

/// Sets what every connection needs and reads back what safety rests on.
result<done> configure(database& db, const store_config& config) {
  auto text = std::string{
    "PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF;"
    "PRAGMA temp_store=MEMORY; PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864;"};
  if (config.page_count_max != 0)
    text += "PRAGMA max_page_count=" + std::to_string(config.page_count_max) + ";";
  if (auto set = db.script(text.c_str()); !set)
    return failure{fault::cannot_open,
                   "cannot configure " + config.path + ": " + set.error().sentence};
  const auto mode =
    db.select_one<std::string>("PRAGMA journal_mode", [](const row_view& r) { return r.text(0); });
  const auto sync = db.select_one<std::uint64_t>("PRAGMA synchronous",
                                                 [](const row_view& r) { return r.number(0); });
  const bool in_memory = config.path == ":memory:";
  if (!mode || !sync || sync->value_or(0) != 2 || (!in_memory && mode->value_or("") != "wal"))
    return failure{fault::cannot_open, "cannot switch " + config.path +
                                         " to write-ahead logging with full synchronisation."};
  return done{};
}

}  // namespace

store::store(std::unique_ptr<state> s) : state_(std::move(s)) {}
store::store(store&&) noexcept = default;
store& store::operator=(store&&) noexcept = default;

store::~store() {
  if (state_ && !dead())
    (void)state_->db->checkpoint(true);
}

result<store> store::open(const store_config& config) {
  auto opened = std::make_unique<state>();
  opened->config = config;
  if (config.path != ":memory:") {
    auto lock = directory_lock::take(config.path + ".lock");
    if (!lock)
      return lock.error();
    opened->lock = std::move(*lock);
    if (auto created = create_private(config.path); !created)
      return created.error();
    auto mark = own_mark::open(config.path + ".mark");
    if (!mark)
      return mark.error();
    opened->mark = std::move(*mark);
  }
  auto db = database::open(config.path, config.busy_timeout_ms, config.vfs);
  if (!db)
    return db.error();
  // The schema first: a database of another program is left as it is.
  if (auto prepared = prepare_schema(**db, config.path); !prepared)
    return prepared.error();
  if (auto configured = configure(**db, config); !configured)
    return configured.error();
  auto used = count_usage(**db);
  if (!used)
    return failure{fault::cannot_open, "cannot read " + config.path + ": " + used.error().sentence};
  opened->db = std::move(*db);
  opened->used = std::move(*used);
  return store{std::move(opened)};
}

failure store::state::die(const failure& why) {
  cause_of_death = "the store " + config.path + " takes no more writes: " + why.sentence;
  if (config.died)
    config.died(cause_of_death);
  return {fault::failed, cause_of_death};
}

bool store::dead() const { return !state_->cause_of_death.empty(); }

result<std::optional<own_place>> store::forgotten(std::uint8_t chain) {
  const auto last = last_own_vertex(chain);
  if (!last)
    return last.error();
  const auto held = *last ? own_place{(*last)->epoch, (*last)->round} : own_place{};
  const auto& marked = state_->mark.at(chain);
  return held < marked ? std::optional{marked} : std::nullopt;
}

std::uint64_t store::blob_bytes() const { return state_->used.blob_bytes; }

result<done> store::commit(const write_batch& batch) {
  auto& s = *state_;
  if (dead())
    return failure{fault::dead, s.cause_of_death};
  if (batch.empty())
    return done{};
  if (auto checked = check(*s.db, s.config, s.used, batch); !checked)
    return checked;
  auto die = [&](const failure& why) -> failure {
    if (s.db->in_transaction())
      (void)s.db->script("ROLLBACK");
    return s.die(why);
  };
  auto used = s.used;
  if (auto begun = s.db->execute("BEGIN IMMEDIATE"); !begun)
    return die(begun.error());
  if (auto applied = apply(*s.db, used, batch); !applied)
    return die(applied.error());
  if (auto committed = s.db->execute("COMMIT"); !committed)
    return die(committed.error());
  s.used = std::move(used);
  if (!s.mark.raise(batch))
    return die({fault::failed, "cannot write the mark beside it: " + std::string{std::strerror(errno)}});
  if (s.config.totals) {
    ++s.config.totals->commits;
    s.config.totals->receipts += batch.receipts.size();
    s.config.totals->vertices += batch.vertices.size();
  }
  if (static_cast<std::uint32_t>(s.db->wal_pages()) >= s.config.checkpoint_pages)
    if (auto moved = s.db->checkpoint(false); !moved)
      (void)die(moved.error());  // the batch itself is durable; the next write is refused
  return done{};
}

result<done> store::checkpoint() {
  auto& s = *state_;
  if (dead())
    return failure{fault::dead, s.cause_of_death};
  auto moved = s.db->checkpoint(true);
  if (!moved)
    (void)s.die(moved.error());
  return moved;
}

result<done> store::verify() {
  const auto answer = state_->db->select_one<std::string>(
    "PRAGMA quick_check(1)", [](const row_view& r) { return r.text(0); });
  if (!answer)
    return answer.error();
  if (answer->value_or("") != "ok")
    return failure{fault::failed, state_->config.path + " is damaged: " + answer->value_or("")};
  return done{};
}

}  // namespace datagen::storage
