#include "tests/support/committee_fixture.hpp"

#include "protocol/audit/draw.hpp"

using namespace ledger_test;

namespace {

using ids = std::vector<std::uint32_t>;

/// The mock beacon that block `height` of epoch 0 asked for.
digest beacon_of(const committee_world& w, std::uint64_t height) {
  return hash("mock-value", sha256(coin_input("beacon", w.chain(), 0, height)));
}

}  // namespace

TEST_CASE("Heavy elects the highest stakes at half of a term, the lower id on a tie") {
  committee_world w(election_genesis(with_committees(4)));
  REQUIRE(w.pay(user_key(0), tx::stand{dg(10'000)}).code == 0);  // id 4: as much as 0 to 3
  REQUIRE(w.pay(user_key(1), tx::stand{dg(10'001)}).code == 0);  // id 5
  w.wait_until([&w] { return w.live_ms() + 500 >= w.term_ms() / 2; });
  CHECK_FALSE(w.heavy().next);
  w.block({}, 500);
  REQUIRE(w.heavy().next);
  const auto& next = w.heavy().next->next;
  CHECK(next.ids == ids{0, 1, 2, 5});
  CHECK(next.authors[3] == user_key(1).identity);
  CHECK(next.epoch == 1);
  CHECK(next.chain == w.chain());
  CHECK(next.coin == coin_keys{});
  const auto heard = w.heard<happened::committee_elected>();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].next == next);
}

TEST_CASE("who leaves, is expelled or holds too little stake is not elected") {
  auto from = election_genesis();
  from.heavy_authors[2].stake = dg(6'000);
  committee_world w(from);
  for (std::uint32_t i = 0; i < 3; ++i)
    REQUIRE(w.pay(user_key(i), tx::stand{dg(9'000)}).code == 0);
  REQUIRE(w.pay(author_key(1), tx::stand_down{}).code == 0);
  REQUIRE(w.prove(w.twins(w.heavy().now, 2)).code == 0);  // 3,960 DG are left: expelled
  REQUIRE(w.prove(w.twins(w.heavy().now, 3)).code == 0);  // 6,600 DG: still a candidate
  w.wait_for_election(w.heavy());
  CHECK(w.heavy().next->next.ids == ids{0, 3, 4, 5, 6});
}

TEST_CASE("with fewer than four candidates the committee that serves goes on serving") {
  committee_world w;
  REQUIRE(w.pay(author_key(0), tx::stand_down{}).code == 0);
  for (std::uint32_t i = 0; i < 4; ++i)
    REQUIRE(w.pay(validator_key(i), tx::leave{}).code == 0);
  w.wait(3 * w.term_ms());
  CHECK(w.heard<happened::committee_elected>().empty());
  CHECK(w.heavy().now.ids == ids{0, 1, 2, 3});
  REQUIRE(w.pay(user_key(0), tx::stand{dg(9'000)}).code == 0);
  w.wait_for_election(w.heavy());
  CHECK(w.heavy().next->next.ids == ids{1, 2, 3, 4});
}

TEST_CASE("all active validators are the next Fast committee where they are not too many") {
  committee_world w;
  REQUIRE(w.pay(validator_key(2), tx::leave{}).code == 0);
  w.wait_until([&w] { return w.live_ms() + 500 >= w.term_ms(); });
  CHECK_FALSE(w.fast().next);
  w.block({}, 500);
  REQUIRE(w.fast().next);
  CHECK(w.fast().next->next.ids == ids{0, 1, 3, 4, 5, 6});
  CHECK(w.fast().next->next.chain == fast_chain_id(w.start));
}

TEST_CASE("too many validators are drawn by a beacon requested when the candidates are fixed") {
  committee_world w(election_genesis(with_committees(16, 4)));
  w.wait_until([&w] { return w.fast().drawing.has_value(); });
  const auto frozen = *w.fast().drawing;
  CHECK(frozen.height == w.machine.height());
  CHECK(frozen.stakes.size() == 7);
  CHECK(w.shares == std::vector{frozen.height});
  std::vector<candidate> eligible;
  for (const auto& [id, stake] : frozen.stakes)
    eligible.push_back({id, {}, stake});
  // Too late to change anything: the candidates are fixed.
  const auto asked = std::exchange(w.shares, {});
  (void)w.block({w.money(validator_key(0), tx::leave{}), w.money(validator_key(1), tx::leave{})});
  CHECK_FALSE(w.fast().next);
  w.shares = asked;
  w.block();
  REQUIRE(w.fast().next);
  ids expected;
  for (const auto id : draw_committee(beacon_of(w, frozen.height), 1, eligible, 4))
    expected.push_back(id.value);
  CHECK(w.fast().next->next.ids == expected);
  CHECK(expected.size() == 4);
  CHECK_FALSE(w.fast().drawing);
}
