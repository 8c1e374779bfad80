// What an author tells its followers, from a bounded memory and from its archive.
#include "actors/chain/heavy_feed.hpp"

#include "actors/chain/block_server.hpp"
#include "actors/chain/feed_server.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;

namespace {

constexpr std::uint64_t blocks = 3'000;

consensus::roster committee(std::uint32_t epoch) {
  consensus::roster x;
  x.epoch = epoch;
  return x;
}

/// Every other block is worth certifying, four of five of those have an event, one of three a
/// certificate; epochs end every 700 blocks.
v1::block_news block(std::uint64_t height) {
  v1::block_news x{.height = height,
                   .epoch = static_cast<std::uint32_t>((height - 1) / 700),
                   .block = hash("block", height),
                   .live_ms = height,
                   .state_root = hash("root", height),
                   .worth_certifying = height % 2 == 0,
                   .sections = 9,
                   .path = {hash("path", height)}};
  if (x.worth_certifying && height % 10 != 0)
    x.events.push_back(
      encode(ledger::event{ledger::happened::session_closed{.session = {height}}}));
  if (height % 700 == 0)
    x.next = committee(x.epoch + 1);
  return x;
}

bool is_certified(const v1::block_news& x) { return x.height % 6 == 0 || x.next; }

consensus::certificate proof_of(const v1::block_news& x) {
  consensus::certificate proof;
  proof.statement.epoch = x.epoch;
  proof.statement.height = x.height;
  proof.statement.block = x.block;
  return proof;
}

void tell(heavy_feed& feed, const v1::block_news& x) {
  if (x.worth_certifying)
    feed.add(*events_of(x), x.sections, x.path, x.next);
  if (is_certified(x))
    (void)feed.certified(proof_of(x));
}

/// The blocks above `base`, as an author's archive has them.
storage::store archive_of(std::uint64_t base = 0) {
  auto opened = storage::store::open({.path = ":memory:"});
  REQUIRE(opened);
  for (std::uint64_t first = base + 1; first <= blocks; first += 500) {
    storage::write_batch batch;
    for (auto h = first; h < first + 500 && h <= blocks; ++h) {
      const auto x = block(h);
      batch.commits.push_back({.chain = 0,
                               .height = h,
                               .id = x.block,
                               .block = encode(x, consensus::commit{}),
                               .state_root = x.state_root});
      if (is_certified(x))
        batch.certificates.push_back({0, h, encode(proof_of(x))});
    }
    REQUIRE(opened->commit(batch));
  }
  return std::move(*opened);
}

}  // namespace

TEST_CASE(
  "heavy feed: after 3,000 blocks it holds the entries of its newest ones, and the archive tells "
  "the "
  "older ones as a feed that forgets nothing would") {
  constexpr std::size_t blocks_max = 64;
  heavy_feed all{blocks};
  heavy_feed feed{blocks_max};
  std::size_t most = 0;
  for (std::uint64_t h = 1; h <= blocks; ++h) {
    tell(all, block(h));
    tell(feed, block(h));
    most = std::max(most, feed.kept());
  }
  CHECK(most <= 4 * blocks_max);
  CHECK(all.kept() > 3'000);
  auto store = archive_of();
  std::size_t read = 0;
  for (std::uint64_t h = 0; h <= blocks; ++h) {
    CAPTURE(h);
    const auto wanted = all.above(h);
    const auto found = feed.in_archive(h) ? serve(store, v1::feed_query{h}).news : feed.above(h);
    read += feed.in_archive(h);
    REQUIRE(found.has_value() == wanted.has_value());
    if (wanted)
      REQUIRE(encode(*found) == encode(*wanted));
  }
  CHECK(read > 2'500);
}

TEST_CASE("heavy feed: a follower that reads on from genesis hears every event once, in order") {
  auto store = archive_of();
  heavy_feed feed{64};
  for (std::uint64_t h = 1; h <= blocks; ++h)
    tell(feed, block(h));
  std::vector<std::uint64_t> heard;
  std::size_t longest = 0;
  for (std::uint64_t height = 0;;) {
    const auto news =
      feed.in_archive(height) ? serve(store, v1::feed_query{height}).news : feed.above(height);
    if (!news)
      break;
    longest = std::max(longest, news->blocks.size());
    for (const auto& x : news->blocks)
      heard.push_back(x.height);
    CHECK(news->next.has_value() == (news->proof.statement.height % 700 == 0));
    height = news->proof.statement.height;
  }
  std::vector<std::uint64_t> wanted;
  for (std::uint64_t h = 1; h <= blocks; ++h)
    if (!block(h).events.empty())
      wanted.push_back(h);
  CHECK(heard == wanted);
  CHECK(longest <= news_blocks_max + 3);
}

TEST_CASE(
  "heavy feed: of blocks that this author never had it tells nothing, and the archive is not asked "
  "for them") {
  constexpr std::uint64_t base = 1'000;
  heavy_feed feed{64};
  feed.begin_after(base);
  for (std::uint64_t h = base + 1; h <= blocks; ++h)
    tell(feed, block(h));
  CHECK_FALSE(feed.in_archive(base - 1));
  CHECK_FALSE(feed.above(base - 1));
  CHECK(feed.in_archive(base));
  auto store = archive_of(base);
  CHECK(serve(store, v1::feed_query{base}).news);
  CHECK(serve(store, v1::feed_query{base - 1}).code == ec::storage_failed);
  // After a restart the last blocks are restored; what is older is still in the archive.
  feed.hold_after(2'900);
  for (std::uint64_t h = 2'901; h <= blocks; ++h)
    tell(feed, block(h));
  CHECK_FALSE(feed.in_archive(base - 1));
  CHECK(feed.in_archive(base));
  CHECK(feed.in_archive(2'899));
  CHECK_FALSE(feed.in_archive(2'900));
  CHECK(feed.above(2'900));
}
