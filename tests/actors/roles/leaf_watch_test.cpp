// A user's eye on its receipts, with answers made by hand.
#include "actors/leaf_watch.hpp"

#include "protocol/job/placed_leaf.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;
namespace happened = ledger::happened;

namespace {

constexpr std::size_t members = 4;
constexpr std::uint64_t deadline_ms = 60'000;

receipt paper(std::uint32_t sequence, std::uint32_t validator = 3) {
  receipt x;
  x.order.content.session = {7};
  x.order.content.sequence = sequence;
  x.order.content.validator = {validator};
  x.content = make_leaf(x.order.content, 5, hash("commitment", sequence));
  x.deadline_ms = deadline_ms;
  return x;
}

/// A settled checkpoint of these leaves.
struct settled {
  explicit settled(const std::vector<leaf>& leaves) : tree(placed(leaves)) {}
  static std::vector<digest> placed(const std::vector<leaf>& leaves) {
    std::vector<digest> result;
    for (const auto& x : leaves)
      result.push_back(placed_leaf(x, true));
    return result;
  }
  ledger::event told() const {
    happened::checkpoint_settled x;
    x.content.sequence = 9;
    x.content.leaf_root = tree.root();
    x.content.leaves = static_cast<std::uint32_t>(tree.size());
    return x;
  }
  v1::leaf_place place(std::uint32_t index, const receipt& of) const {
    return {of.content.job, of.content.attempt(), 9, index, tree.path(index)};
  }

  merkle_tree tree;
};

/// `n` questions, each answered with "not here".
void ask(leaf_watch& watch, std::size_t n, std::uint64_t& now_ms) {
  for (std::size_t i = 0; i < n; ++i) {
    now_ms += 2'000;
    for (const auto& x : watch.due(now_ms))
      watch.judge(v1::leaf_place{.job = x.job, .attempt = x.attempt}, settled_checkpoints{});
  }
}

}  // namespace

TEST_CASE("leaf watch: a leaf that is where it was promised is watched no more") {
  leaf_watch watch;
  const auto mine = paper(1);
  const settled found{{paper(0).content, mine.content, paper(2).content}};
  watch.holds(mine, 0);
  CHECK(watch.due(1'999).empty());
  REQUIRE(watch.due(2'000).size() == 1);
  CHECK(watch.due(3'999).empty());  // one question at a time
  settled_checkpoints heavy;
  watch.judge(found.place(1, mine), heavy);
  CHECK(watch.watched() == 1);  // of a checkpoint that Heavy has not told of
  heavy.hear(found.told());
  watch.judge(found.place(1, mine), heavy);
  CHECK(watch.watched() == 0);
  CHECK(watch.complaints(90'000, 90'000, members).empty());
}

TEST_CASE("leaf watch: where another leaf of the job is drawn, both receipts are shown") {
  leaf_watch watch;
  const auto mine = paper(1);
  watch.holds(mine, 0);
  watch.hear(happened::check_requested{.subject = mine});
  CHECK(watch.complaints(2'000, 2'000, members).empty());
  auto other = mine;
  other.content.commitment = hash("another");
  watch.hear(happened::check_requested{.subject = other});
  const auto told = watch.complaints(2'000, 2'000, members);
  REQUIRE(told.size() == 1);
  const auto* twins = std::get_if<ledger::tx::twin_receipts>(&told[0]);
  REQUIRE(twins != nullptr);
  CHECK(twins->first == mine);
  CHECK(twins->second == other);
}

TEST_CASE("leaf watch: a place that holds another leaf is no place") {
  leaf_watch watch;
  const auto mine = paper(1);
  auto other = mine;
  other.content.commitment = hash("another");
  const settled found{{paper(0).content, other.content}};
  settled_checkpoints heavy;
  heavy.hear(found.told());
  watch.holds(mine, 0);
  watch.judge(found.place(1, mine), heavy);
  CHECK(watch.watched() == 1);
  std::uint64_t now_ms = 0;
  ask(watch, members, now_ms);
  REQUIRE(watch.complaints(now_ms, deadline_ms, members).size() == 1);
}

TEST_CASE("leaf watch: a missing leaf is Heavy's when it is due and every Fast author was asked") {
  leaf_watch watch;
  watch.holds(paper(1), 0);
  std::uint64_t now_ms = 0;
  ask(watch, members - 1, now_ms);
  CHECK(watch.complaints(now_ms, deadline_ms, members).empty());
  ask(watch, 1, now_ms);
  CHECK(watch.complaints(now_ms, deadline_ms - 1, members).empty());
  const auto told = watch.complaints(now_ms, deadline_ms, members);
  REQUIRE(told.size() == 1);
  CHECK(std::get<ledger::tx::ask_for_leaf>(told[0]).held == paper(1));
  CHECK(watch.complaints(now_ms, deadline_ms, members).empty());  // not before the chain can answer
  CHECK(watch.complaints(now_ms + 2'000, deadline_ms, members).size() == 1);
  watch.hear(happened::leaf_asked{paper(1), 0});
  CHECK(watch.watched() == 0);
}

TEST_CASE("leaf watch: what Heavy does not take is let go after three complaints") {
  leaf_watch watch;
  watch.holds(paper(1), 0);
  std::uint64_t now_ms = 0, complaints = 0;
  ask(watch, members, now_ms);
  for (int i = 0; i < 10; ++i, now_ms += 2'000)
    complaints += watch.complaints(now_ms, deadline_ms, members).size();
  CHECK(complaints == 3);
  CHECK(watch.watched() == 0);
}

TEST_CASE("leaf watch: is bounded, the oldest receipts go first") {
  leaf_watch watch{{.receipts_max = 3}};
  for (std::uint32_t i = 0; i < 5; ++i)
    watch.holds(paper(i), 0);
  CHECK(watch.watched() == 3);
  const auto asked = watch.due(2'000);
  REQUIRE(asked.size() == 3);
  CHECK(asked.front().job == paper(2).content.job);
}
