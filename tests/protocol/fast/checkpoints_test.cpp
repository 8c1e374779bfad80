#include "fixture.hpp"

using namespace fast_test;

namespace {

world every(std::uint32_t blocks) {
  auto start = small_genesis();
  start.params.checkpoint_blocks = blocks;
  return world{start};
}

}  // namespace

TEST_CASE("fast checkpoints: every K blocks the leaves since the last one become one root") {
  auto net = every(4);
  net.open(1);  // height 1
  std::vector<digest> leaves;
  for (std::uint32_t i = 1; i <= 3; ++i) {
    const auto x = net.sealed(net.order(1, i));
    leaves.push_back(leaf_hash(x.content));
    const auto result = net.run({world::leaf_tx(x)});
    const auto made = all_of<fast::happened::checkpoint_made>(result);
    REQUIRE(made.size() == (i == 3 ? 1 : 0));
    if (i == 3) {
      CHECK(made[0].content.leaf_root == merkle_root(leaves));
      CHECK(made[0].content.leaves == 3);
      CHECK(made[0].content.sequence == 1);
      CHECK(made[0].content.fast_height == 4);
      CHECK(made[0].content.timestamp_ms == net.clock_ms);
    }
  }
  for (int i = 0; i < 8; ++i)
    CHECK(
      !net.run({}).worth_certifying);  // nothing pending: no checkpoint, an idle chain stays idle
  CHECK(net.machine.last_checkpoint()->sequence == 1);
}

TEST_CASE("fast checkpoints: they chain by sequence and prove themselves in their block's root") {
  world net;
  net.open(1);
  digest root_before{};
  for (std::uint32_t i = 1; i <= 6; ++i) {
    const auto root = net.run({net.leaf_tx(1, i)}).state_root;
    const auto x = net.machine.checkpoint_made();
    REQUIRE(x);
    CHECK(x->content == *net.machine.last_checkpoint());
    CHECK(x->content.sequence == i);
    const auto leaf = merkle_leaf(digest_of(x->content).view());
    CHECK(net.machine.sections()[0] == leaf);
    CHECK(merkle_verify(root, leaf, 0, x->sections, x->path));
    CHECK(!merkle_verify(root_before, leaf, 0, x->sections, x->path));
    root_before = root;
  }
  net.run({});
  CHECK(!net.machine.checkpoint_made());
  CHECK(net.machine.sections()[0] == merkle_leaf(digest{}.view()));
}

TEST_CASE(
  "fast checkpoints: R15 every leaf of a checkpoint opens until the draw, drawn ones after") {
  auto net = every(2);
  net.open(1);
  std::vector<bytes> leaves;
  for (std::uint32_t i = 1; i <= 7; ++i)
    leaves.push_back(net.leaf_tx(1, i));
  net.run(leaves);
  const auto content = *net.machine.last_checkpoint();
  auto opens = [&](std::uint32_t index) {
    const auto x = net.machine.open_leaf(1, index);
    return x && x->checkpoint == 1 && x->index == index &&
           x->content.content.sequence == index + 1 &&
           merkle_verify(content.leaf_root, leaf_hash(x->content.content), index, content.leaves,
                         x->path);
  };
  for (std::uint32_t i = 0; i < 7; ++i)
    CHECK(opens(i));
  CHECK(!net.machine.open_leaf(1, 7));
  CHECK(!net.machine.open_leaf(2, 0));

  net.run(
    {world::heavy_tx(net.heavy.say({heard::checkpoint_settled{content},
                                    heard::checkpoint_drawn{1, hash("beacon"), {2, 5, 99}}}))});
  for (std::uint32_t i = 0; i < 7; ++i)
    CHECK(opens(i) == (i == 2 || i == 5));
  CHECK(net.machine.now().undrawn_leaves == 0);
  const auto path = net.machine.leaf_path(1, 3);
  REQUIRE(path);
  CHECK(
    merkle_verify(content.leaf_root, net.machine.now().checkpoints.at(1).leaves[3], 3, 7, *path));

  heard::check_requested asked{.subject = net.machine.open_leaf(1, 2)->content};
  net.run({world::heavy_tx(net.heavy.say({asked}))});
  CHECK(!net.machine.open_leaf(1, 2));  // it is on Heavy now
  CHECK(opens(5));
}

