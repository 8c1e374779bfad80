#include "actors/chain/snapshot_server.hpp"

#include "actors/chain/block_server.hpp"

namespace datagen {

using namespace protocol;

namespace {

constexpr std::size_t piece_bytes = 512U << 10;  ///< Below what a `state_fetch` takes at once.
constexpr std::uint32_t ends_max = 1'024;        ///< Epochs that one proof leads through.

struct certified_block {
  stored_block block;
  consensus::certificate proof;
};

std::optional<certified_block> read_certified(storage::store& store, std::uint8_t chain,
                                              std::uint64_t height) {
  const auto row = store.commit_at(chain, height);
  auto block = row && *row ? decode<stored_block>((*row)->block) : std::nullopt;
  auto proof = read_certificate(store, chain, height);
  if (!block || !proof)
    return std::nullopt;
  return certified_block{std::move(*block), std::move(*proof)};
}

std::optional<consensus::epoch_end> read_end(storage::store& store, std::uint8_t chain,
                                             const chain_id& id, std::uint32_t epoch) {
  const auto record = store.record(epoch_end_record, encode(id, epoch));
  const auto height = record && *record ? decode<std::uint64_t>(**record) : std::nullopt;
  auto last = height ? read_certified(store, chain, *height) : std::nullopt;
  if (!last || !last->block.news.next)
    return std::nullopt;
  return consensus::epoch_end{{std::move(last->proof), std::move(*last->block.news.next)},
                              std::move(last->block.block)};
}

/// Nothing where a link of the chain of committees is missing here.
std::optional<consensus::state_proof> prove(storage::store& store, const v1::snapshot_read& query,
                                            std::uint64_t height) {
  auto found = read_certified(store, query.chain, height);
  if (!found)
    return std::nullopt;
  consensus::state_proof result;
  const auto epoch = found->block.news.epoch;
  if (epoch < query.epoch || epoch - query.epoch > ends_max)
    return std::nullopt;
  for (auto e = query.epoch; query.hands_over && e < epoch; ++e) {
    auto end = read_end(store, query.chain, *query.hands_over, e);
    if (!end)
      return std::nullopt;
    result.ends.push_back(std::move(*end));
  }
  result.block = std::move(found->block.block);
  result.proof = std::move(found->proof);
  return result;
}

}  // namespace

std::uint64_t newest_certified_state(storage::store& store, std::uint8_t chain) {
  const auto heights = store.snapshot_heights(chain);
  if (heights)
    for (const auto height : *heights)
      if (read_certificate(store, chain, height))
        return height;
  return 0;
}

bool snapshot_server::load(storage::store& store, std::uint8_t chain, std::uint64_t height) {
  if (open_ && open_->chain == chain && open_->height == height)
    return true;
  auto found = store.snapshot_below(chain, height);
  if (!found || !*found || (*found)->height != height)
    return false;
  open_ = std::move(**found);
  return true;
}

v1::snapshot_piece snapshot_server::serve(storage::store& store, const v1::snapshot_read& query) {
  const auto height =
    query.height != 0 ? query.height : newest_certified_state(store, query.chain);
  v1::snapshot_piece piece;
  if (height == 0 || !load(store, query.chain, height) || query.offset >= open_->state.size())
    return piece;
  if (query.offset == 0 && !(piece.proof = prove(store, query, height)))
    return piece;
  const auto rest = byte_view{open_->state}.subspan(query.offset);
  const auto data = rest.first(std::min(rest.size(), piece_bytes));
  piece.height = height;
  piece.size = open_->state.size();
  piece.offset = query.offset;
  piece.data.assign(data.begin(), data.end());
  if (data.size() == rest.size())
    open_.reset();  // that was the last piece
  return piece;
}

}  // namespace datagen
