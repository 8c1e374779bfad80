#include "actors/chain/block_server.hpp"

#include "actors/chain/snapshot_server.hpp"

#include <limits>

namespace datagen {

using namespace protocol;

namespace {

constexpr std::uint32_t page_rows = 1000;

std::vector<stored_block> read_blocks(storage::store& store, std::uint8_t chain,
                                      std::uint64_t first, std::uint64_t last,
                                      std::uint32_t limit) {
  std::vector<stored_block> result;
  const auto rows = store.commits({.chain = chain,
                                   .height_min = first,
                                   .height_max = last,
                                   .direction = storage::order::ascending,
                                   .limit = limit});
  if (!rows)
    return result;
  for (const auto& row : *rows) {
    auto x = decode<stored_block>(row.block);
    if (!x || x->news.height != first + result.size())
      break;
    result.push_back(std::move(*x));
  }
  return result;
}

/// The vertices of `block` in order; nothing when one is not kept (any more).
std::optional<std::vector<bytes>> read_vertices(storage::store& store,
                                                const consensus::commit& block) {
  std::vector<bytes> result;
  for (const auto& ref : block.vertices) {
    auto row = store.vertex(ref.id);
    if (!row || !*row)
      return std::nullopt;
    result.push_back(std::move((*row)->body));
  }
  return result;
}

}  // namespace

std::vector<consensus::vertex_ptr> decode_all(const std::vector<bytes>& raw) {
  std::vector<consensus::vertex_ptr> result;
  for (const auto& x : raw)
    if (auto v = consensus::decode_vertex(x))
      result.push_back(std::move(v));
  return result;
}

std::optional<consensus::certificate> read_certificate(storage::store& store, std::uint8_t chain,
                                                       std::uint64_t height) {
  const auto row = store.certificate_at(chain, height);
  if (!row || !*row)
    return std::nullopt;
  return decode<consensus::certificate>((*row)->body);
}

v1::block_answer serve(storage::store& store, const v1::range_query& query,
                       const server_limits& limits) {
  v1::block_answer answer;
  if (query.first == 0 || query.last < query.first)
    return answer;
  const auto blocks = read_blocks(store, query.chain, query.first, query.last, limits.blocks_max);
  consensus::block_range open;  // grows; what is certified of it is the answer so far
  std::size_t size = 0;
  for (const auto& x : blocks) {
    if (x.news.epoch != blocks.front().news.epoch || (answer.blocks && size > limits.bytes_max))
      break;
    auto vertices = read_vertices(store, x.block);
    if (!vertices)
      break;
    open.commits.push_back(x.block);
    for (auto& v : *vertices) {
      size += v.size();
      open.vertices.push_back(std::move(v));
    }
    if (auto proof = read_certificate(store, query.chain, x.news.height)) {
      open.last = std::move(*proof);
      answer.blocks = open;
    }
  }
  if (!answer.blocks)
    answer.state = newest_certified_state(store, query.chain);
  return answer;
}

v1::epoch_reply serve(storage::store& store, const v1::epoch_query& query) {
  const auto rows = store.vertices_above(query.chain, query.epoch, query.floor);
  if (!rows)
    return {.code = ec::storage_failed};
  v1::epoch_reply reply;
  for (const auto& row : *rows)
    reply.vertices.push_back(row.body);
  return reply;
}

v1::rewind_reply serve(storage::store& store, const v1::rewind_query& query) {
  v1::rewind_reply reply;
  std::uint64_t from = 0;
  const auto snapshot = store.snapshot_below(query.chain, query.height);
  if (!snapshot)
    return {.code = ec::storage_failed};
  if (*snapshot) {
    from = (*snapshot)->height;
    reply.snapshot = std::move((*snapshot)->state);
  }
  while (from < query.height) {
    const auto blocks = read_blocks(store, query.chain, from + 1, query.height, page_rows);
    if (blocks.empty())
      return {.code = ec::storage_failed};
    for (const auto& x : blocks) {
      auto vertices = read_vertices(store, x.block);
      if (!vertices)
        return {.code = ec::storage_failed};
      reply.blocks.push_back({encode(x), std::move(*vertices)});
    }
    from = blocks.back().news.height;
  }
  for (const auto& x : read_blocks(store, query.chain, query.height + 1,
                                   std::numeric_limits<std::int64_t>::max(), page_rows))
    for (const auto& ref : x.block.vertices)
      if (auto row = store.vertex(ref.id); row && *row && (*row)->own)
        reply.void_own.push_back(std::move((*row)->body));
  return reply;
}

}  // namespace datagen
