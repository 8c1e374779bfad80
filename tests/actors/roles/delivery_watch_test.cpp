// A user's eye on results that did not come, with answers made by hand.
#include "actors/delivery_watch.hpp"

#include "protocol/job/placed_leaf.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;
namespace happened = ledger::happened;

namespace {

/// A job that validator 3 did for a user that heard nothing of it.
struct lost {
  receipt paper;
  bool payable = true;
  settled_checkpoints heavy;
  delivery_watch watch;
  std::uint64_t now_ms = 10'000;

  explicit lost(bool paid = true) : payable(paid) {
    auto& order = paper.order.content;
    order.session = {7};
    order.kernel = {"merkle.root", 0};
    order.validator = {3};
    order.units_max = 5;
    paper.content = make_leaf(order, 5, hash("commitment"));
    watch.ordered(order, 0);
  }
  merkle_tree tree() const { return merkle_tree{{hash("other leaf"), placed_leaf(paper.content, payable)}}; }
  void settle(std::uint64_t sequence, std::uint64_t epoch, bool closes = false) {
    happened::checkpoint_settled x;
    x.content = {.sequence = sequence, .claim_epoch = epoch, .leaf_root = tree().root(), .leaves = 2};
    if (closes)
      x.content.closes = ledger::tx::closed_epoch{.epoch = epoch};
    heavy.hear(x);
  }
  v1::leaf_place place(std::uint64_t sequence) const {
    return {paper.content.job, 0, sequence, 1, tree().path(1), paper};
  }
  std::vector<ledger::tx::not_delivered> file() {
    now_ms += 10'000;
    return watch.filings(now_ms, heavy);
  }
};

}  // namespace

TEST_CASE("R15 delivery watch: a result is filed with the way to its epoch's checkpoints, as soon as its epoch is "
          "over, which may be before its ticket's deadline, and not before") {
  lost x;
  CHECK(x.watch.due(1'000).empty());
  REQUIRE(x.watch.due(2'000).size() == 1);
  CHECK(x.watch.due(2'000).empty());
  x.settle(3, 0);
  x.settle(4, 1);
  x.settle(5, 1);
  x.watch.judge(x.place(5), x.heavy);
  CHECK(x.file().empty());  // further checkpoints of the epoch may follow
  x.settle(6, 1, true);
  x.settle(7, 2);
  const auto filed = x.file();
  REQUIRE(filed.size() == 1);
  CHECK(filed[0].held == x.paper);
  CHECK(filed[0].settled.sequence == 5);
  CHECK(find_placed(filed[0].settled.leaf_root, x.paper.content, filed[0].index, 2, filed[0].path) ==
        std::optional{true});
  merkle_frontier history;
  for (const std::uint64_t sequence : {4, 5, 6}) {
    auto content = filed[0].settled;
    content.sequence = sequence;
    if (sequence == 6)
      content.closes = ledger::tx::closed_epoch{.epoch = 1};
    history.append(merkle_leaf(digest_of(content).view()));
  }
  CHECK(merkle_verify(history.root(), merkle_leaf(digest_of(filed[0].settled).view()), 1, 3,
                      filed[0].settled_path));
  CHECK(x.file().size() == 1);  // it may have been lost on the way
  x.watch.hear(happened::delivery_asked{x.paper, 0});
  CHECK(x.file().empty());
}

TEST_CASE("R15 delivery watch: of an epoch whose checkpoints were not all heard of nothing is filed, since "
          "nobody would take it") {
  lost late;  // its user came after checkpoint 3
  late.settle(4, 1);
  late.settle(5, 1);
  late.watch.judge(late.place(5), late.heavy);
  late.settle(6, 1, true);
  CHECK(late.file().empty());
  CHECK(late.watch.watched() == 0);

  lost gap;
  gap.settle(2, 0);  // out of a state, as long as its audits were open
  gap.settle(4, 1);
  gap.settle(5, 1);
  gap.watch.judge(gap.place(5), gap.heavy);
  gap.settle(6, 1, true);
  CHECK(gap.file().empty());
}

TEST_CASE("R15 delivery watch: nothing is filed for an answer that came, or a leaf that nobody pays for, or on "
          "a receipt for another ticket") {
  lost answered;
  answered.settle(5, 1);
  answered.watch.judge(answered.place(5), answered.heavy);
  answered.settle(6, 1, true);
  CHECK(answered.watch.watches(answered.paper.order.content));
  answered.watch.answered(answered.paper.content.job, 0);
  CHECK_FALSE(answered.watch.watches(answered.paper.order.content));
  CHECK(answered.file().empty());

  lost unpaid(false);
  unpaid.settle(5, 1);
  unpaid.watch.judge(unpaid.place(5), unpaid.heavy);
  unpaid.settle(6, 1, true);
  CHECK(unpaid.file().empty());
  CHECK(unpaid.watch.watched() == 0);

  lost forged;
  forged.settle(5, 1);
  auto place = forged.place(5);
  place.held->order.content.unit_price += 1;
  forged.watch.judge(place, forged.heavy);
  forged.settle(6, 1, true);
  CHECK(forged.file().empty());
}

TEST_CASE("R15 delivery watch: what the committee holds is fetched under one key of the moment, and only an "
          "answer about the leaf is taken") {
  lost x;
  x.settle(5, 1);
  x.watch.judge(x.place(5), x.heavy);
  const auto secret = [] { return hash("secret"); };
  CHECK(x.watch.fetches(x.now_ms, secret).empty());
  x.watch.hear(happened::delivery_settled{x.paper.content.job, 0, {3}, true});
  const auto first = x.watch.fetches(x.now_ms, secret);
  REQUIRE(first.size() == 1);
  const auto again = x.watch.fetches(x.now_ms + 2'000, [] { return hash("another"); });
  REQUIRE(again.size() == 1);
  CHECK(again[0].to == first[0].to);

  const auto member = box_key_pair::from_secret({hash("member").value});
  stored_result stored{.held = x.paper, .salt = hash("salt"), .output = {1, 2}};
  stored.result.kernel = x.paper.order.content.kernel;
  const auto sealed = [&] {
    return v1::result_sealed{x.paper.content.job, 0, member.published,
                             blob{*seal_result(member, first[0].to, stored)}};
  };
  const auto reply = x.watch.open(sealed());
  REQUIRE(reply);
  CHECK(reply->salt == stored.salt);
  CHECK(reply->output.size() == 2);
  stored.held.content.units = 4;
  CHECK_FALSE(x.watch.open(sealed()));
}

TEST_CASE("R15 delivery watch: a result that was refunded is watched no more") {
  lost x;
  x.watch.hear(happened::delivery_settled{x.paper.content.job, 0, {3}, false});
  CHECK(x.watch.watched() == 0);
}
