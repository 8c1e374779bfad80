#include "fixture.hpp"

#include "protocol/job/placed_leaf.hpp"

using namespace fast_test;
using check = fast::transaction_check;

TEST_CASE(
  "fast leaves: R15 a fully signed leaf within its lane is ordered, payable and announced") {
  world net;
  net.open(1);
  const auto x = net.sealed(net.order(1, 1));
  const auto result = net.run({world::leaf_tx(x)});
  CHECK(result.outcomes.at(0).code == 0);
  CHECK(result.worth_certifying);
  const auto events = all_of<fast::happened::leaf_ordered>(result);
  REQUIRE(events.size() == 1);
  CHECK(events[0].content == x.content);
  CHECK(events[0].payable);
  CHECK(encode(events[0].content).size() == leaf_bytes);
}

TEST_CASE("fast leaves: R15 each missing precondition has its own number") {
  world net;
  CHECK(net.code(net.leaf_tx(1, 1)) == number(check::unknown_session));
  net.open(1);
  CHECK(net.code(net.leaf_tx(1, 1, 2)) == number(check::no_lane));
  CHECK(net.code(net.leaf_tx(1, 1, 9)) == number(check::unknown_validator));
  auto foreign = net.order(1, 1);
  foreign.chain = hash("another chain");
  CHECK(net.code(world::leaf_tx(net.sealed(foreign))) == number(check::wrong_chain));
  CHECK(net.code({1, 2, 3}) == number(check::malformed));
  CHECK(net.code(bytes(fast::transaction_bytes_max + 1)) == number(check::too_large));
  auto forged = net.sealed(net.order(1, 1));
  forged.order.user = sign(user_key(7), ticket_statement(forged.order.content));
  CHECK(net.code(world::leaf_tx(forged)) == number(check::bad_receipt));
  forged = net.sealed(net.order(1, 1));
  forged.content.fee -= 1;
  CHECK(net.code(world::leaf_tx(forged)) == number(check::bad_receipt));
  auto dear = net.order(1, 1);
  dear.unit_price = bid + 1;
  CHECK(net.code(world::leaf_tx(net.sealed(dear))) == number(check::price_above_bid));
  auto large = net.order(1, 1);
  large.unit_price = 0;
  large.units_max = fast::leaf_units_max + 1;
  CHECK(net.code(world::leaf_tx(net.sealed(large, large.units_max))) ==
        number(check::units_exceeded));
  CHECK(net.machine.now().pending.leaves.empty());
  CHECK(net.machine.last_checkpoint() == std::nullopt);
}