TEST_CASE("fast checkpoints: the draw gives back the memory of receipts, not only the receipts") {
  world net;
  net.open(1);
  auto now = net.machine.now();
  static_cast<void>(fast::apply(now, {net.sealed(net.order(1, 1))}));
  REQUIRE(fast::make_checkpoint(now, fast::setting{net.start}, {}));
  const auto& kept = now.checkpoints.at(1).receipts;
  CHECK(kept.capacity() > 0);
  fast::apply_drawn(now, {.sequence = 1});
  CHECK(kept.capacity() == 0);
}

TEST_CASE("fast checkpoints: while Heavy settles none, leaves gather for one that takes them all") {
  world net;
  net.open(1);
  std::uint32_t leaf = 0;
  while (leaf < fast::unsettled_checkpoints_max)
    net.run({net.leaf_tx(1, ++leaf)});
  const auto most = net.machine.last_checkpoint()->sequence;
  CHECK(most == fast::unsettled_checkpoints_max);
  for (int i = 0; i < 3; ++i)
    net.run({net.leaf_tx(1, ++leaf)});
  CHECK(net.machine.last_checkpoint()->sequence == most);
  const auto first = net.machine.now().checkpoints.at(1).content;
  net.run({world::heavy_tx(net.heavy.say({heard::checkpoint_settled{first}}))});
  CHECK(net.machine.last_checkpoint()->sequence == most + 1);
  CHECK(net.machine.last_checkpoint()->leaves == 3);
}

TEST_CASE("fast checkpoints: a leaf's status goes from ordered to checkpointed to settled") {
  auto net = every(4);
  net.open(1);
  const auto job = job_id_of(net.order(1, 1));
  using stage = fast::leaf_stage;
  CHECK(net.machine.leaf_status(job, 0).stage == stage::unknown);
  net.run({net.leaf_tx(1, 1)});
  CHECK(net.machine.leaf_status(job, 0).stage == stage::ordered);
  CHECK(net.machine.leaf_status(job, 0).height == 2);
  CHECK(net.machine.leaf_status(job, 1).stage == stage::unknown);
  net.run({});
  net.run({});
  CHECK(net.machine.leaf_status(job, 0).stage == stage::checkpointed);
  net.run(
    {world::heavy_tx(net.heavy.say({heard::checkpoint_settled{*net.machine.last_checkpoint()}}))});
  CHECK(net.machine.leaf_status(job, 0).stage == stage::settled);
  CHECK(net.machine.leaf_status(job, 0).checkpoint == 1);
}

TEST_CASE("fast checkpoints: R8 a job stays paid when its checkpoint is forgotten") {
  world net;
  net.open(1);
  auto now = net.machine.now();
  const fast::setting rules{net.start};
  const auto x = net.sealed(net.order(1, 1));
  now.height = 1;
  static_cast<void>(fast::apply(now, {x}));
  REQUIRE(fast::make_checkpoint(now, rules, {}));
  fast::apply_drawn(now, {.sequence = 1});
  CHECK(fast::check(now, rules, fast::tx::submit_leaf{x}, net.checker).code ==
        fast::transaction_check::already_ordered);
  now.kept_leaves += fast::kept_leaves_max;  // as if that many younger leaves were kept
  const auto later = net.sealed(net.order(1, 2));
  static_cast<void>(fast::apply(now, {later}));
  REQUIRE(fast::make_checkpoint(now, rules, {}));
  CHECK(!now.checkpoints.contains(1));
  CHECK(now.ordered.size() == 1);
  CHECK(fast::check(now, rules, fast::tx::submit_leaf{x}, net.checker).code ==
        fast::transaction_check::already_paid);
  // Nor is it drawn again because somebody asks for it: what it needs is kept by nobody.
  CHECK(fast::check_posted(now, rules, x, net.checker).code ==
        fast::transaction_check::already_paid);
}

TEST_CASE(
  "fast checkpoints: leaves wait when too many are undrawn, and the refusal names the figure") {
  world net;
  net.open(1);
  auto now = net.machine.now();
  now.undrawn_leaves = fast::undrawn_leaves_max;
  const auto verdict = fast::check(now, fast::setting{net.start},
                                   fast::tx::submit_leaf{net.sealed(net.order(1, 1))}, net.checker);
  CHECK(verdict.code == fast::transaction_check::backlog_full);
  CHECK(fast::may_hold_later(verdict.code));
  CHECK(verdict.reason == "131072 leaves wait for Heavy's draw; at most 131072 may");
}
