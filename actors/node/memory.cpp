#include "actors/node/memory.hpp"

#include "actors/chain/block_server.hpp"
#include "actors/chain/chain_number.hpp"

#include <limits>

namespace datagen {

using namespace protocol;

namespace {

constexpr std::uint32_t page_rows = 1000;

storage::failure corrupt(const char* what) {
  return {storage::fault::failed, std::string{"the database holds a "} + what +
                                    " that does not decode; restore it from a backup"};
}

/// All blocks above `base`, which the store holds without a gap.
storage::result<std::vector<stored_block>> load_blocks(storage::store& store, std::uint8_t chain,
                                                       std::uint64_t base) {
  std::vector<stored_block> blocks;
  while (true) {
    const auto page = store.commits({.chain = chain,
                                     .height_min = base + blocks.size() + 1,
                                     .direction = storage::order::ascending,
                                     .limit = page_rows});
    if (!page)
      return page.error();
    for (const auto& row : *page) {
      auto x = decode<stored_block>(row.block);
      if (!x || x->news.height != base + blocks.size() + 1)
        return corrupt("block");
      blocks.push_back(std::move(*x));
    }
    if (page->size() < page_rows)
      return blocks;
  }
}

/// The block after which the state was taken over from others, if it ever was.
storage::result<std::optional<stored_block>> load_base(storage::store& store, std::uint8_t chain,
                                                       const chain_id& id) {
  const auto record = store.record(base_record, encode(id));
  if (!record)
    return record.error();
  if (!*record)
    return std::optional<stored_block>{};
  const auto height = decode<std::uint64_t>(**record);
  const auto row = store.commit_at(chain, height.value_or(0));
  if (!row)
    return row.error();
  auto block = *row ? decode<stored_block>((*row)->block) : std::nullopt;
  if (!block)
    return corrupt("first block");
  return block;
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
  if (execute_block(service, x.news.epoch, x.block, vertices).state_root != x.news.state_root)
    return "block " + std::to_string(x.news.height) +
           " leads to another state than it did before; this program cannot continue this chain";
  return {};
}

/// Height of the block after which an author must have them in memory: the last `blocks_max`, those
/// to execute again, and those that its service asks for.
storage::result<std::uint64_t> held_after(storage::store& store, std::uint8_t chain,
                                          chain_service& service, std::uint64_t base,
                                          std::uint64_t blocks_max) {
  const auto last = store.last_commit(chain);
  if (!last)
    return last.error();
  const auto tip = *last ? (*last)->height : 0;
  const auto first = std::min({tip > blocks_max ? tip - blocks_max + 1 : 1,
                               service.machine().height() + 1, service.restores_from()});
  return std::max(base, first - 1);
}

/// What Heavy decided from the present epoch's election on, in order: a ceremony goes on from it.
/// Nothing for Fast, which hears that from Heavy again.
storage::result<std::vector<ledger::event>> load_election(storage::store& store,
                                                          std::uint8_t chain,
                                                          chain_service& service,
                                                          const epoch_term& term,
                                                          std::uint64_t base) {
  std::vector<ledger::event> found;  // newest first
  const auto first = std::max(term.first - 1, base + 1);
  const auto elects = [&](const ledger::event& what) {
    const auto x = std::get_if<ledger::happened::committee_elected>(&what);
    return x && x->next.chain == term.members.chain;
  };
  for (auto above = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
       chain == heavy_chain_number && above > first;) {
    const auto page = store.commits(
      {.chain = chain, .height_min = first, .height_max = above - 1, .limit = page_rows});
    if (!page)
      return page.error();
    for (const auto& row : *page) {
      const auto x = decode<stored_block>(row.block);
      if (!x)
        return corrupt("block");
      auto events = service.heavy_events(x->news);
      for (auto it = events.rbegin(); it != events.rend(); ++it) {
        found.push_back(std::move(*it));
        if (elects(found.back()))
          return std::vector<ledger::event>{found.rbegin(), found.rend()};
      }
    }
    if (page->size() < page_rows)
      break;
    above = page->back().height;
  }
  return std::vector<ledger::event>{};
}

/// What an engine of `term` needs, found among the last blocks.
storage::result<epoch_memory> load_epoch(storage::store& store, std::uint8_t chain,
                                         const epoch_term& term,
                                         const std::vector<stored_block>& blocks,
                                         std::uint32_t gc_depth) {
  epoch_memory memory;
  const auto of_term = [&](const stored_block& x) { return x.news.epoch == term.members.epoch; };
  const auto last = std::find_if(blocks.rbegin(), blocks.rend(), of_term);
  const auto last_round = last == blocks.rend() ? 0 : last->block.leader.round;
  const auto floor = last_round > gc_depth ? last_round - gc_depth : 0;
  for (auto it = last; it != blocks.rend() && of_term(*it); ++it) {
    memory.recent.insert(memory.recent.begin(), it->block);
    if (it->block.leader.round <= floor)
      break;
  }
  // One window below the floor as well: peers that are a commit behind may ask for it.
  const auto kept = floor > gc_depth ? floor - gc_depth : 0;
  const auto rows = store.vertices_above(chain, term.members.epoch, kept);
  if (!rows)
    return rows.error();
  for (const auto& row : *rows) {
    memory.vertices.push_back(consensus::decode_vertex(row.body));
    if (!memory.vertices.back())
      return corrupt("vertex");
  }
  return memory;
}

/// The term of the present epoch and the one before. A Heavy epoch's last block seats the next
/// committee by itself, whether or not there was time to note it.
storage::result<std::vector<epoch_term>> load_terms(storage::store& store, std::uint8_t chain,
                                                    const epoch_term& genesis_term,
                                                    const std::vector<stored_block>& blocks) {
  std::vector<epoch_term> terms{genesis_term};
  const auto rows = store.records(epoch_record, encode(genesis_term.members.chain), page_rows);
  if (!rows)
    return rows.error();
  for (const auto& row : *rows) {
    auto term = decode<epoch_term>(row.value);
    if (!term)
      return corrupt("epoch");
    terms.push_back(std::move(*term));
  }
  if (chain == heavy_chain_number && !blocks.empty() && blocks.back().news.next &&
      blocks.back().news.height >= terms.back().first) {
    const auto& last = blocks.back().news;
    terms.push_back({{*last.next, last.block, last.timestamp_ms}, last.height + 1});
  }
  return terms;
}

template <class Key, class Value>
storage::result<std::map<Key, Value>> load_map(storage::store& store, const char* kind,
                                               const chain_id& chain) {
  const auto rows = store.records(kind, encode(chain), page_rows);
  if (!rows)
    return rows.error();
  std::map<Key, Value> result;
  for (const auto& row : *rows) {
    const auto key =
      decode<Key>(byte_view{row.key}.subspan(chain_id::size));
    auto value = decode<Value>(row.value);
    if (!key || !value)
      return corrupt(kind);
    result.emplace(*key, std::move(*value));
  }
  return result;
}

storage::result<ceremony_memory> load_ceremonies(storage::store& store, const chain_id& chain) {
  ceremony_memory memory;
  auto seeds = load_map<digest, digest>(store, ceremony_record::seed, chain);
  auto posts = load_map<digest, bytes>(store, ceremony_record::post, chain);
  auto shares = load_map<std::pair<digest, std::uint16_t>, ceremony_memory::kept_share>(
    store, ceremony_record::share, chain);
  auto secrets = load_map<std::uint32_t, coin_scalar>(store, ceremony_record::secret, chain);
  if (!seeds || !posts || !shares || !secrets)
    return corrupt("record of a coin ceremony");
  return ceremony_memory{std::move(*seeds), std::move(*posts), std::move(*shares),
                         std::move(*secrets)};
}

/// See `author_memory::silent_through`.
storage::result<std::optional<std::uint32_t>> load_silence(storage::store& store,
                                                           std::uint8_t chain,
                                                           const chain_id& id) {
  const auto forgotten = store.forgotten(chain);
  const auto noted = store.record(silent_record, encode(id));
  if (!forgotten)
    return forgotten.error();
  if (!noted)
    return noted.error();
  std::optional<std::uint32_t> result;
  if (*forgotten)
    result = static_cast<std::uint32_t>((*forgotten)->epoch);
  if (*noted)
    result = std::max(result, decode<std::uint32_t>(**noted));
  return result;
}

storage::result<author_memory> load_certificates(storage::store& store, std::uint8_t chain,
                                                 author_memory memory) {
  std::vector<std::uint64_t> heights;
  if (memory.base)
    heights.push_back(memory.base->news.height);
  for (const auto& news : memory.blocks)
    if (news.worth_certifying || news.height % certificate_interval == 0)
      heights.push_back(news.height);
  for (const auto height : heights) {
    const auto row = store.certificate_at(chain, height);
    if (!row)
      return row.error();
    if (!*row)
      continue;
    auto proof = decode<consensus::certificate>((*row)->body);
    if (!proof)
      return corrupt("certificate");
    memory.certificates.push_back(std::move(*proof));
  }
  return memory;
}

}  // namespace

storage::result<author_memory> load_author(storage::store& store, std::uint8_t chain,
                                           chain_service& service, const epoch_term& genesis_term,
                                           std::uint32_t gc_depth, std::size_t blocks_max) {
  author_memory memory;
  memory.genesis_state = service.machine().snapshot();
  const auto snapshot = store.latest_snapshot(chain);
  if (!snapshot)
    return snapshot.error();
  if (*snapshot && !service.machine().restore((*snapshot)->state))
    return corrupt("snapshot");
  auto base = load_base(store, chain, genesis_term.members.chain);
  if (!base)
    return base.error();
  memory.base = std::move(*base);
  const auto base_height = memory.base ? memory.base->news.height : 0;
  // An engine starts on the blocks of one window of rounds, of which each has one block at most.
  const auto after = held_after(store, chain, service, base_height,
                                std::max<std::uint64_t>(blocks_max, gc_depth + 2));
  if (!after)
    return after.error();
  auto blocks = load_blocks(store, chain, *after);
  if (!blocks)
    return blocks.error();
  for (const auto& x : *blocks)
    if (x.news.height > service.machine().height())
      if (auto why = execute_again(store, service, x); !why.empty())
        return storage::failure{storage::fault::failed, std::move(why)};
  auto terms = load_terms(store, chain, genesis_term, *blocks);
  if (!terms)
    return terms.error();
  memory.term = terms->back();
  auto present = load_epoch(store, chain, memory.term, *blocks, gc_depth);
  if (!present)
    return present.error();
  memory.present = std::move(*present);
  if (terms->size() > 1 && *after < memory.term.first) {  // else its end is long past
    const auto& before = (*terms)[terms->size() - 2];
    auto tail = load_epoch(store, chain, before, *blocks, gc_depth);
    if (!tail)
      return tail.error();
    memory.tail.emplace(before, std::move(*tail));
  }
  auto elections = load_election(store, chain, service, memory.term, base_height);
  if (!elections)
    return elections.error();
  memory.elections = std::move(*elections);
  auto ceremonies = load_ceremonies(store, genesis_term.members.chain);
  if (!ceremonies)
    return ceremonies.error();
  memory.ceremonies = std::move(*ceremonies);
  const auto silence = load_silence(store, chain, genesis_term.members.chain);
  if (!silence)
    return silence.error();
  memory.silent_through = *silence;
  for (auto& x : *blocks)
    memory.blocks.push_back(std::move(x.news));
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
      for (const auto& [id, where] : {std::pair{x.receipt.order.content.input, &x.input},
                                      std::pair{x.receipt.order.content.parameters, &x.parameters}}) {
        auto found = store.blob(id);
        if (!found)
          return found.error();
        if (*found)
          *where = blob{std::move((*found)->body)};
      }
      promises.push_back(std::move(x));
    }
  }
  return promises;
}

storage::result<std::vector<stored_canary>> load_canaries(storage::store& store) {
  const auto rows =
    store.records(canary_records, {}, std::numeric_limits<std::uint32_t>::max());
  if (!rows)
    return rows.error();
  std::vector<stored_canary> canaries;
  for (const auto& row : *rows) {
    auto x = decode<stored_canary>(row.value);
    if (!x)
      return corrupt("canary");
    canaries.push_back(std::move(*x));
  }
  return canaries;
}

}  // namespace datagen
