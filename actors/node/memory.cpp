#include "actors/node/memory.hpp"

#include <limits>

namespace datagen {

using namespace protocol;

namespace {

constexpr std::uint32_t page_rows = 1000;

storage::failure corrupt(const char* what) {
  return {storage::fault::failed, std::string{"the database holds a "} + what +
                                    " that does not decode; restore it from a backup"};
}

/// A stored block: what it led to, and the commit that it is.
struct stored_block {
  v1::block_news news;
  consensus::commit block;
};

storage::result<std::vector<stored_block>> load_blocks(storage::store& store, std::uint8_t chain) {
  std::vector<stored_block> blocks;
  while (true) {
    const auto page = store.commits({.chain = chain,
                                     .height_min = blocks.size() + 1,
                                     .direction = storage::order::ascending,
                                     .limit = page_rows});
    if (!page)
      return page.error();
    for (const auto& row : *page) {
      stored_block x;
      decoder ar{row.block};
      ar(x.news, x.block);
      if (!ar.finished() || x.news.height != blocks.size() + 1)
        return corrupt("block");
      blocks.push_back(std::move(x));
    }
    if (page->size() < page_rows)
      return blocks;
  }
}

/// Executes `x` again. @returns an empty sentence when it leads to the stored root.
std::string execute_again(storage::store& store, chain_service& service, const stored_block& x) {
  std::vector<consensus::vertex_ptr> vertices;
  for (const auto& ref : x.block.vertices) {
    const auto row = store.vertex(ref.id);
    auto v = row && *row ? consensus::decode_vertex((*row)->body) : nullptr;
    if (!v)
      return "a vertex of block " + std::to_string(x.news.height) + " is missing from the database";
    vertices.push_back(std::move(v));
  }
  if (execute_block(service, x.block, vertices).state_root != x.news.state_root)
    return "block " + std::to_string(x.news.height) +
           " leads to another state than it did before; this program cannot continue this chain";
  return {};
}

/// Drops trailing blocks whose vertices were never stored: peers still have them, and consensus
/// outputs them again.
void drop_unsupported(storage::store& store, std::vector<stored_block>& blocks) {
  const auto supported = [&](const stored_block& x) {
    for (const auto& ref : x.block.vertices) {
      const auto row = store.vertex(ref.id);
      if (!row || !*row)
        return false;
    }
    return true;
  };
  while (!blocks.empty() && !supported(blocks.back()))
    blocks.pop_back();
}

storage::result<std::vector<consensus::vertex_ptr>> load_vertices(storage::store& store,
                                                                  std::uint8_t chain,
                                                                  std::uint64_t floor) {
  const auto rows = store.vertices_above(chain, 0, floor);
  if (!rows)
    return rows.error();
  std::vector<consensus::vertex_ptr> vertices;
  for (const auto& row : *rows) {
    vertices.push_back(consensus::decode_vertex(row.body));
    if (!vertices.back())
      return corrupt("vertex");
  }
  return vertices;
}

storage::result<author_memory> load_certificates(storage::store& store, std::uint8_t chain,
                                                 author_memory memory) {
  for (const auto& news : memory.blocks) {
    if (!news.worth_certifying)
      continue;
    const auto row = store.certificate_at(chain, news.height);
    if (!row)
      return row.error();
    if (!*row)
      continue;
    std::pair<consensus::certificate, bytes> proof;
    decoder ar{(*row)->body};
    ar(proof);
    if (!ar.finished())
      return corrupt("certificate");
    memory.certificates.push_back(std::move(proof));
  }
  return memory;
}

}  // namespace

storage::result<author_memory> load_author(storage::store& store, std::uint8_t chain,
                                           chain_service& service, std::uint32_t gc_depth) {
  const auto snapshot = store.latest_snapshot(chain);
  if (!snapshot)
    return snapshot.error();
  if (*snapshot && !service.machine().restore((*snapshot)->state))
    return corrupt("snapshot");
  auto blocks = load_blocks(store, chain);
  if (!blocks)
    return blocks.error();
  drop_unsupported(store, *blocks);
  for (const auto& x : *blocks)
    if (x.news.height > service.machine().height())
      if (auto why = execute_again(store, service, x); !why.empty())
        return storage::failure{storage::fault::failed, std::move(why)};
  author_memory memory;
  const auto last_round = blocks->empty() ? 0 : blocks->back().block.leader.round;
  const auto floor = last_round > gc_depth ? last_round - gc_depth : 0;
  for (auto it = blocks->rbegin(); it != blocks->rend(); ++it) {
    memory.recent.insert(memory.recent.begin(), it->block);
    if (it->block.leader.round <= floor)
      break;
  }
  for (auto& x : *blocks)
    memory.blocks.push_back(std::move(x.news));
  auto vertices = load_vertices(store, chain, floor);
  if (!vertices)
    return vertices.error();
  memory.vertices = std::move(*vertices);
  return load_certificates(store, chain, std::move(memory));
}

storage::result<std::vector<stored_promise>> load_promises(storage::store& store) {
  std::vector<stored_promise> promises;
  for (const auto state : {receipt_promised, receipt_settled}) {
    const auto rows = store.receipts_in(state, std::numeric_limits<std::uint32_t>::max());
    if (!rows)
      return rows.error();
    for (const auto& row : *rows) {
      stored_promise x{.settled = state == receipt_settled};
      decoder ar{row.body};
      ar(x.receipt, x.result);
      if (!ar.finished())
        return corrupt("receipt");
      promises.push_back(std::move(x));
    }
  }
  return promises;
}

}  // namespace datagen