TEST_CASE("fast leaves: admission keeps what Heavy has yet to announce and drops the rest") {
  world net;
  const auto early = net.machine.check(net.leaf_tx(1, 1));
  CHECK(early.later);
  CHECK(early.code == number(check::unknown_session));
  net.open(1);
  CHECK(net.machine.check(net.leaf_tx(1, 1)).code == 0);
  CHECK(net.machine.check(net.leaf_tx(1, 1, 2)).later);
  const auto costly = net.machine.check(net.leaf_tx(1, 1, 0, 0, 10'000));
  CHECK(costly.code == 0);
  CHECK(!net.machine.check(bytes{9}).later);
}

TEST_CASE("fast leaves: frozen and leaving validators settle what they did, expelled ones do not") {
  world net;
  net.open(1);
  std::uint32_t sequence = 1;
  for (auto standing :
       {heard::standing::frozen, heard::standing::leaving, heard::standing::active}) {
    net.run(
      {world::heavy_tx(net.heavy.say({heard::validator_changed{{0}, standing, dg(1'000), 10}}))});
    CHECK(net.code(net.leaf_tx(1, sequence++)) == 0);
  }
  net.run({world::heavy_tx(
    net.heavy.say({heard::validator_changed{{0}, heard::standing::expelled, dg(0), 10}}))});
  CHECK(net.code(net.leaf_tx(1, sequence)) == number(check::validator_expelled));
}

TEST_CASE(
  "fast leaves: R8 the same leaf again is a no-op, a different one is kept as equivocation") {
  world net;
  net.open(1);
  const auto first = net.sealed(net.order(1, 1));
  CHECK(net.code(world::leaf_tx(first)) == 0);
  const auto again = net.run({world::leaf_tx(first)});
  CHECK(again.outcomes.at(0).code == number(check::already_ordered));
  CHECK(again.outcomes.at(0).reason == "ordered at height 2, checkpoint 1, index 0");
  CHECK(!again.worth_certifying);
  CHECK(again.events.empty());

  const auto second = net.sealed(net.order(1, 1), 100, 1);
  const auto caught = net.run({world::leaf_tx(second), world::leaf_tx(second)});
  CHECK(caught.outcomes.at(0).code == number(check::equivocated));
  CHECK(caught.outcomes.at(1).code == number(check::equivocated));
  CHECK(all_of<fast::happened::equivocation_found>(caught).size() == 1);
  REQUIRE(net.machine.now().equivocations.size() == 1);
  CHECK(net.machine.now().equivocations[0].ordered == leaf_hash(first.content));
  CHECK(net.machine.now().equivocations[0].second == second);
  CHECK(net.machine.now().sessions.at({1}).lanes.at({0}).used == 100);
}

TEST_CASE("fast leaves: R8 a second attempt is ordered but not payable") {
  world net;
  net.open(1);
  CHECK(net.code(net.leaf_tx(1, 1, 0, 0)) == 0);
  const auto result = net.run({net.leaf_tx(1, 1, 1, 1)});
  REQUIRE(result.outcomes.at(0).code == 0);
  const auto later = all_of<fast::happened::leaf_ordered>(result).at(0);
  CHECK(!later.payable);
  const auto& kept = net.machine.now().checkpoints;
  const auto& leaves = kept.contains(later.checkpoint) ? kept.at(later.checkpoint).leaves
                                                       : net.machine.now().pending.leaves;
  CHECK(leaves.at(later.index) == placed_leaf(later.content, false));  // its audit deducts nothing
  const auto& lanes = net.machine.now().sessions.at({1}).lanes;
  CHECK(lanes.at({0}).used == 100);
  CHECK(lanes.at({1}).used == 0);
  CHECK(net.machine.now().totals.size() == 1);
  for (std::uint8_t attempt = 2; attempt < fast::job_leaves_max; ++attempt)
    CHECK(net.code(net.leaf_tx(1, 1, attempt % 2, attempt)) == 0);
  CHECK(net.code(net.leaf_tx(1, 1, 0, fast::job_leaves_max)) == number(check::attempts_full));
}

TEST_CASE("fast leaves: R8 a lane is never overdrawn, and the refusal names the figures") {
  world net;
  net.open(1, 250);
  CHECK(net.code(net.leaf_tx(1, 1)) == 0);
  CHECK(net.code(net.leaf_tx(1, 2)) == 0);
  const auto result =
    net.run({net.leaf_tx(1, 3), net.leaf_tx(1, 3, 0, 0, 50), net.leaf_tx(1, 4, 1)});
  CHECK(result.outcomes.at(0).code == number(check::lane_exceeded));
  CHECK(result.outcomes.at(0).reason ==
        "the fee is 0.0000001 DG, the lane has 0.00000005 DG left of 0.00000025 DG");
  CHECK(result.outcomes.at(1).code == 0);
  CHECK(result.outcomes.at(2).code == 0);  // another payee's lane
  CHECK(net.machine.now().sessions.at({1}).lanes.at({0}).used == 250);
}

TEST_CASE("fast leaves: a sequence far ahead of the lowest unpaid one is refused with the window") {
  world net;
  net.open(1);
  const auto result =
    net.run({net.leaf_tx(1, fast::paid_window + 1), net.leaf_tx(1, fast::paid_window)});
  CHECK(result.outcomes.at(0).code == number(check::outside_window));
  CHECK(result.outcomes.at(0).reason ==
        "sequence 65537 is not below 65537: the lowest unpaid one is "
        "1 and the window 65536");
  CHECK(result.outcomes.at(1).code == 0);
}

TEST_CASE("fast leaves: R8 a closed session honours receipts until the leaf deadline, no longer") {
  auto start = small_genesis();
  start.params.leaf_deadline_ms = 100;  // one block of the test's Heavy Chain
  world late{start};
  late.open(1);
  auto close = [&] {
    late.run({world::heavy_tx(late.heavy.say({heard::session_closed{{1}, dg(0)}}))});
  };
  close();
  CHECK(late.code(late.leaf_tx(1, 1)) == 0);
  close();  // the second announcement, when the last lane ended, opens no new deadline
  CHECK(late.code(late.leaf_tx(1, 2)) == 0);
  close();
  const auto result = late.run({late.leaf_tx(1, 3)});
  CHECK(result.outcomes.at(0).code == number(check::session_closed));
  CHECK(result.outcomes.at(0).reason ==
        "the session closed at 200 ms of Heavy live time, more than 100 ms ago");
}

TEST_CASE("fast leaves: R8 each job is paid at most once under random orders and duplicates") {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    std::mt19937 random{seed};
    world net;
    net.open(1, 1'500);
    net.open(2, 100'000);
    std::vector<bytes> pool;
    for (std::uint32_t i = 0; i < 15; ++i)
      for (std::uint32_t session : {1u, 2u})
        for (std::uint8_t attempt : {0, 1})
          pool.push_back(net.leaf_tx(session, i, attempt, attempt, 100 + i));
    std::map<job_id, int> paid;
    std::map<std::pair<session_id, validator_id>, std::uint64_t> spent;
    for (int block = 0; block < 12; ++block) {
      std::vector<bytes> picked;
      for (int i = 0; i < 12; ++i)
        picked.push_back(pool[random() % pool.size()]);
      const auto result = net.run(picked);
      for (const auto& x : all_of<fast::happened::leaf_ordered>(result))
        if (x.payable) {
          ++paid[x.content.job];
          spent[{x.content.session, x.content.validator()}] += x.content.fee;
        }
    }
    CHECK(paid.size() > 5);
    for (const auto& [job, times] : paid)
      CHECK(times == 1);
    for (const auto& [who, sum] : spent) {
      CHECK(sum <= (who.first.value == 1 ? 1'500 : 100'000));
      CHECK(net.machine.now().sessions.at(who.first).lanes.at(who.second).used == sum);
    }
  }
}

TEST_CASE("fast leaves: a suspended kernel version's jobs have their deadline to get here, no more") {
  world net;
  net.open(1);
  const auto hear = [&net](std::vector<ledger::event> events) {
    REQUIRE(net.code(world::heavy_tx(net.heavy.say(std::move(events)))) == 0);
  };
  hear({heard::kernel_suspended{{"merkle.root", 1}}});  // another version
  hear({heard::kernel_suspended{{"merkle.root", 0}}});
  CHECK(net.code(net.leaf_tx(1, 1)) == 0);
  net.heavy.height += net.start.params.leaf_deadline_ms / 100 - 1;  // a block is 100 ms
  hear({});
  CHECK(net.code(net.leaf_tx(1, 2)) == 0);
  hear({});
  CHECK(net.code(net.leaf_tx(1, 3)) == number(check::kernel_suspended));
  hear({heard::kernel_resumed{{"merkle.root", 1}}});
  CHECK(net.code(net.leaf_tx(1, 3)) == number(check::kernel_suspended));
  hear({heard::kernel_resumed{{"merkle.root", 0}}});
  CHECK(net.code(net.leaf_tx(1, 3)) == 0);
}

TEST_CASE("attack: double payment by fail-over on Fast: whatever the order, one attempt is payable") {
  for (const bool stand_in_first : {false, true}) {
    world net;
    net.open(1);
    const auto paired = net.leaf_tx(1, 1, 0, 0), stand_in = net.leaf_tx(1, 1, 1, 1);
    CHECK(net.code(stand_in_first ? stand_in : paired) == 0);
    CHECK(net.code(stand_in_first ? paired : stand_in) == 0);
    const auto& lanes = net.machine.now().sessions.at({1}).lanes;
    CHECK(lanes.at({0}).used + lanes.at({1}).used == 100);
    CHECK(lanes.at({stand_in_first ? 1u : 0u}).used == 100);
    CHECK(net.machine.now().totals.size() == 1);
    CHECK(net.machine.now().total_units == 100);
  }
}
