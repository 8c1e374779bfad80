#include "tests/support/ledger_fixture.hpp"

using namespace ledger_test;

namespace {

/// A chain with a bit of everything in its state.
void live_a_little(world& w) {
  const auto id = w.paired_session(user_key(0));
  const auto work = w.make_job(user_key(0), id);
  w.settle(work, 1);
  w.open(work);
  w.commit(work, w.audit(work).stage().seats[0].checker, work.result);
  (void)w.open_session(user_key(1), dg(3), tx::pairing_mode::random);
}

}  // namespace

TEST_CASE("replaying the same blocks gives the same roots") {
  world w;
  live_a_little(w);
  ledger::ledger_machine again(w.start, w.checker, w.mock());
  for (const auto& block : w.blocks)
    (void)again.execute(block);
  CHECK(again.state_root() == w.machine.state_root());
  CHECK(again.height() == w.machine.height());
}

TEST_CASE("a snapshot reproduces the root and continues identically") {
  world w;
  live_a_little(w);
  const auto saved = w.machine.snapshot();
  ledger::ledger_machine other(w.start, w.checker, w.mock());
  REQUIRE(other.restore(saved));
  CHECK(other.state_root() == w.machine.state_root());
  CHECK(other.snapshot() == saved);
  const auto known = w.blocks.size();
  w.wait(15'000);
  for (auto i = known; i < w.blocks.size(); ++i)
    CHECK(other.execute(w.blocks[i]).state_root.value.size() == 32);
  CHECK(other.state_root() == w.machine.state_root());
}

TEST_CASE("restore refuses other chains, other versions and damaged bytes, and stays as it was") {
  world w;
  live_a_little(w);
  auto other_genesis = test_genesis();
  other_genesis.name = "other";
  ledger::ledger_machine other(other_genesis, w.checker, w.mock());
  const auto root = other.state_root();
  auto saved = w.machine.snapshot();
  CHECK_FALSE(other.restore(saved));
  CHECK_FALSE(other.restore({}));
  saved[0] ^= 1;
  CHECK_FALSE(w.machine.restore(saved));
  saved[0] ^= 1;
  saved.pop_back();
  CHECK_FALSE(w.machine.restore(saved));
  CHECK(other.state_root() == root);
}

TEST_CASE("restore refuses a state that does not add up, however large its amounts are") {
  world w;
  live_a_little(w);
  const auto saved = w.machine.snapshot();
  const auto root = w.machine.state_root();
  const auto refuses = [&](auto change) {
    auto forged = *decode<ledger::state>(byte_view{saved}.subspan(1));
    change(forged);
    auto data = encode(forged);
    data.insert(data.begin(), saved[0]);
    return !w.machine.restore(data) && w.machine.state_root() == root;
  };
  CHECK_FALSE(refuses([](ledger::state&) {}));
  CHECK(refuses([](ledger::state& x) { x.treasury.edit().reserve += dg(1); }));
  // Sums beyond 128 bits, also such as come back to the right total when the carry is lost.
  const amount most{~uint128{0}};
  CHECK(refuses([&](ledger::state& x) {
    x.treasury.edit().reserve = most;
    x.treasury.edit().burned = most;
  }));
  CHECK(refuses([&](ledger::state& x) {
    x.treasury.edit().reserve.units -= 1;
    x.treasury.edit().burned.units += most.units;
    x.treasury.edit().audit_fund.units += 2;
  }));
  CHECK(refuses([](ledger::state& x) {
    auto& sessions = x.sessions.edit().all;
    const auto paired = std::find_if(sessions.begin(), sessions.end(),
                                     [](const auto& s) { return !s.second.lanes.empty(); });
    auto& lane = sessions.at(paired->first).lanes.begin()->second;
    lane.settled = lane.reserved + dg(1);
  }));
}

TEST_CASE("R4 a follower accepts the events with the feed's path and a certificate") {
  world w;
  std::vector<ledger::block_events> news;
  const auto record = [&] {
    if (!w.machine.announced().events.empty())
      news.push_back(w.machine.announced());
  };
  (void)w.pay(user_key(0), tx::transfer{user_key(1).identity, dg(1)});
  record();
  w.block();
  record();
  (void)w.pay(user_key(0), tx::transfer{user_key(1).identity, dg(2)});
  record();
  ledger::certified_events said{.blocks = news, .proof = {}, .sections = w.machine.sections(),
                                .path = w.machine.feed_path()};
  said.proof.statement = {w.chain(), 0, w.machine.height(), hash("block"), w.machine.state_root(),
                          digest_of(heavy_roster(w.start))};
  for (std::uint16_t i = 0; i < 3; ++i)
    said.proof.signatures.emplace_back(
      i, sign(author_key(i), consensus::signing_bytes(said.proof.statement)));
  ledger::follower reader{.authors = heavy_roster(w.start)};
  CHECK(ledger::follow(reader, said, w.checker).first == ledger::follow_check::ok);
  CHECK(reader.feed == w.machine.now().feed);
  ledger::follower misled{.authors = heavy_roster(w.start)};
  said.blocks.pop_back();
  CHECK(ledger::follow(misled, said, w.checker).first == ledger::follow_check::gap);
}

TEST_CASE("live time stands still while the chain does") {
  world w;
  const auto before = w.machine.now().clock->live_ms;
  w.block({}, 3 * hour_ms);
  CHECK(w.machine.now().clock->live_ms - before == 3 * w.start.params.heavy.idle_ms);
}

TEST_CASE("an empty block is not worth certifying, one with a transaction or an event is") {
  world w;
  w.block();  // the first release of emission
  CHECK_FALSE(w.block().worth_certifying);
  const auto said = w.money(user_key(0), tx::transfer{user_key(1).identity, dg(1)});
  CHECK(w.block({said}).worth_certifying);
  CHECK_FALSE(w.block({bytes{1}}).worth_certifying);
}
