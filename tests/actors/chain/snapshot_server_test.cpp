// What an archive gives to those for which nobody keeps blocks any more (consensus.md 2.15).
#include "actors/chain/snapshot_server.hpp"

#include "actors/chain/block_server.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;

namespace {

constexpr std::size_t piece_bytes = 512U << 10;
const chain_id chain_name = hash("chain");

bytes state_at(std::uint64_t height, std::size_t size) {
  bytes result(size);
  for (std::size_t i = 0; i < size; ++i)
    result[i] = static_cast<std::uint8_t>(height + i / 1'000);
  return result;
}

/// Epochs of 100 blocks; states at 150 and 260, of which the newest is not certified yet.
class kept_chain {
public:
  kept_chain() : store_(open()) {
    for (std::uint64_t height : {100, 150, 200, 260})
      add(height, height != 260);
    storage::write_batch batch;
    batch.snapshots.push_back({0, 150, state_at(150, 2 * piece_bytes + 10)});
    batch.snapshots.push_back({0, 260, state_at(260, 100)});
    for (std::uint32_t epoch = 0; epoch < 2; ++epoch)
      batch.records.push_back(
        {epoch_end_record, encode(chain_name, epoch), encode(std::uint64_t{100} * (epoch + 1))});
    REQUIRE(store_.commit(batch));
  }
  void certify(std::uint64_t height) {
    consensus::certificate proof;
    proof.statement.epoch = static_cast<std::uint32_t>((height - 1) / 100);
    proof.statement.height = height;
    storage::write_batch batch;
    batch.certificates.push_back({0, height, encode(proof)});
    REQUIRE(store_.commit(batch));
  }
  v1::snapshot_piece ask(std::uint64_t height, std::uint64_t offset, std::uint32_t epoch = 0) {
    return server_.serve(
      store_,
      {.chain = 0, .hands_over = chain_name, .epoch = epoch, .height = height, .offset = offset});
  }
  storage::store& store() { return store_; }

private:
  static storage::store open() {
    auto opened = storage::store::open({.path = ":memory:"});
    REQUIRE(opened);
    return std::move(*opened);
  }
  void add(std::uint64_t height, bool certified) {
    v1::block_news news{.height = height, .epoch = static_cast<std::uint32_t>((height - 1) / 100)};
    if (height % 100 == 0) {
      news.next.emplace();
      news.next->epoch = news.epoch + 1;
    }
    consensus::commit block;
    block.index = height;
    storage::write_batch batch;
    batch.commits.push_back(
      {.chain = 0, .height = height, .id = hash("block", height), .block = encode(news, block)});
    REQUIRE(store_.commit(batch));
    if (certified)
      certify(height);
  }

  storage::store store_;
  snapshot_server server_;
};

bool is_nothing(const v1::snapshot_piece& x) { return x.height == 0 && x.data.empty() && !x.proof; }

}  // namespace

TEST_CASE(
  "snapshot server: gives the newest state whose block is certified, in pieces of half a MiB, with "
  "its proof in the first alone") {
  kept_chain kept;
  CHECK(newest_certified_state(kept.store(), 0) == 150);
  bytes data;
  for (std::uint64_t height = 0; data.size() < 2 * piece_bytes + 10;) {
    const auto piece = kept.ask(height, data.size());
    REQUIRE(piece.height == 150);
    CHECK(piece.size == 2 * piece_bytes + 10);
    CHECK(piece.offset == data.size());
    CHECK(piece.data.size() <= piece_bytes);
    CHECK(piece.proof.has_value() == data.empty());
    data.insert(data.end(), piece.data.begin(), piece.data.end());
    height = piece.height;
  }
  CHECK(data == state_at(150, 2 * piece_bytes + 10));
  kept.certify(260);
  CHECK(kept.ask(0, 0).height == 260);
}

TEST_CASE(
  "snapshot server: the proof leads through every hand-over from the epoch that the asker knows") {
  kept_chain kept;
  kept.certify(260);
  for (std::uint32_t known = 0; known <= 2; ++known) {
    CAPTURE(known);
    const auto piece = kept.ask(0, 0, known);
    REQUIRE(piece.proof);
    REQUIRE(piece.proof->ends.size() == 2 - known);
    for (std::uint32_t i = 0; i + known < 2; ++i) {
      CHECK(piece.proof->ends[i].last.index == 100 * (known + i + 1));
      CHECK(piece.proof->ends[i].over.next.epoch == known + i + 1);
    }
    CHECK(piece.proof->block.index == 260);
    CHECK(piece.proof->proof.statement.height == 260);
  }
}

TEST_CASE("snapshot server: where a link of the hand-overs is missing it gives nothing") {
  kept_chain kept;
  kept.certify(260);
  storage::write_batch batch;
  batch.records.push_back({epoch_end_record, encode(chain_name, std::uint32_t{1}), std::nullopt});
  REQUIRE(kept.store().commit(batch));
  CHECK(is_nothing(kept.ask(0, 0, 0)));
  CHECK(is_nothing(kept.ask(0, 0, 1)));
  CHECK(kept.ask(0, 0, 2).height == 260);
}

TEST_CASE(
  "snapshot server: gives nothing for a height without a state, an uncertified state, an offset "
  "beyond the state's end, or an asker of a later epoch") {
  kept_chain kept;
  CHECK(is_nothing(kept.ask(151, 0)));
  CHECK(is_nothing(kept.ask(200, 0)));
  CHECK(is_nothing(kept.ask(260, 0)));  // stored, not certified
  CHECK(is_nothing(kept.ask(150, 2 * piece_bytes + 10)));
  CHECK(is_nothing(kept.ask(150, ~std::uint64_t{0})));
  CHECK(is_nothing(kept.ask(~std::uint64_t{0}, 0)));
  CHECK(is_nothing(kept.ask(150, 0, 2)));
}

TEST_CASE(
  "snapshot server: two askers for states of two heights in turn each get their own bytes, and one "
  "whose state was replaced meanwhile gets nothing") {
  kept_chain kept;
  kept.certify(260);
  const auto big = state_at(150, 2 * piece_bytes + 10);
  for (std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{piece_bytes}}) {
    const auto piece = kept.ask(150, offset);
    CHECK(piece.data == bytes(big.begin() + static_cast<std::ptrdiff_t>(offset),
                              big.begin() + static_cast<std::ptrdiff_t>(offset + piece_bytes)));
    CHECK(kept.ask(260, 0).data == state_at(260, 100));
  }
  storage::write_batch batch;
  batch.snapshots.push_back({0, 300, state_at(300, 50)});  // the store keeps two
  REQUIRE(kept.store().commit(batch));
  CHECK(is_nothing(kept.ask(150, 2 * piece_bytes)));
}
