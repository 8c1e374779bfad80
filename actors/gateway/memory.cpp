#include "actors/gateway/memory.hpp"

#include <algorithm>

namespace datagen::web {

using namespace protocol;

namespace {

constexpr std::uint32_t page_rows = 1000;

storage::result<std::vector<v1::block_news>> load_blocks(storage::store& from, chain_kind which,
                                                         std::size_t blocks_max) {
  std::vector<v1::block_news> blocks;
  storage::commit_range range{.chain = static_cast<std::uint8_t>(which), .limit = page_rows};
  while (blocks.size() < blocks_max) {
    auto page = from.commits(range);
    if (!page)
      return page.error();
    for (const auto& x : *page)
      if (auto news = decode<v1::block_news>(x.block))
        blocks.push_back(std::move(*news));
    if (page->size() < page_rows || page->back().height == 0)
      break;
    range.height_max = page->back().height - 1;
  }
  std::reverse(blocks.begin(), blocks.end());
  return blocks;
}

storage::result<storage::done> load_certificates(storage::store& from, chain_kind which,
                                                 const std::vector<v1::block_news>& blocks,
                                                 gateway_memory& memory) {
  for (const auto& block : blocks) {
    const auto found = from.certificate_at(static_cast<std::uint8_t>(which), block.height);
    if (!found)
      return found.error();
    if (!*found)
      continue;
    if (auto proof = decode<consensus::certificate>((*found)->body))
      memory.certificates.push_back(std::move(*proof));
  }
  return storage::done{};
}

template <class T>
storage::result<storage::done> load_all(storage::store& from, std::string_view kind,
                                        std::vector<T>& to) {
  std::optional<bytes> after;
  while (true) {
    const auto page = from.records(kind, {}, page_rows, after);
    if (!page)
      return page.error();
    for (const auto& x : *page)
      if (auto decoded = decode<T>(x.value))
        to.push_back(std::move(*decoded));
    if (page->size() < page_rows)
      return storage::done{};
    after = page->back().key;
  }
}

}  // namespace

storage::result<gateway_memory> load_gateway_memory(storage::store& from, std::size_t blocks_max) {
  gateway_memory memory;
  auto heavy = load_blocks(from, chain_kind::heavy, blocks_max);
  if (!heavy)
    return heavy.error();
  memory.heavy = std::move(*heavy);
  auto fast = load_blocks(from, chain_kind::fast, blocks_max);
  if (!fast)
    return fast.error();
  memory.fast = std::move(*fast);
  if (auto read = load_certificates(from, chain_kind::heavy, memory.heavy, memory); !read)
    return read.error();
  if (auto read = load_certificates(from, chain_kind::fast, memory.fast, memory); !read)
    return read.error();
  if (auto read = load_all(from, job_records, memory.jobs); !read)
    return read.error();
  if (auto read = load_all(from, checkpoint_records, memory.checkpoints); !read)
    return read.error();
  if (auto read = load_all(from, hand_over_records, memory.hand_overs); !read)
    return read.error();
  if (auto read = load_all(from, seating_records, memory.seatings); !read)
    return read.error();
  const auto counts = from.record(totals_records, {});
  if (!counts)
    return counts.error();
  if (*counts)
    if (auto decoded = decode<totals>(**counts))
      memory.counts = std::move(*decoded);
  return memory;
}

}  // namespace datagen::web
