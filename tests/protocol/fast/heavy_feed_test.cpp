#include "fixture.hpp"

using namespace fast_test;
using check = fast::transaction_check;

TEST_CASE("fast heavy feed: certified events open sessions and lanes, once") {
  world net;
  const auto events = net.heavy.say(world::session_events(1, 500));
  const auto result = net.run({world::heavy_tx(events), world::heavy_tx(events)});
  CHECK(result.outcomes.at(0).code == 0);
  CHECK(result.outcomes.at(1).code == number(check::events_known));
  CHECK(result.worth_certifying);
  CHECK(all_of<fast::happened::heavy_followed>(result).at(0).height == 1);
  CHECK(net.machine.now().sessions.at({1}).lanes.at({1}).limit == 500);
  CHECK(net.machine.now().sessions.at({1}).user == user_key(1).identity);
}

TEST_CASE("fast heavy feed: a batch covers several blocks and may overlap what is known") {
  world net;
  auto first = net.heavy.add(world::session_events(1, 500));
  net.run({world::heavy_tx(net.heavy.certify({first}))});
  auto second = net.heavy.add(world::session_events(2, 500));
  auto third = net.heavy.add({heard::unpaired{{1}, {0}}});
  CHECK(net.code(world::heavy_tx(net.heavy.certify({first, second, third}))) == 0);
  CHECK(net.machine.now().heavy.height == 3);
  CHECK(net.machine.now().heavy.feed == net.heavy.feed);
  CHECK(net.machine.now().heavy_live_ms == 300);
  CHECK(net.machine.now().sessions.contains({2}));
}

TEST_CASE("fast heavy feed: a left out block, a changed event and too few signatures are refused") {
  world net;
  const auto first = net.heavy.add(world::session_events(1, 500));
  const auto second = net.heavy.add(world::session_events(2, 500));
  const auto good = net.heavy.certify({first, second});
  const auto before = net.machine.now().heavy.height;

  const auto gap = world::heavy_tx(net.heavy.certify({second}));
  CHECK(net.machine.check(gap).later);
  CHECK(net.code(gap) == number(check::events_gap));
  auto changed = good;
  std::get<heard::session_opened>(changed.blocks[0].events[0]).user = user_key(9).identity;
  CHECK(net.code(world::heavy_tx(changed)) == number(check::events_gap));
  auto few = good;
  few.proof.signatures.pop_back();
  CHECK(net.code(world::heavy_tx(few)) == number(check::events_unproven));
  auto forged = good;
  forged.proof.signatures[0].second = forged.proof.signatures[1].second;
  CHECK(net.code(world::heavy_tx(forged)) == number(check::events_unproven));
  auto disordered = good;
  std::swap(disordered.blocks[0], disordered.blocks[1]);
  CHECK(net.code(world::heavy_tx(disordered)) == number(check::events_unproven));
  CHECK(net.machine.now().heavy.height == before);
  CHECK(net.machine.now().sessions.empty());

  CHECK(net.code(world::heavy_tx(good)) == 0);
}

TEST_CASE("fast heavy feed: an admitted validator may commit, and a lane grows but never shrinks") {
  world net;
  net.run({world::heavy_tx(net.heavy.say(
    {heard::validator_admitted{
       .validator = {4}, .key = validator_key(4).identity, .stake = dg(1'000)},
     heard::session_opened{.session = {1}, .user = user_key(1).identity, .bid = bid},
     heard::paired{
       .session = {1}, .validator = {4}, .lanes = {{{4}, {100 * units_per_nano_dg}}}}}))});
  CHECK(net.code(net.leaf_tx(1, 1, 4)) == 0);
  CHECK(net.code(net.leaf_tx(1, 2, 4)) == number(check::lane_exceeded));
  auto pair = [&](std::uint64_t nano) {
    net.run({world::heavy_tx(net.heavy.say({heard::paired{
      .session = {1}, .validator = {4}, .lanes = {{{4}, {nano * units_per_nano_dg}}}}}))});
  };
  pair(200);
  pair(50);
  CHECK(net.machine.now().sessions.at({1}).lanes.at({4}).limit == 200);
  CHECK(net.code(net.leaf_tx(1, 2, 4)) == 0);
}
