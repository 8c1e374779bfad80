#pragma once
// Heavy over several epochs and Fast committees that it seats, as a gateway hears of them.

#include "tests/actors/gateway/support.hpp"

#include "protocol/chain/committees.hpp"
#include "protocol/receipt/portable.hpp"

namespace gateway_test {

/// Keys of a later epoch's members; genesis' have their own.
inline key_pair member_key(bool heavy, std::uint32_t epoch, std::uint32_t i) {
  if (epoch == 0)
    return key_of(heavy ? "author" : "validator", i);
  return key_of(heavy ? "later author" : "later validator", 10 * epoch + i);
}
/// The same two ids in every epoch, with keys of its own.
inline consensus::roster members_of(const genesis& origin, bool heavy, std::uint32_t epoch) {
  auto result = heavy ? heavy_roster(origin) : fast_roster(origin);
  result.epoch = epoch;
  for (std::uint32_t i = 0; i < 2; ++i)
    result.authors[i] = member_key(heavy, epoch, i).identity;
  return result;
}
inline consensus::certificate certified_by(bool heavy, const consensus::finality_statement& x) {
  consensus::certificate result{x, {}};
  for (std::uint16_t i = 0; i < 2; ++i)
    result.signatures.emplace_back(
      i, sign(member_key(heavy, x.epoch, i), consensus::signing_bytes(x)));
  return result;
}

/// Heavy's blocks after the first one, each with a certificate.
struct heavy_line {
  world& w;
  std::uint32_t epoch = 0;
  std::uint64_t height = 1;
  digest feed = ledger::extend_feed({}, w.first.events);

  explicit heavy_line(world& net) : w(net) {}

  /// One block with `events`; the epoch's last one when `ends` is set.
  v1::heavy_news next(std::vector<ledger::event> events, bool ends = false) {
    const ledger::block_events block{++height, 100 * height, std::move(events)};
    if (!block.events.empty())
      feed = ledger::extend_feed(feed, block);
    const auto serving = members_of(*w.origin, true, epoch);
    const auto following = members_of(*w.origin, true, epoch + (ends ? 1 : 0));
    v1::heavy_news result;
    if (!block.events.empty())
      result.content.blocks = {block};
    result.content.proof = certified_by(true, {serving.chain, epoch, height, hash("block", height),
                                               merkle_leaf(feed.view()), digest_of(following)});
    result.content.sections = 1;
    if (ends) {
      result.content.next = following;
      ++epoch;
    }
    return result;
  }
  v1::block_news block_of(const v1::heavy_news& x) const {
    const auto& statement = x.content.proof.statement;
    v1::block_news news{.height = statement.height,
                        .epoch = statement.epoch,
                        .block = statement.block,
                        .previous = hash("block", statement.height - 1),
                        .timestamp_ms = start_ms + 100 * statement.height,
                        .vertices = 2,
                        .authors = {0, 1},
                        .state_root = statement.state_root};
    for (const auto& block : x.content.blocks)
      for (const auto& what : block.events)
        news.events.push_back(encode(what));
    return news;
  }
  void tell(const v1::heavy_news& x) {
    w.say({role::heavy_author, 0}, block_of(x));
    w.say({role::heavy_author, 0}, x);
    w.say({role::heavy_author, 0}, v1::block_certified{x.content.proof});
  }
  void say(std::vector<ledger::event> events) { tell(next(std::move(events))); }
  void hand_over() { tell(next({}, true)); }
  void seat_fast(std::uint32_t fast_epoch, std::uint64_t base) {
    say({happened::committee_seated{members_of(*w.origin, false, fast_epoch),
                                    ledger::fast_base{.fast_height = base}}});
  }
};

/// A block of the Fast Chain and its certificate.
struct fast_block {
  v1::block_news news;
  consensus::certificate proof;

  fast_block(const genesis& origin, std::uint32_t epoch, std::uint64_t height,
             std::vector<bytes> events = {}) {
    news = {.height = height,
            .epoch = epoch,
            .block = hash("fast", epoch, height),
            .timestamp_ms = start_ms + height,
            .vertices = 2,
            .authors = {0, 1},
            .state_root = hash("fast state", epoch, height),
            .events = std::move(events)};
    const auto members = members_of(origin, false, epoch);
    proof = certified_by(
      false, {members.chain, epoch, height, news.block, news.state_root, digest_of(members)});
  }
};

}  // namespace gateway_test
