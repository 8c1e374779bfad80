// What closed claim epochs count, watched by the users whose jobs they are (R15; protocol.md section 2,
// step 9).

#include "tests/support/client.hpp"
#include "tests/support/epoch_tree.hpp"

#include "protocol/chain/committees.hpp"

#include <caf/all.hpp>

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

parameters slow_epochs() {
  auto p = all_drawn();
  p.epoch_ms = 60'000;
  p.unbonding_ms = 300'000;
  p.committee_term_ms = 600'000;
  p.echo_period_ms = hour_ms;
  return p;
}

key_pair validator_key(std::uint32_t i) { return development_key(development_kind::validator, i); }

/// A Fast committee of nothing but liars: after one honest job, paid for and audited, its members vanish,
/// and a quorum of their keys certifies totals that count the job twice.
struct false_totals {
  virtual_cluster net{{.params = slow_epochs()}};
  heavy_log log{net};
  client alice{net};
  v1::job_outcome done = alice.run();
  ledger_test::epoch_tree tree;
  std::uint64_t epoch = 0;

  false_totals() {
    REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
    REQUIRE(net.sim.run_until([&] { return !verdicts(log).empty(); }, 40'000));
    ledger::tx::checkpoint_content last;
    log.each<happened::checkpoint_settled>([&](const auto& x) { last = x.content; });
    REQUIRE(last.leaves == 1);
    for (std::uint32_t i = 0; i < 7; ++i)
      net.drop(role::validator, i);
    epoch = last.claim_epoch;
    const auto& leaf = done.receipt.content;
    for (int twice = 0; twice < 2; ++twice)
      tree.add(leaf, last.sequence, 0);
    ledger::tx::checkpoint_content content{.sequence = last.sequence + 1,
                                           .fast_height = last.fast_height + 100,
                                           .timestamp_ms = last.timestamp_ms + 60'000,
                                           .claim_epoch = epoch,
                                           .leaf_root = merkle_root({})};
    content.closes = tree.closed(epoch);
    submit(ledger::make_unsigned(heavy(), certified(content)));
  }
  chain_id heavy() const { return heavy_chain_id(net.net_cluster->chain()); }
  ledger::tx::checkpoint certified(const ledger::tx::checkpoint_content& content) const {
    const auto by = fast_roster(net.net_cluster->chain());
    const std::vector<digest> sections{merkle_leaf(digest_of(content).view()),
                                       merkle_leaf(bytes{1, 2})};
    ledger::tx::checkpoint result{.content = content, .proof = {}, .sections = 2,
                                  .path = merkle_path(sections, 0)};
    result.proof.statement = {by.chain, by.epoch, content.fast_height, hash("false"),
                              merkle_root(sections), {}};
    for (std::uint16_t i = 0; i < by.quorum(); ++i)
      result.proof.signatures.emplace_back(
        i, sign(validator_key(by.ids[i]), consensus::signing_bytes(result.proof.statement)));
    return result;
  }
  void submit(bytes transaction) {
    net.net->send(peer{role::gateway, 55}, {role::heavy_author, 0},
                  v1::submit_transaction{std::move(transaction)});
  }
  /// Members that tell what the false totals hold.
  void tell_entries() {
    for (std::uint32_t i = 0; i < 7; ++i) {
      const peer self{role::fast_author, i};
      net.net->attach(self, net.sim.system().spawn([=, this](caf::event_based_actor* me) {
        me->set_default_handler(caf::drop);
        return caf::behavior{[=, this](const peer& from, const v1::entry_query& x) {
          net.net->send(self, from, v1::entry_reply{x.epoch, tree.claim(epoch, x.validator)});
        }};
      }));
    }
  }
  /// The liar answers for every job that is asked for.
  void show_jobs() {
    log.each<happened::count_asked>([&](const auto& x) {
      const auto& leaf = done.receipt.content;
      submit(ledger::make_unsigned(
        heavy(), ledger::tx::show_count{
                   x.job, tree.place(epoch, {leaf.validator(), leaf.session}, x.job), leaf}));
    });
  }
  void claim() {
    submit(ledger::make_transaction(heavy(), validator_key(0), 0,
                                    tree.claim(epoch, done.receipt.content.validator())));
    net.sim.run_for(5'000);
  }
  std::size_t asked() const { return log.count<happened::count_asked>(); }
};

}  // namespace

TEST_CASE("R15 claims: totals that count a job twice are asked about by its user, disproved within the "
          "epoch, cost who certified them, and the job is paid once") {
  false_totals f;
  f.tell_entries();
  REQUIRE(f.net.sim.run_until([&] { return f.asked() == 2; }, 20'000));
  f.show_jobs();
  REQUIRE(f.net.sim.run_until([&] { return f.log.count<happened::claim_disproved>() == 1; }, 20'000));
  std::size_t signers = 0;
  f.log.each<happened::slashed>([&](const auto& x) { signers += x.reason == "false_totals"; });
  CHECK(signers == 5);
  f.net.sim.run_for(70'000);
  f.claim();
  CHECK(price_paid(f.log) == f.done.receipt.content.fee);
}

TEST_CASE("R15 claims: of totals whose jobs nobody shows, the entry is void") {
  for (const bool told : {true, false}) {
    CAPTURE(told);
    false_totals f;
    if (told)
      f.tell_entries();
    REQUIRE(f.net.sim.run_until([&] { return f.log.count<happened::entry_voided>() == 1; }, 50'000));
    CHECK(f.asked() == (told ? 2 : 1));
    f.net.sim.run_for(70'000);
    f.claim();
    CHECK(f.log.count<happened::claim_paid>() == 0);
  }
}

TEST_CASE("R15 claims: of honest totals no user asks anything, and whoever does is shown the job") {
  auto p = dev_preset();
  p.committee_term_ms = 600'000;
  virtual_cluster net{{.params = p}};
  heavy_log log{net};
  client alice{net};
  uint128 fees = 0;
  for (int i = 0; i < 4; ++i) {
    const auto done = alice.run();
    REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
    fees += done.receipt.content.fee;
  }
  std::uint64_t epoch = 0;
  const auto closed = [&] {
    bool found = false;
    log.each<happened::checkpoint_settled>([&](const auto& x) {
      if (x.content.closes) {
        found = true;
        epoch = x.content.closes->epoch;
      }
    });
    return found;
  };
  REQUIRE(net.sim.run_until(closed, 30'000));
  net.sim.run_for(3'000);
  CHECK(log.count<happened::count_asked>() == 0);
  const auto stranger = development_key(development_kind::account, 7);
  const auto heavy = heavy_chain_id(net.net_cluster->chain());
  for (const std::uint32_t job : {0U, 1U, 9U})
    net.net->send(peer{role::gateway, 55}, {role::heavy_author, 0},
                  v1::submit_transaction{ledger::make_transaction(
                    heavy, stranger, 0, ledger::tx::ask_for_count{epoch, 0, job})});
  REQUIRE(net.sim.run_until([&] { return log.count<happened::count_shown>() == 3; }, 20'000));
  net.sim.run_for(60'000);
  CHECK(log.count<happened::entry_voided>() == 0);
  CHECK(price_paid(log) == fees);
}
