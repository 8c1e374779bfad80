// Reading.

#include "actors/storage/store_state.hpp"

#include <algorithm>

namespace datagen::storage {

namespace {

stored_vertex read_vertex(const row_view& r) {
  return {.chain = static_cast<std::uint8_t>(r.number(0)),
          .epoch = r.number(1),
          .round = r.number(2),
          .author = static_cast<std::uint32_t>(r.number(3)),
          .id = r.fixed<digest>(4),
          .own = r.number(5) != 0,
          .body = r.blob(6)};
}

stored_commit read_commit(const row_view& r) {
  return {.chain = static_cast<std::uint8_t>(r.number(0)),
          .height = r.number(1),
          .id = r.fixed<digest>(2),
          .block = r.blob(3),
          .state_root = r.fixed<digest>(4),
          .time_ms = r.number(5)};
}

stored_certificate read_certificate(const row_view& r) {
  return {static_cast<std::uint8_t>(r.number(0)), r.number(1), r.blob(2)};
}

stored_snapshot read_snapshot(const row_view& r) {
  return {static_cast<std::uint8_t>(r.number(0)), r.number(1), r.blob(2)};
}

stored_receipt read_receipt(const row_view& r) {
  return {.job = r.fixed<protocol::job_id>(0),
          .attempt = static_cast<std::uint32_t>(r.number(1)),
          .state = static_cast<std::uint8_t>(r.number(2)),
          .body = r.blob(3)};
}

stored_record read_record(const row_view& r) { return {r.text(0), r.blob(1), r.blob(2)}; }

stored_event read_event(const row_view& r) {
  return {.chain = static_cast<std::uint8_t>(r.number(0)),
          .position = {r.number(1), static_cast<std::uint32_t>(r.number(2))},
          .kind = r.text(3),
          .subject = r.blob(4),
          .body = r.blob(5)};
}

/// The least key above all keys that start with `prefix`, or nothing if there is none.
std::optional<bytes> end_of_prefix(bytes prefix) {
  while (!prefix.empty() && prefix.back() == 0xff)
    prefix.pop_back();
  if (prefix.empty())
    return std::nullopt;
  ++prefix.back();
  return prefix;
}

std::uint64_t at_most_63_bits(std::uint64_t x) { return std::min<std::uint64_t>(x, INT64_MAX); }

}  // namespace

result<std::vector<stored_vertex>> store::vertices_above(std::uint8_t chain, std::uint64_t epoch,
                                                         std::uint64_t round) {
  return state_->db->select<stored_vertex>(
    "SELECT * FROM vertices WHERE chain = ? AND epoch = ? AND round > ? "
    "ORDER BY round, author, digest",
    read_vertex, chain, epoch, round);
}

result<std::optional<stored_vertex>> store::vertex(const digest& id) {
  return state_->db->select_one<stored_vertex>("SELECT * FROM vertices WHERE digest = ?",
                                               read_vertex, id.view());
}

result<std::optional<stored_vertex>> store::last_own_vertex(std::uint8_t chain) {
  return state_->db->select_one<stored_vertex>(
    "SELECT * FROM vertices WHERE chain = ? AND own = 1 ORDER BY epoch DESC, round DESC LIMIT 1",
    read_vertex, chain);
}

result<std::optional<stored_commit>> store::commit_at(std::uint8_t chain, std::uint64_t height) {
  return state_->db->select_one<stored_commit>(
    "SELECT * FROM commits WHERE chain = ? AND height = ?", read_commit, chain, height);
}

result<std::optional<stored_commit>> store::commit_by_digest(const digest& id) {
  return state_->db->select_one<stored_commit>("SELECT * FROM commits WHERE digest = ?",
                                               read_commit, id.view());
}

result<std::optional<stored_commit>> store::last_commit(std::uint8_t chain) {
  return state_->db->select_one<stored_commit>(
    "SELECT * FROM commits WHERE chain = ? ORDER BY height DESC LIMIT 1", read_commit, chain);
}

result<std::vector<stored_commit>> store::commits(const commit_range& range) {
  const auto limit = std::min(range.limit, state_->config.page_rows_max);
  const char* sql =
    range.direction == order::ascending
      ? "SELECT * FROM commits WHERE chain = ? AND height BETWEEN ? AND ? ORDER BY height LIMIT ?"
      : "SELECT * FROM commits WHERE chain = ? AND height BETWEEN ? AND ? "
        "ORDER BY height DESC LIMIT ?";
  return state_->db->select<stored_commit>(sql, read_commit, range.chain,
                                           at_most_63_bits(range.height_min),
                                           at_most_63_bits(range.height_max), limit);
}

result<std::optional<stored_certificate>> store::certificate_at(std::uint8_t chain,
                                                                std::uint64_t height) {
  return state_->db->select_one<stored_certificate>(
    "SELECT * FROM certificates WHERE chain = ? AND height = ?", read_certificate, chain, height);
}

result<std::optional<stored_certificate>> store::last_certificate(std::uint8_t chain) {
  return state_->db->select_one<stored_certificate>(
    "SELECT * FROM certificates WHERE chain = ? ORDER BY height DESC LIMIT 1", read_certificate,
    chain);
}

result<std::vector<std::uint64_t>> store::snapshot_heights(std::uint8_t chain) {
  return state_->db->select<std::uint64_t>(
    "SELECT height FROM snapshots WHERE chain = ? ORDER BY height DESC",
    [](const row_view& r) { return r.number(0); }, chain);
}

result<std::optional<stored_snapshot>> store::snapshot_below(std::uint8_t chain,
                                                             std::uint64_t height) {
  return state_->db->select_one<stored_snapshot>(
    "SELECT * FROM snapshots WHERE chain = ? AND height <= ? ORDER BY height DESC LIMIT 1",
    read_snapshot, chain, at_most_63_bits(height));
}

result<std::optional<stored_receipt>> store::receipt(const protocol::job_id& job,
                                                     std::uint32_t attempt) {
  return state_->db->select_one<stored_receipt>(
    "SELECT * FROM receipts WHERE job = ? AND attempt = ?", read_receipt, job.view(), attempt);
}

result<std::vector<stored_receipt>> store::receipts_of(const protocol::job_id& job) {
  return state_->db->select<stored_receipt>("SELECT * FROM receipts WHERE job = ? ORDER BY attempt",
                                            read_receipt, job.view());
}

result<std::vector<stored_receipt>> store::receipts_in(std::uint8_t in, std::uint32_t limit) {
  return state_->db->select<stored_receipt>(
    "SELECT * FROM receipts WHERE state = ? ORDER BY job, attempt LIMIT ?", read_receipt, in,
    limit);
}

result<std::optional<bytes>> store::record(std::string_view kind, const bytes& key) {
  return state_->db->select_one<bytes>(
    "SELECT value FROM records WHERE kind = ? AND key = ?",
    [](const row_view& r) { return r.blob(0); }, kind, key);
}

result<std::vector<stored_record>> store::records(std::string_view kind, const bytes& prefix,
                                                  std::uint32_t limit,
                                                  const std::optional<bytes>& after) {
  const bool resumed = after && *after >= prefix;
  const auto end = end_of_prefix(prefix);
  std::string sql = "SELECT * FROM records WHERE kind = ?1 AND key ";
  sql += resumed ? "> ?2" : ">= ?2";
  sql += end ? " AND key < ?3" : " AND ?3 = x''";
  sql += " ORDER BY key LIMIT ?4";
  return state_->db->select<stored_record>(sql, read_record, kind, resumed ? *after : prefix,
                                           end.value_or(bytes{}), limit);
}

result<std::optional<stored_blob>> store::blob(const digest& id) {
  return state_->db->select_one<stored_blob>(
    "SELECT digest, stored_at_ms, expires_at_ms, body FROM blobs WHERE digest = ?",
    [](const row_view& r) {
      return stored_blob{r.fixed<digest>(0), r.number(1), r.number(2), r.blob(3)};
    },
    id.view());
}

result<event_page> store::events(const event_query& query) {
  const bool up = query.direction == order::ascending;
  const auto limit = std::clamp(query.limit, 1U, state_->config.page_rows_max);
  const event_position first{0, 0};
  const event_position last{INT64_MAX, UINT32_MAX};
  // An unset cursor lies outside every position, so that one text serves first and later pages.
  const auto from = query.after.value_or(up ? first : last);
  std::string sql =
    "SELECT * FROM events WHERE chain = ?1 AND height BETWEEN ?2 AND ?3 AND "
    "(height, position) ";
  sql += up ? (query.after ? ">" : ">=") : (query.after ? "<" : "<=");
  sql += " (?4, ?5)";
  sql += query.subject ? " AND subject = ?6" : " AND ?6 = x''";
  sql += query.kind ? " AND kind = ?7" : " AND ?7 = ''";
  sql +=
    up ? " ORDER BY height, position LIMIT ?8" : " ORDER BY height DESC, position DESC LIMIT ?8";
  auto found = state_->db->select<stored_event>(
    sql, read_event, query.chain, at_most_63_bits(query.height_min),
    at_most_63_bits(query.height_max), at_most_63_bits(from.height), from.index,
    query.subject.value_or(bytes{}), query.kind.value_or(""), std::uint64_t{limit} + 1);
  if (!found)
    return found.error();
  event_page page{std::move(*found), std::nullopt};
  if (page.events.size() > limit) {
    page.events.pop_back();
    page.next = page.events.back().position;
  }
  return page;
}

}  // namespace datagen::storage
