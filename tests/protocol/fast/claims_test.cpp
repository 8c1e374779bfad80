#include "fixture.hpp"

using namespace fast_test;

namespace {

/// Moves the clock past the end of the running claim epoch.
void end_epoch(world& net) { net.clock_ms += net.start.params.epoch_ms; }

bool holds(const ledger::tx::claim& x, const ledger::tx::closed_epoch& closed) {
  std::vector<sum_node> run;
  for (const auto& entry : x.entries)
    run.push_back(sum_leaf_of(x.validator, entry));
  return x.epoch == closed.epoch && sum_verify(closed.totals, run, x.first, closed.entries, x.path);
}

}  // namespace

TEST_CASE("fast claims: R8 a closed epoch's claims verify against its totals and add up to them") {
  world net;
  std::uint64_t price = 0;
  for (std::uint32_t session : {1u, 2u, 3u}) {
    net.open(session);
    for (std::uint32_t i = 1; i <= 4; ++i) {
      CHECK(net.code(net.leaf_tx(session, i, i % 2, 0, 100 * i)) == 0);
      price += 100 * i;
    }
  }
  CHECK(net.machine.claims_of({0}).empty());
  end_epoch(net);
  const auto made = all_of<fast::happened::checkpoint_made>(net.run({}));
  REQUIRE(made.size() == 1);
  REQUIRE(made[0].content.closes);
  const auto& closed = *made[0].content.closes;
  CHECK(closed.epoch == 0);
  CHECK(closed.entries == 6);
  CHECK(closed.totals.price == price);
  std::uint64_t claimed = 0;
  for (std::uint32_t validator : {0u, 1u}) {
    const auto owed = net.machine.claims_of({validator});
    REQUIRE(owed.size() == 1);  // one claim for the sessions it has worked for
    CHECK(holds(owed[0], closed));
    CHECK(owed[0].entries.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      auto more = owed[0];
      more.entries[i].price += 1;
      CHECK(!holds(more, closed));
      claimed += owed[0].entries[i].price;
    }
  }
  CHECK(claimed == price);
  CHECK(net.machine.claims_of({2}).empty());
}

TEST_CASE("fast claims: the block that crosses the boundary still belongs to the epoch it closes") {
  world net;
  net.open(1);
  net.run({net.leaf_tx(1, 1)});
  end_epoch(net);
  const auto made = all_of<fast::happened::checkpoint_made>(net.run({net.leaf_tx(1, 2)}));
  REQUIRE(made.size() == 1);
  CHECK(made[0].content.claim_epoch == 0);
  CHECK(made[0].content.leaves == 1);
  CHECK(made[0].content.closes->totals.price == 200);
  const auto next = all_of<fast::happened::checkpoint_made>(net.run({net.leaf_tx(1, 3)}));
  REQUIRE(next.size() == 1);
  CHECK(next[0].content.claim_epoch == 1);
  CHECK(!next[0].content.closes);
}

TEST_CASE("fast claims: an epoch without leaves closes nothing, and epochs may be skipped") {
  world net;
  net.open(1);
  for (int i = 0; i < 3; ++i) {
    end_epoch(net);
    CHECK(!net.run({}).worth_certifying);
  }
  const auto made = all_of<fast::happened::checkpoint_made>(net.run({net.leaf_tx(1, 1)}));
  REQUIRE(made.size() == 1);
  CHECK(made[0].content.claim_epoch == 3);
  CHECK(!made[0].content.closes);
}

TEST_CASE("fast claims: an epoch of unpayable leaves closes with an empty tree") {
  world net;
  net.open(1);
  net.run({net.leaf_tx(1, 1, 0, 0)});
  end_epoch(net);
  net.run({});
  CHECK(net.code(net.leaf_tx(1, 1, 1, 1)) == 0);  // another attempt: ordered, not paid
  end_epoch(net);
  const auto made = all_of<fast::happened::checkpoint_made>(net.run({}));
  REQUIRE(made.size() == 1);
  REQUIRE(made[0].content.closes);
  CHECK(made[0].content.closes->epoch == 1);
  CHECK(made[0].content.closes->entries == 0);
  CHECK(made[0].content.closes->totals == sum_root({}));
  CHECK(net.machine.now().closed.size() == 1);
}

TEST_CASE("fast claims: a paid claim is not offered again, and a paid epoch is forgotten") {
  world net;
  net.open(1);
  net.run({net.leaf_tx(1, 1, 0), net.leaf_tx(1, 2, 1)});
  end_epoch(net);
  net.run({});
  auto pay = [&](std::uint32_t validator) {
    net.run({world::heavy_tx(
      net.heavy.say({heard::claim_paid{.validator = {validator}, .session = {1}, .epoch = 0}}))});
  };
  pay(0);
  CHECK(net.machine.claims_of({0}).empty());
  CHECK(net.machine.claims_of({1}).size() == 1);
  CHECK(fast::unpaid_claims(net.machine.now(), 0).size() == 1);
  pay(3);  // no such claim
  CHECK(net.machine.now().closed.size() == 1);
  pay(1);
  CHECK(net.machine.now().closed.empty());
}

TEST_CASE("fast claims: an epoch's sum of units cannot overflow") {
  world net;
  net.open(1);
  auto now = net.machine.now();
  now.total_units = ~std::uint64_t{99};
  const fast::setting rules{net.start};
  auto verdict = [&](std::uint64_t units) {
    return fast::check(now, rules, fast::tx::submit_leaf{net.sealed(net.order(1, 1), units)},
                       net.checker)
      .code;
  };
  CHECK(verdict(99) == fast::transaction_check::ok);
  CHECK(verdict(100) == fast::transaction_check::units_exceeded);
}

TEST_CASE("fast claims: what an epoch owes is told of all its validators at once") {
  world net;
  for (std::uint32_t session : {1u, 2u}) {
    net.open(session);
    for (std::uint32_t i = 1; i <= 3; ++i)
      REQUIRE(net.code(net.leaf_tx(session, i, i % 2)) == 0);
  }
  CHECK(fast::unpaid_claims(net.machine.now(), 0).empty());
  end_epoch(net);
  net.run({});
  const auto owed = fast::unpaid_claims(net.machine.now(), 0);
  REQUIRE(owed.size() == 2);
  for (std::uint32_t validator : {0u, 1u})
    CHECK(encode(owed[validator]) == encode(net.machine.claims_of({validator}).at(0)));
  CHECK(fast::unpaid_claims(net.machine.now(), 1).empty());
}
