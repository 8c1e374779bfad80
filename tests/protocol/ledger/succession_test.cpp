#include "tests/support/committee_fixture.hpp"

#include "protocol/ledger/view.hpp"

using namespace ledger_test;

TEST_CASE("Heavy's epoch ends with the first block that finds its term over and the coin ready") {
  committee_world w(election_genesis(with_committees(4)));
  REQUIRE(w.pay(user_key(0), tx::stand{dg(20'000)}).code == 0);
  w.wait_for_election(w.heavy());
  (void)w.make_coin(w.heavy());
  const auto ready = w.heavy().next->next;
  w.wait_until([&w] { return w.live_ms() + 500 >= w.term_ms(); });
  CHECK(w.heavy().now.epoch == 0);
  const auto last = w.block({}, 500);
  REQUIRE(last.next);
  CHECK(*last.next == ready);
  CHECK(last.worth_certifying);
  CHECK(w.heavy().now == ready);
  CHECK_FALSE(w.heavy().next);
  const auto seated = w.heard<happened::committee_seated>();
  REQUIRE(seated.size() == 1);
  CHECK(seated[0].now == ready);
  CHECK_FALSE(seated[0].base);
  CHECK_FALSE(w.block({}, 500).next);
  // The next term counts from here.
  (void)w.change_heavy();
  CHECK(w.heavy().now.epoch == 2);
  CHECK(w.heavy().since_ms >= 2 * w.term_ms());
}

TEST_CASE("a coin that comes late ends the epoch late, and at once") {
  committee_world w;
  w.wait(2 * w.term_ms());
  CHECK(w.heavy().now.epoch == 0);
  CHECK(w.make_coin(w.heavy()).next);
  CHECK(w.heavy().now.epoch == 1);
}

TEST_CASE("a beacon request left open at the end is answered by the next epoch's first") {
  committee_world w;
  const auto id = w.paired_session(user_key(0));
  const std::vector jobs{w.make_job(user_key(0), id)};
  w.wait_for_election(w.heavy());
  (void)w.make_coin(w.heavy());
  w.wait_until([&w] { return w.live_ms() + 3'000 >= w.term_ms(); });
  REQUIRE(w.prove(w.make_checkpoint(w.content_of(jobs))).code == 0);
  const auto asked = w.machine.height();
  chain::block_result last;
  while (!last.next) {
    w.shares.clear();
    last = w.block({}, 500);
  }
  CHECK(last.beacon_requests.empty());
  CHECK(w.machine.now().clock->unanswered.contains(asked));
  const auto first = w.block();
  CHECK(first.beacon_requests == std::vector{w.machine.height()});
  const auto reopened = w.machine.height();
  CHECK(w.machine.now().clock->unanswered.empty());
  w.block();
  const auto drawn = w.heard<happened::checkpoint_drawn>();
  REQUIRE(drawn.size() == 1);
  const auto value = hash("mock-value", sha256(coin_input("beacon", w.chain(), 1, reopened)));
  CHECK(drawn[0].beacon == hash("beacon-reopened", value, asked));
}

TEST_CASE("shares in vertices of another epoch make no beacon") {
  committee_world w;
  (void)w.change_heavy();
  const auto id = w.open_session(user_key(0), dg(100), tx::pairing_mode::random);
  const auto asked =
    w.block({w.duty(user_key(0), w.report(id, {w.answer(id, 0, 1)}))}).beacon_requests;
  const auto release = [&](std::uint32_t epoch) {
    chain::block_input input{.epoch = 1,
                             .height = w.machine.height() + 1,
                             .block = hash("b", epoch),
                             .timestamp_ms = w.clock_ms,
                             .vertices = {}};
    for (std::uint16_t author = 0; author < 4; ++author) {
      consensus::signed_vertex v;
      v.body.epoch = epoch;
      v.body.author = author;
      for (const auto height : asked)
        v.body.beacon_shares.push_back(
          {height, datagen::test_support::mock_coin_checker::share(author)});
      input.vertices.push_back(consensus::seal(v));
    }
    (void)w.machine.execute(input);
    return w.machine.find_session(id)->paired.has_value();
  };
  CHECK_FALSE(release(0));
  CHECK_FALSE(release(2));
  CHECK(release(1));
}

TEST_CASE("R4 a follower crosses the end of an epoch with its certificate, and not without") {
  committee_world w;
  std::vector<ledger::block_events> news;
  const auto record = [&] {
    if (!w.machine.announced().events.empty())
      news.push_back(w.machine.announced());
  };
  std::optional<consensus::roster> next;
  while (!next) {
    auto transactions = std::vector<bytes>{};
    if (w.heavy().next && !w.heavy().next->ready_height)
      for (std::uint16_t i = 0; i < 3; ++i)
        transactions.push_back(w.dealing_transaction(w.heavy().next->next, i));
    next = w.block(std::move(transactions), 500).next;
    record();
  }
  const auto outgoing = heavy_roster(w.start);
  ledger::certified_events said{.blocks = news,
                                .proof = {},
                                .sections = w.machine.sections(),
                                .path = w.machine.feed_path(),
                                .next = next};
  said.proof.statement = {
    w.chain(), 0, w.machine.height(), hash("block"), w.machine.state_root(), digest_of(*next)};
  for (std::uint16_t i = 0; i < 3; ++i)
    said.proof.signatures.emplace_back(
      i, sign(author_key(i), consensus::signing_bytes(said.proof.statement)));
  auto misled = said;
  misled.next->ids[0] = 9;
  auto reader = ledger::view_of(w.start);
  CHECK(ledger::advance(reader, misled, w.checker).check == ledger::follow_check::bad_hand_over);
  CHECK(ledger::advance(reader, said, w.checker).check == ledger::follow_check::ok);
  CHECK(reader.position.authors == w.heavy().now);
  CHECK(reader.fast_authors == w.fast().now);
  CHECK(reader.authors.size() == 4);
}
