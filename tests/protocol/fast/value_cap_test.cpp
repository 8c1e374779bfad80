// V on the Fast Chain (protocol.md section 4): the leaf that would exceed it waits.

#include "fixture.hpp"

using namespace fast_test;
using check = fast::transaction_check;

namespace {

/// Worth `value` x 10^-9 DG to its user.
receipt worth(const world& net, std::uint32_t session, std::uint32_t sequence, std::uint64_t value,
              std::uint32_t validator = 0) {
  auto order = net.order(session, sequence, validator);
  order.declared_value = value;
  return net.sealed(order);
}

std::uint64_t whole_nano(amount x) { return static_cast<std::uint64_t>(x.units / units_per_nano_dg); }

struct capped {
  world net;
  std::uint64_t cap = whole_nano(value_cap(net.start.params, dg(1'000)));
  std::uint64_t share =
    whole_nano(value_cap_per_user(net.start.params, value_cap(net.start.params, dg(1'000))));
  capped() {
    for (std::uint32_t session = 1; session <= 5; ++session)
      net.open(session);
  }
  std::uint16_t order(std::uint32_t session, std::uint32_t sequence, std::uint64_t value,
                      std::uint32_t validator = 0) {
    return net.code(world::leaf_tx(worth(net, session, sequence, value, validator)));
  }
  uint128 at_risk(std::uint32_t validator = 0) const {
    return net.machine.now().at_risk.of({validator});
  }
  std::uint16_t hear(std::vector<ledger::event> events) {
    return net.code(world::heavy_tx(net.heavy.say(std::move(events))));
  }
  /// The newest checkpoint is drawn like this.
  void draw(std::vector<std::uint32_t> drawn) {
    const auto content = *net.machine.last_checkpoint();
    REQUIRE(hear({heard::checkpoint_settled{content},
                  heard::checkpoint_drawn{content.sequence, hash("beacon"), std::move(drawn)}}) ==
            0);
  }
};

}  // namespace

TEST_CASE("fast value cap: the leaf that would exceed V is refused with the figures, and may be "
          "ordered later") {
  capped c;
  for (std::uint32_t session = 1; session <= 3; ++session)
    REQUIRE(c.order(session, 1, c.share) == 0);
  REQUIRE(c.order(4, 1, c.share - 500) == 0);
  const auto left = c.cap - 4 * c.share + 500;
  const auto over = world::leaf_tx(worth(c.net, 5, 1, left + 1));
  const auto admission = c.net.machine.check(over);
  CHECK(admission.code == number(check::value_cap_reached));
  CHECK(admission.later);
  CHECK_MESSAGE(admission.reason.find("of this validator's cap of") != std::string::npos,
                admission.reason);
  CHECK(c.net.code(over) == number(check::value_cap_reached));
  CHECK(c.order(5, 1, c.share, 1) == 0);  // another validator has its own V
  CHECK(c.order(5, 2, left) == 0);
}

TEST_CASE("fast value cap: one user fills at most its share of V, over all its sessions") {
  capped c;
  REQUIRE(c.hear({heard::session_opened{.session = {6}, .user = user_key(1).identity, .bid = bid},
                  heard::paired{.session = {6},
                                .validator = {0},
                                .lanes = {{{0}, {1'000'000 * units_per_nano_dg}}}}}) == 0);
  REQUIRE(c.order(1, 1, c.share - 1'000) == 0);
  CHECK(c.order(1, 2, 1'001) == number(check::user_share_reached));
  auto order = c.net.order(6, 1);
  order.declared_value = 1'001;
  auto other = c.net.sealed(order);
  other.order.user = sign(user_key(1), ticket_statement(order));
  other.validator =
    sign(validator_key(0), receipt_statement(order, other.content, other.deadline_ms));
  CHECK(c.net.code(world::leaf_tx(other)) == number(check::user_share_reached));
  CHECK(c.order(2, 1, c.share) == 0);
}

TEST_CASE("fast value cap: a leaf's value is the larger of its fee and what its user declared") {
  capped c;
  REQUIRE(c.order(1, 1, 1) == 0);
  const auto fee = world{}.sealed(c.net.order(1, 1)).content.fee;
  CHECK(fee > 1);
  CHECK(c.at_risk() == fee);
  REQUIRE(c.order(1, 2, fee + 50) == 0);
  CHECK(c.at_risk() == 2 * fee + 50);
}

TEST_CASE("fast value cap: what a draw spares matures, what it takes waits for the final verdict") {
  capped c;
  const auto audited = worth(c.net, 2, 1, c.share - 7);
  c.net.run({world::leaf_tx(worth(c.net, 1, 1, c.share)), world::leaf_tx(audited)});
  CHECK(c.at_risk() == 2 * c.share - 7);
  c.draw({1});
  CHECK(c.at_risk() == c.share - 7);
  const auto& leaf = audited.content;
  const auto verdict = [&](const char* outcome, bool final, validator_id who = {0}) {
    return heard::audit_settled{.job = leaf.job, .attempt = 0, .validator = who,
                                .outcome = outcome, .final = final};
  };
  REQUIRE(c.hear({verdict("escalate", false)}) == 0);
  CHECK(c.at_risk() == c.share - 7);
  REQUIRE(c.hear({verdict("pass", true, {3})}) == 0);  // not about this leaf
  CHECK(c.at_risk() == c.share - 7);
  REQUIRE(c.hear({verdict("pass", true)}) == 0);
  CHECK(c.at_risk() == 0);
  REQUIRE(c.hear({verdict("pass", true)}) == 0);  // said twice, counted once
  CHECK(c.at_risk() == 0);
}

TEST_CASE("fast value cap: V follows the stake and the parameters in force") {
  capped c;
  REQUIRE(c.order(1, 1, c.share) == 0);
  CHECK(c.order(2, 1, c.share) == 0);
  REQUIRE(c.hear({heard::validator_changed{{1}, heard::standing::active, dg(400), 10}}) == 0);
  CHECK(c.order(3, 1, c.share, 1) == 0);  // the slash, 34 % of the highest stake, is still there
  REQUIRE(c.hear({heard::validator_changed{{1}, heard::standing::active, dg(100), 10}}) == 0);
  CHECK(c.order(4, 1, c.share, 1) == number(check::value_cap_reached));
  auto table = c.net.start.params;
  table.value_cap_user_share_permille = 1'000;
  REQUIRE(c.hear({heard::change_scheduled{c.net.heavy.height + 3, table}}) == 0);
  CHECK(c.order(3, 2, c.share + 1, 0) == number(check::user_share_reached));
  REQUIRE(c.hear({}) == 0);
  CHECK(c.order(3, 2, c.share + 1, 0) == number(check::user_share_reached));
  REQUIRE(c.hear({}) == 0);  // the height it holds from
  CHECK(c.order(3, 2, c.share + 1, 0) == 0);
}

TEST_CASE("fast value cap: V follows what a fine leaves, which no change of standing tells") {
  capped c;
  REQUIRE(c.order(1, 1, c.share) == 0);
  REQUIRE(c.hear({heard::slashed{{1}, dg(300), dg(100), "unopened", false}}) == 0);
  CHECK(c.order(2, 1, c.share, 1) == number(check::value_cap_reached));
}

TEST_CASE("fast value cap: a snapshot carries what is at risk") {
  capped c;
  c.net.run({world::leaf_tx(worth(c.net, 1, 1, c.share)),
             world::leaf_tx(worth(c.net, 2, 1, c.share))});
  c.draw({0});
  world other;
  REQUIRE(other.machine.restore(c.net.machine.snapshot()));
  CHECK(other.machine.now().at_risk.of({0}) == c.share);
  CHECK(other.machine.now().undecided.size() == 1);
  CHECK(other.machine.snapshot() == c.net.machine.snapshot());
}

TEST_CASE("fast posted leaves: a leaf that its validator posted on Heavy is ordered here with the news "
          "of it, even beyond V, goes into a checkpoint and is paid") {
  capped c;
  const auto x = worth(c.net, 1, 1, c.cap + 1);
  CHECK(c.net.code(world::leaf_tx(x)) == number(check::value_cap_reached));
  const auto result = c.net.run({world::heavy_tx(c.net.heavy.say({heard::leaf_shown{x, true}}))});
  CHECK(result.outcomes.at(0).code == 0);
  const auto ordered = all_of<fast::happened::leaf_ordered>(result);
  REQUIRE(ordered.size() == 1);
  CHECK(ordered[0].content == x.content);
  CHECK(ordered[0].payable);
  CHECK(c.at_risk() == c.cap + 1);
  REQUIRE(c.net.machine.last_checkpoint());
  CHECK(c.net.machine.last_checkpoint()->leaf_root == merkle_root(std::vector{leaf_hash(x.content)}));
  CHECK(c.net.code(world::leaf_tx(x)) == number(check::already_ordered));
  c.draw({});
  CHECK(c.at_risk() == 0);
}

TEST_CASE("fast posted leaves: one that is shown in a checkpoint, known here, unpayable or another "
          "leaf of a known job is not ordered again") {
  capped c;
  const auto first = worth(c.net, 1, 1, 5);
  const auto leaves = [&](const receipt& x, bool posted) {
    return all_of<fast::happened::leaf_ordered>(
             c.net.run({world::heavy_tx(c.net.heavy.say({heard::leaf_shown{x, posted}}))}))
      .size();
  };
  CHECK(leaves(first, false) == 0);
  REQUIRE(c.net.code(world::leaf_tx(first)) == 0);
  CHECK(leaves(first, true) == 0);
  auto twin = c.net.sealed(c.net.order(1, 1), 101, 1);
  CHECK(leaves(twin, true) == 0);
  auto costly = c.net.order(2, 1);
  costly.unit_price = 100'000'000;
  CHECK(c.net.code(world::leaf_tx(c.net.sealed(costly))) == number(check::lane_exceeded));
  CHECK(leaves(worth(c.net, 2, 2, 5), true) == 1);
}

TEST_CASE("fast posted leaves: above its session's bid one is ordered to be drawn, but not paid") {
  capped c;
  auto dear = c.net.order(2, 1);
  dear.unit_price = bid + 1;
  const auto x = c.net.sealed(dear, 1);
  const auto ordered = all_of<fast::happened::leaf_ordered>(
    c.net.run({world::heavy_tx(c.net.heavy.say({heard::leaf_shown{x, true}}))}));
  REQUIRE(ordered.size() == 1);
  CHECK_FALSE(ordered[0].payable);
}

TEST_CASE("fast posted leaves: beyond its lane one is ordered to be drawn, but not paid") {
  capped c;
  auto costly = c.net.order(2, 1);
  costly.unit_price = 100'000'000;
  const auto x = c.net.sealed(costly);
  const auto ordered = all_of<fast::happened::leaf_ordered>(
    c.net.run({world::heavy_tx(c.net.heavy.say({heard::leaf_shown{x, true}}))}));
  REQUIRE(ordered.size() == 1);
  CHECK_FALSE(ordered[0].payable);
  CHECK(c.net.machine.now().totals.empty());
  CHECK(c.net.machine.last_checkpoint()->leaves == 1);
}
