#include "tests/support/committee_fixture.hpp"

#include "protocol/ledger/evidence.hpp"

using namespace ledger_test;
using ledger::evidence_check;

namespace {

std::uint16_t number(evidence_check x) { return code<tx::equivocation>(x); }

void resign(committee_world& w, tx::equivocation& x, std::uint32_t author) {
  for (auto* half : {&x.first, &x.second})
    half->sig = sign(w.key_of_member(author_key(author).identity),
                     consensus::signing_bytes(digest_of(half->header)));
}

}  // namespace

TEST_CASE("two vertices of one round cost a Heavy author a third of its stake, once per epoch") {
  committee_world w;
  const auto proof = w.twins(w.heavy().now, 1);
  CHECK(w.prove(proof).code == 0);
  CHECK(w.machine.find_author({1})->stake == dg(6'600));
  CHECK(w.machine.where_supply_is().burned == dg(3'400));
  const auto heard = w.heard<happened::author_slashed>();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].author == author_id{1});
  CHECK(heard[0].taken == dg(3'400));
  CHECK(w.prove({tx::equivocation{proof.second, proof.first}}).code ==
        number(evidence_check::already_slashed));
  CHECK(w.prove(w.twins(w.heavy().now, 1, 8)).code == number(evidence_check::already_slashed));
  for (const auto i : {0u, 2u, 3u})
    CHECK(w.machine.find_author({i})->stake == dg(10'000));
  (void)w.change_heavy();
  CHECK(w.prove(w.twins(w.heavy().now, 1)).code == 0);  // another epoch, another offence
  CHECK(w.machine.find_author({1})->stake == dg(4'356));
  CHECK(w.machine.find_author({1})->expelled);
}

TEST_CASE("two vertices of one round cost a Fast author its standing at once, without an appeal") {
  committee_world w;
  CHECK(w.prove(w.twins(w.fast().now, 2)).code == 0);
  CHECK(w.validator(2).stake == dg(660));
  CHECK(w.validator(2).expelled);
  CHECK(w.validator(2).freezes == 0);
  const auto heard = w.heard<happened::slashed>();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].reason == "twins");
  CHECK_FALSE(heard[0].pending);
  CHECK(w.prove(w.twins(w.fast().now, 2, 9)).code == number(evidence_check::already_slashed));
  CHECK(w.validator(3).stake == dg(1'000));
}

TEST_CASE("what does not prove equivocation slashes nobody") {
  committee_world w;
  const auto good = w.twins(w.heavy().now, 1);
  const auto refused = [&](auto change) {
    auto x = good;
    change(x);
    return w.prove(x).code;
  };
  CHECK(refused([&](auto& x) { x.second = x.first; }) == number(evidence_check::not_twins));
  CHECK(refused([&](auto& x) { x.second = w.header(w.heavy().now, 1, 8, "two"); }) ==
        number(evidence_check::not_twins));
  CHECK(refused([&](auto& x) { x.second = w.header(w.heavy().now, 2, 7, "two"); }) ==
        number(evidence_check::not_twins));
  CHECK(refused([&](auto& x) {
          x.second.header.epoch = 1;
          resign(w, x, 1);
        }) == number(evidence_check::not_twins));
  CHECK(refused([&](auto& x) {
          x.first.header.epoch = x.second.header.epoch = 1;
          resign(w, x, 1);
        }) == number(evidence_check::unknown_committee));
  CHECK(refused([&](auto& x) {
          x.first.header.chain = x.second.header.chain = hash("another chain");
          resign(w, x, 1);
        }) == number(evidence_check::unknown_committee));
  CHECK(refused([&](auto& x) {
          x.first.header.author = x.second.header.author = 4;
          resign(w, x, 1);
        }) == number(evidence_check::unknown_author));
  CHECK(refused([&](auto& x) { resign(w, x, 2); }) == number(evidence_check::bad_signature));
  CHECK(refused([&](auto& x) { std::swap(x.first.sig, x.second.sig); }) ==
        number(evidence_check::bad_signature));
  CHECK(refused([&](auto& x) { x.second.sig = {}; }) == number(evidence_check::bad_signature));
  for (const auto i : {0u, 1u, 2u, 3u})
    CHECK(w.machine.find_author({i})->stake == dg(10'000));
  CHECK(w.heard<happened::author_slashed>().empty());
  CHECK(w.prove(good).code == 0);
}

TEST_CASE("a past committee answers for its vertices until its unbonding is over, then no more") {
  committee_world w;
  const auto past = w.heavy().now;
  (void)w.change_heavy();
  CHECK(w.prove(w.twins(past, 0)).code == 0);
  CHECK(w.prove(w.twins(past, 0, 9)).code == number(evidence_check::already_slashed));
  CHECK(w.heavy().equivocated.empty());
  w.wait(w.start.params.unbonding_ms);
  CHECK(w.prove(w.twins(past, 1)).code == number(evidence_check::unknown_committee));
  CHECK(w.heavy().past.empty());
  CHECK(w.machine.find_author({0})->stake == dg(6'600));
  CHECK(w.machine.find_author({1})->stake == dg(10'000));
}
