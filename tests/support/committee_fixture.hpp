#pragma once
// Elections and hand-overs on the small Heavy Chain of `ledger_fixture.hpp`: members who deal their
// coin, vertices signed by whoever serves.

#include "protocol/ledger/authors.hpp"
#include "protocol/ledger/ceremonies.hpp"
#include "tests/support/ledger_fixture.hpp"

namespace ledger_test {

/// Users hold enough to stand for election.
inline genesis election_genesis(parameters p = all_drawn(), std::uint32_t validators = 7) {
  auto result = test_genesis(p, dg(1'000), validators);
  for (std::uint32_t i = 0; i < 8; ++i)
    result.accounts[user_key(i).identity] = dg(50'000);
  return result;
}
inline parameters with_committees(std::uint32_t heavy_max, std::uint32_t fast_max = 16,
                                  std::uint32_t dead_after_blocks = 600) {
  auto p = all_drawn();
  p.heavy_committee_max = heavy_max;
  p.fast_committee_max = fast_max;
  p.fast_dead_heavy_blocks = dead_after_blocks;
  return p;
}

struct committee_world : world {
  explicit committee_world(genesis from = election_genesis()) : world(std::move(from)) {}

  const ledger::chain_committees& heavy() const { return committees().heavy; }
  const ledger::chain_committees& fast() const { return committees().fast; }
  std::uint64_t live_ms() const { return machine.now().clock->live_ms; }
  std::uint64_t term_ms() const { return start.params.committee_term_ms; }

  template <class Done>
  void wait_until(Done done) {
    for (int i = 0; i < 1'000 && !done(); ++i)
      block({}, 500);
    REQUIRE(done());
  }
  void wait_for_election(const ledger::chain_committees& of) {
    wait_until([&of] { return of.next.has_value(); });
  }

  /// The keys of whoever may sit on a committee here.
  static key_pair key_of_member(const public_key& id) {
    static const auto known = [] {
      std::map<public_key, key_pair> result;
      for (std::uint32_t i = 0; i < 20; ++i)
        for (const auto& key : {author_key(i), validator_key(i), user_key(i)})
          result.emplace(key.identity, key);
      return result;
    }();
    return known.at(id);
  }

  dkg::secret_dealing secrets(const consensus::roster& next, std::uint16_t dealer) const {
    return dkg::deal(*openssl_coin_group(), ledger::ceremony_of(next), hash("seed", dealer));
  }
  /// The dealing of member `dealer`, which the last `silent` members did not acknowledge.
  tx::coin_dealing dealing(const consensus::roster& next, std::uint16_t dealer,
                           std::size_t silent = 0) const {
    const auto ceremony = ledger::ceremony_of(next);
    const auto dealt = secrets(next, dealer);
    tx::coin_dealing result{next.chain, next.epoch, {}};
    result.content.dealer = dealer;
    result.content.commitments = dealt.commitments;
    for (std::uint16_t j = 0; j < next.size(); ++j)
      if (j + silent < next.size())
        result.content.acks.emplace_back(
          j, sign(key_of_member(next.authors[j]),
                  dkg::ack_statement(ceremony, dealer, dealt.commitments, j)));
      else
        result.content.revealed.emplace_back(j, dealt.shares[j]);
    return result;
  }
  bytes dealing_transaction(const consensus::roster& next, std::uint16_t dealer) const {
    return duty(key_of_member(next.authors[dealer]), dealing(next, dealer));
  }
  chain::transaction_outcome deal(const consensus::roster& next, std::uint16_t dealer) {
    return run(dealing_transaction(next, dealer));
  }
  /// A quorum of the members that are elected deal, in one block.
  chain::block_result make_coin(const ledger::chain_committees& of) {
    const auto next = of.next.value().next;
    std::vector<bytes> all;
    for (std::uint16_t i = 0; i < next.quorum(); ++i)
      all.push_back(dealing_transaction(next, i));
    auto result = block(std::move(all));
    REQUIRE(heard<happened::committee_ready>().back().next.authors == next.authors);
    return result;
  }
  /// The next Heavy committee is elected, makes its coin and takes its seats.
  /// @returns what the epoch's last block gave
  chain::block_result change_heavy() {
    wait_for_election(heavy());
    auto last = make_coin(heavy());
    for (int i = 0; i < 1'000 && !last.next; ++i)
      last = block({}, 500);
    REQUIRE(last.next);
    return last;
  }
  void ready_fast() {
    wait_for_election(fast());
    (void)make_coin(fast());
  }
  tx::checkpoint_content empty_content(bool last = false) const {
    return {.sequence = machine.now().checkpoints->last + 1,
            .fast_height = 100 + machine.now().checkpoints->last,
            .timestamp_ms = clock_ms,
            .claim_epoch = machine.now().checkpoints->claim_epoch,
            .leaf_root = merkle_root({}),
            .last = last};
  }
  /// The Fast committee that serves closes for the ready one.
  chain::transaction_outcome hand_over_fast() {
    return prove(make_checkpoint(empty_content(true)));
  }

  consensus::signed_header header(const consensus::roster& of, std::uint16_t author,
                                  std::uint32_t round, std::string_view contents) const {
    consensus::signed_header result{.header = {.chain = of.chain,
                                               .epoch = of.epoch,
                                               .round = round,
                                               .author = author,
                                               .timestamp_ms = 5,
                                               .links = hash("links"),
                                               .contents = hash("contents", contents)}};
    result.sig = sign(key_of_member(of.authors.at(author)),
                      consensus::signing_bytes(digest_of(result.header)));
    return result;
  }
  tx::equivocation twins(const consensus::roster& of, std::uint16_t author,
                         std::uint32_t round = 7) const {
    return {header(of, author, round, "one"), header(of, author, round, "two")};
  }
};

}  // namespace ledger_test
