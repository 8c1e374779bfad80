#include "tests/support/committee_fixture.hpp"

using namespace ledger_test;
using ledger::dealing_rule;

namespace {

std::uint16_t number(dealing_rule x) { return code<tx::coin_dealing>(x); }

}  // namespace

TEST_CASE("the first n - f dealings make a coin whose shares are what members find in them") {
  committee_world w;
  w.wait_for_election(w.heavy());
  const auto next = w.heavy().next->next;
  CHECK(w.deal(next, 2).code == 0);
  CHECK(w.deal(next, 0).code == 0);
  CHECK_FALSE(w.heavy().next->ready_height);
  CHECK(w.heard<happened::committee_ready>().empty());
  CHECK(w.deal(next, 3).code == 0);
  CHECK(w.heavy().next->ready_height == w.machine.height());
  const auto ready = w.heard<happened::committee_ready>();
  REQUIRE(ready.size() == 1);
  CHECK(ready[0].next == w.heavy().next->next);
  const auto& keys = ready[0].next.coin;
  CHECK(keys.threshold == 3);
  CHECK(consistent(*openssl_coin_group(), keys));
  const auto dealt = w.heard<happened::coin_dealt>();
  REQUIRE(dealt.size() == 3);
  for (std::uint16_t member = 0; member < 4; ++member) {
    std::vector<coin_scalar> shares;
    for (const auto& x : dealt)
      shares.push_back(w.secrets(next, x.content.dealer).shares[member]);
    CHECK(openssl_coin_group()->secret_base(dkg::secret_of(shares), 0) == keys.shares[member]);
  }
}

TEST_CASE("only an elected member deals, once, for this chain and epoch, before the coin is made") {
  committee_world w;
  const consensus::roster early{w.chain(), 1, w.heavy().now.authors, w.heavy().now.ids, {}};
  CHECK(w.deal(early, 0).code == number(dealing_rule::no_ceremony));
  w.wait_for_election(w.heavy());
  const auto next = w.heavy().next->next;
  auto other = w.dealing(next, 0);
  other.epoch = 2;
  CHECK(w.say(author_key(0), other).code == number(dealing_rule::no_ceremony));
  other = w.dealing(next, 0);
  other.chain = w.fast().now.chain;
  CHECK(w.say(author_key(0), other).code == number(dealing_rule::no_ceremony));
  CHECK(w.say(author_key(1), w.dealing(next, 0)).code == number(dealing_rule::not_the_dealer));
  CHECK(w.say(user_key(1), w.dealing(next, 0)).code == number(dealing_rule::not_the_dealer));
  auto bad = w.dealing(next, 0);
  bad.content.acks.pop_back();
  CHECK(w.say(author_key(0), bad).code == number(dealing_rule::bad_dealing));
  bad = w.dealing(next, 0, 1);
  bad.content.revealed[0].second = coin_scalar{};
  CHECK(w.say(author_key(0), bad).code == number(dealing_rule::bad_dealing));
  CHECK(w.heavy().next->dealings.empty());
  CHECK(w.say(author_key(0), w.dealing(next, 0, 1)).code == 0);
  CHECK(w.deal(next, 0).code == number(dealing_rule::already_dealt));
  CHECK(w.deal(next, 1).code == 0);
  CHECK(w.deal(next, 2).code == 0);
  CHECK(w.deal(next, 3).code == number(dealing_rule::coin_complete));
}

TEST_CASE("an epoch whose successor has no coin goes on, and is elected for again a term later") {
  committee_world w;
  w.wait_for_election(w.heavy());
  REQUIRE(w.deal(w.heavy().next->next, 0).code == 0);
  const auto elected = w.heard<happened::committee_elected>().size();
  w.wait(w.term_ms() - 1'000);
  CHECK(w.heavy().now.epoch == 0);
  // The same members again: their ceremony goes on, dealings and all.
  w.wait(1'500);
  CHECK(w.heard<happened::committee_elected>().size() == elected + 1);  // the Fast one
  CHECK(w.heavy().next->dealings.size() == 1);
  // Another candidate: a ceremony of its own.
  REQUIRE(w.pay(user_key(0), tx::stand{dg(20'000)}).code == 0);
  w.wait(w.term_ms());
  CHECK(w.heavy().next->next.ids == std::vector<std::uint32_t>{0, 1, 2, 3, 4});
  CHECK(w.heavy().next->next.epoch == 1);
  CHECK(w.heavy().next->dealings.empty());
  CHECK(w.heavy().now.epoch == 0);
}

TEST_CASE("a dealing among sixteen members fits into a transaction, whoever stays silent") {
  committee_world w;
  consensus::roster next{.chain = w.chain(), .epoch = 1};
  for (std::uint32_t i = 0; i < 16; ++i) {
    next.authors.push_back(author_key(i).identity);
    next.ids.push_back(i);
  }
  for (const std::size_t silent : {0, 5})
    CHECK(w.duty(author_key(0), w.dealing(next, 0, silent)).size() <
          ledger::transaction_bytes_max / 8);
}
