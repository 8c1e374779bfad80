#include "actors/chain/feed_server.hpp"

#include "actors/chain/block_server.hpp"
#include "actors/chain/chain_number.hpp"
#include "actors/chain/heavy_feed.hpp"

namespace datagen {

using namespace protocol;

namespace {

constexpr std::uint32_t page_rows = 128;

/// News in the making: it ends at the last certificate that was found.
class news_reader {
public:
  explicit news_reader(storage::store& store) : store_(store) {}

  /// The next block. @returns false where the news is whole, or cannot go on.
  bool take(const v1::block_news& news) {
    if (!news.worth_certifying)
      return true;
    auto block = events_of(news);
    if (!block)
      return false;
    if (!block->events.empty())
      blocks_.push_back(std::move(*block));
    auto proof = read_certificate(store_, heavy_chain_number, news.height);
    const bool certified = proof.has_value();
    if (certified) {
      result_ = ledger::certified_events{.proof = std::move(*proof),
                                         .sections = news.sections,
                                         .path = news.path,
                                         .next = news.next};
      covered_ = blocks_.size();
    }
    return !news.next && !(certified && covered_ > news_blocks_max);
  }
  std::optional<ledger::certified_events> news() && {
    if (!result_)
      return std::nullopt;
    blocks_.resize(covered_);
    result_->blocks = std::move(blocks_);
    return std::move(result_);
  }

private:
  storage::store& store_;
  std::vector<ledger::block_events> blocks_;
  std::size_t covered_ = 0;  ///< Of them, by the certificate in `result_`.
  std::optional<ledger::certified_events> result_;
};

}  // namespace

v1::feed_reply serve(storage::store& store, const v1::feed_query& query) {
  news_reader reader{store};
  for (auto height = query.height;;) {
    const auto rows = store.commits({.chain = heavy_chain_number,
                                     .height_min = height + 1,
                                     .direction = storage::order::ascending,
                                     .limit = page_rows});
    if (!rows)
      return {.code = ec::storage_failed};
    for (const auto& row : *rows) {
      const auto x = decode<stored_block>(row.block);
      if (!x || x->news.height != height + 1)
        return {.code = ec::storage_failed};
      if (!reader.take(x->news))
        return {.news = std::move(reader).news()};
      ++height;
    }
    if (rows->size() < page_rows)
      return {.news = std::move(reader).news()};
  }
}

}  // namespace datagen
