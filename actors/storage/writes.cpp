// Checking a batch against the limits, and writing it.

#include "actors/storage/store_state.hpp"

#include <algorithm>
#include <set>

namespace datagen::storage {

namespace {

failure refuse(std::string sentence) { return {fault::refused, std::move(sentence)}; }

result<done> check_size(const char* what, std::size_t size, std::uint64_t limit) {
  if (size <= limit)
    return done{};
  return refuse(std::string{what} + " of " + std::to_string(size) + " bytes is over the limit of " +
                std::to_string(limit) + " bytes.");
}

result<done> check_sizes(const store_config& config, const write_batch& batch) {
  for (const auto& x : batch.snapshots)
    if (auto size = check_size("a snapshot", x.state.size(), config.snapshot_bytes_max); !size)
      return size;
  std::size_t largest = 0;
  for (const auto& x : batch.vertices)
    largest = std::max(largest, x.body.size());
  for (const auto& x : batch.commits)
    largest = std::max(largest, x.block.size());
  for (const auto& x : batch.certificates)
    largest = std::max(largest, x.body.size());
  for (const auto& x : batch.receipts)
    largest = std::max(largest, x.body.size());
  for (const auto& x : batch.records)
    largest = std::max({largest, x.key.size(), x.value ? x.value->size() : 0});
  for (const auto& x : batch.blobs)
    largest = std::max(largest, x.body.size());
  for (const auto& x : batch.events)
    largest = std::max({largest, x.subject.size(), x.body.size()});
  return check_size("a value", largest, config.value_bytes_max);
}

result<bool> has_record(database& db, const record_write& x) {
  auto row = db.select_one<std::uint64_t>(
    "SELECT 1 FROM records WHERE kind = ? AND key = ?",
    [](const row_view& r) { return r.number(0); }, x.kind, x.key);
  if (!row)
    return row.error();
  return row->has_value();
}

result<done> check_records(database& db, const store_config& config, const usage& used,
                           const write_batch& batch) {
  std::map<std::string_view, std::set<bytes>> puts;
  for (const auto& x : batch.records)
    if (x.value)
      puts[x.kind].insert(x.key);
  for (const auto& [kind, keys] : puts) {
    const auto found = used.records.find(kind);
    auto count = found == used.records.end() ? 0 : found->second;
    if (count + keys.size() <= config.records_per_kind_max)
      continue;  // fits even if every key is new
    for (const auto& key : keys) {
      const auto present = has_record(db, {std::string{kind}, key, std::nullopt});
      if (!present)
        return present.error();
      count += *present ? 0 : 1;
    }
    if (count > config.records_per_kind_max)
      return refuse("the records of kind " + std::string{kind} +
                    " are full: " + std::to_string(config.records_per_kind_max) + " keys.");
  }
  return done{};
}

result<done> check_blobs(const store_config& config, const usage& used, const write_batch& batch) {
  if (batch.blobs.empty())
    return done{};
  auto total = used.blob_bytes;
  for (const auto& x : batch.blobs)
    total += x.body.size();
  if (total <= config.blob_bytes_max)
    return done{};
  return refuse("the content store is full: it holds " + std::to_string(used.blob_bytes) + " of " +
                std::to_string(config.blob_bytes_max) + " bytes; expire some first.");
}

result<done> cut_chains(database& db, const write_batch& batch) {
  for (const auto& x : batch.cuts)
    for (const char* sql : {"DELETE FROM commits WHERE chain = ? AND height > ?",
                            "DELETE FROM certificates WHERE chain = ? AND height > ?",
                            "DELETE FROM snapshots WHERE chain = ? AND height > ?"})
      if (auto cut = db.execute(sql, x.chain, x.height); !cut)
        return cut;
  return done{};
}

result<done> put_vertices(database& db, const write_batch& batch) {
  for (const auto& x : batch.vertices)
    if (auto put = db.execute("INSERT INTO vertices VALUES(?,?,?,?,?,?,?) ON CONFLICT(digest) "
                              "DO UPDATE SET own = 1 WHERE excluded.own = 1",
                              x.chain, x.epoch, x.round, x.author, x.id.view(), x.own, x.body);
        !put)
      return failure{fault::failed, (x.own ? "own vertex of round " : "vertex of round ") +
                                      std::to_string(x.round) + ": " + put.error().sentence};
  return done{};
}

result<done> append_commits(database& db, const write_batch& batch) {
  for (const auto& x : batch.commits) {
    auto put = db.execute(
      "INSERT INTO commits VALUES(?,?,?,?,?,?) ON CONFLICT(chain, height) DO UPDATE SET state_root "
      "= CASE WHEN excluded.state_root = zeroblob(32) THEN state_root ELSE excluded.state_root END "
      "WHERE digest = excluded.digest AND (state_root IN (zeroblob(32), excluded.state_root) "
      "OR excluded.state_root = zeroblob(32))",
      x.chain, x.height, x.id.view(), x.block, x.state_root.view(), x.time_ms);
    if (!put)
      return put;
    if (db.changes() != 1)
      return failure{fault::failed, "commit " + std::to_string(x.height) + " of chain " +
                                      std::to_string(x.chain) +
                                      " is already stored with another digest or state root: "
                                      "the replay diverged."};
  }
  return done{};
}

result<done> put_chain(database& db, const write_batch& batch) {
  for (const auto& x : batch.certificates)
    if (auto put = db.execute("INSERT OR REPLACE INTO certificates VALUES(?,?,?)", x.chain,
                              x.height, x.body);
        !put)
      return put;
  for (const auto& x : batch.snapshots) {
    if (auto put =
          db.execute("INSERT OR REPLACE INTO snapshots VALUES(?,?,?)", x.chain, x.height, x.state);
        !put)
      return put;
    if (auto cut =
          db.execute("DELETE FROM snapshots WHERE chain = ?1 AND height NOT IN (SELECT "
                     "height FROM snapshots WHERE chain = ?1 ORDER BY height DESC LIMIT 2) "
                     "AND height < (SELECT MAX(height) FROM snapshots WHERE chain = ?1 "
                     "AND height <= ?2)",
                     x.chain, x.back_to);
        !cut)
      return cut;
  }
  for (const auto& x : batch.receipts)
    if (auto put = db.execute("INSERT INTO receipts VALUES(?,?,?,?) ON CONFLICT(job, attempt) "
                              "DO UPDATE SET state = excluded.state, body = excluded.body",
                              x.job.view(), x.attempt, x.state, x.body);
        !put)
      return put;
  return done{};
}

result<done> write_records(database& db, usage& used, const write_batch& batch) {
  for (const auto& x : batch.records) {
    if (!x.value) {
      if (auto cut = db.execute("DELETE FROM records WHERE kind = ? AND key = ?", x.kind, x.key);
          !cut)
        return cut;
      if (db.changes() == 1)
        --used.records[x.kind];
      continue;
    }
    const auto present = has_record(db, x);
    if (!present)
      return present.error();
    if (auto put =
          db.execute("INSERT OR REPLACE INTO records VALUES(?,?,?)", x.kind, x.key, *x.value);
        !put)
      return put;
    used.records[x.kind] += *present ? 0 : 1;
  }
  return done{};
}

result<done> drop_blobs(database& db, usage& used, const write_batch& batch) {
  for (const auto& id : batch.dropped_blobs) {
    auto size = db.select_one<std::uint64_t>("DELETE FROM blobs WHERE digest = ? RETURNING size",
                                             [](const row_view& r) { return r.number(0); },
                                             id.view());
    if (!size)
      return size.error();
    used.blob_bytes -= size->value_or(0);
  }
  return done{};
}

result<done> write_blobs(database& db, usage& used, const write_batch& batch) {
  if (auto dropped = drop_blobs(db, used, batch); !dropped)
    return dropped;
  if (batch.expire_blobs_at_ms) {
    auto sizes = db.select<std::uint64_t>(
      "DELETE FROM blobs WHERE expires_at_ms <= ? "
      "RETURNING size",
      [](const row_view& r) { return r.number(0); }, *batch.expire_blobs_at_ms);
    if (!sizes)
      return sizes.error();
    for (auto size : *sizes)
      used.blob_bytes -= size;
  }
  for (const auto& x : batch.blobs) {
    if (auto longer = db.execute("UPDATE blobs SET expires_at_ms = max(expires_at_ms, ?) "
                                 "WHERE digest = ?",
                                 x.expires_at_ms, x.id.view());
        !longer)
      return longer;
    if (db.changes() == 1)
      continue;
    if (auto put = db.execute("INSERT INTO blobs VALUES(?,?,?,?,?)", x.id.view(), x.body.size(),
                              x.stored_at_ms, x.expires_at_ms, x.body);
        !put)
      return put;
    used.blob_bytes += x.body.size();
  }
  return done{};
}

result<done> write_history(database& db, const write_batch& batch) {
  for (const auto& x : batch.events)
    if (auto put = db.execute("INSERT OR IGNORE INTO events VALUES(?,?,?,?,?,?)", x.chain,
                              x.position.height, x.position.index, x.kind, x.subject, x.body);
        !put)
      return put;
  for (const auto& x : batch.prunes)
    if (auto cut = db.execute(
          "DELETE FROM vertices WHERE chain = ?1 AND (epoch, round) <= (?2, ?3) AND NOT (own = 1 "
          "AND (epoch, round) = (SELECT epoch, round FROM vertices WHERE chain = ?1 AND own = 1 "
          "ORDER BY epoch DESC, round DESC LIMIT 1))",
          x.chain, x.epoch, x.round);
        !cut)
      return cut;
  return done{};
}

}  // namespace

result<done> check(database& db, const store_config& config, const usage& used,
                   const write_batch& batch) {
  if (auto sizes = check_sizes(config, batch); !sizes)
    return sizes;
  if (auto records = check_records(db, config, used, batch); !records)
    return records;
  return check_blobs(config, used, batch);
}

result<done> apply(database& db, usage& used, const write_batch& batch) {
  if (auto cut = cut_chains(db, batch); !cut)
    return cut;
  if (auto put = put_vertices(db, batch); !put)
    return put;
  if (auto put = append_commits(db, batch); !put)
    return put;
  if (auto put = put_chain(db, batch); !put)
    return put;
  if (auto put = write_records(db, used, batch); !put)
    return put;
  if (auto put = write_blobs(db, used, batch); !put)
    return put;
  return write_history(db, batch);
}

result<usage> count_usage(database& db) {
  usage used;
  auto kinds = db.select<std::pair<std::string, std::uint64_t>>(
    "SELECT kind, count(*) FROM records GROUP BY kind", [](const row_view& r) {
      return std::pair{r.text(0), r.number(1)};
    });
  if (!kinds)
    return kinds.error();
  used.records.insert(kinds->begin(), kinds->end());
  auto total = db.select_one<std::uint64_t>("SELECT coalesce(sum(size), 0) FROM blobs",
                                            [](const row_view& r) { return r.number(0); });
  if (!total)
    return total.error();
  used.blob_bytes = total->value_or(0);
  return used;
}

}  // namespace datagen::storage
