#include "actors/storage/schema.hpp"

namespace datagen::storage {

namespace {

// Tables with large bodies keep a row id (short b-tree keys); small ones go without.
constexpr const char* tables = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE schema(version INTEGER NOT NULL);
CREATE TABLE vertices(
  chain INTEGER NOT NULL, epoch INTEGER NOT NULL, round INTEGER NOT NULL, author INTEGER NOT NULL,
  digest BLOB NOT NULL PRIMARY KEY, own INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX vertices_by_round ON vertices(chain, epoch, round, author, digest);
CREATE UNIQUE INDEX vertices_own_once ON vertices(chain, epoch, round) WHERE own = 1;
CREATE TABLE commits(
  chain INTEGER NOT NULL, height INTEGER NOT NULL, digest BLOB NOT NULL UNIQUE,
  block BLOB NOT NULL, state_root BLOB NOT NULL, time_ms INTEGER NOT NULL,
  PRIMARY KEY(chain, height));
CREATE TABLE certificates(
  chain INTEGER NOT NULL, height INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY(chain, height));
CREATE TABLE snapshots(
  chain INTEGER NOT NULL, height INTEGER NOT NULL, state BLOB NOT NULL, PRIMARY KEY(chain, height));
CREATE TABLE receipts(
  job BLOB NOT NULL, attempt INTEGER NOT NULL, state INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY(job, attempt));
CREATE INDEX receipts_by_state ON receipts(state, job, attempt);
CREATE TABLE records(
  kind TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID;
CREATE TABLE blobs(
  digest BLOB NOT NULL PRIMARY KEY, size INTEGER NOT NULL, stored_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX blobs_by_expiry ON blobs(expires_at_ms, size);
CREATE TABLE events(
  chain INTEGER NOT NULL, height INTEGER NOT NULL, position INTEGER NOT NULL,
  kind TEXT NOT NULL, subject BLOB NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY(chain, height, position)) WITHOUT ROWID;
CREATE INDEX events_by_subject ON events(chain, subject, height, position);
CREATE INDEX events_by_kind ON events(chain, kind, height, position);
)sql";

result<std::uint64_t> read_number(database& db, std::string_view sql) {
  auto row = db.select_one<std::uint64_t>(sql, [](const row_view& r) { return r.number(0); });
  if (!row)
    return row.error();
  return row->value_or(0);
}

result<done> create(database& db, const std::string& path) {
  std::string text = tables;
  text += "INSERT INTO schema VALUES(" + std::to_string(schema_version) + ");";
  text += "PRAGMA application_id = " + std::to_string(application_id) + ";COMMIT;";
  if (auto created = db.script(text.c_str()); !created) {
    if (db.in_transaction())
      (void)db.script("ROLLBACK");
    return failure{fault::cannot_open,
                   "cannot create the tables in " + path + ": " + created.error().sentence};
  }
  return done{};
}

}  // namespace

result<done> prepare_schema(database& db, const std::string& path) {
  const auto objects = read_number(db, "SELECT count(*) FROM sqlite_schema");
  if (!objects)
    return failure{fault::cannot_open, "cannot read " + path + ": " + objects.error().sentence};
  if (*objects == 0)
    return create(db, path);
  const auto application = read_number(db, "PRAGMA application_id");
  if (!application || *application != application_id)
    return failure{fault::cannot_open, path + " is a database of another program, not of Datagen."};
  const auto version = read_number(db, "SELECT version FROM schema");
  if (!version)
    return failure{fault::cannot_open,
                   "cannot read the schema version of " + path + ": " + version.error().sentence};
  if (*version > schema_version)
    return failure{fault::newer_schema,
                   path + " has schema version " + std::to_string(*version) +
                     ", and this program knows versions up to " + std::to_string(schema_version) +
                     ": run the newer datagen that wrote it, or choose another data directory."};
  return done{};
}

}  // namespace datagen::storage
