// A user says that its result did not come (protocol.md section 2, step 9), and its validator answers.

#include <caf/all.hpp>

#include "tests/support/client.hpp"
#include "tests/support/scratch.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// One job of account 0 whose acknowledgement was lost on the way, and its leaf settled.
struct quarrel {
  std::shared_ptr<bool> deaf = std::make_shared<bool>(false);
  virtual_cluster net;
  heavy_log log{net};
  client alice{net};
  v1::job_outcome done;
  const key_pair user = development_key(development_kind::account, 0);
  const peer self{role::gateway, 70};
  std::shared_ptr<std::optional<v1::leaf_place>> place =
    std::make_shared<std::optional<v1::leaf_place>>();
  std::shared_ptr<std::optional<v1::transaction_done>> said =
    std::make_shared<std::optional<v1::transaction_done>>();

  explicit quarrel(const std::string& data_dir = {})
      : net{{.data_dir = data_dir,
             .extra_delay_us = [deaf = deaf](const peer& a, const peer& b) -> std::uint64_t {
               return *deaf && a.kind == role::router && b.kind == role::validator ? 3'600'000'000
                                                                                    : 0;
             }}} {
    net.net->attach(self, net.sim.system().spawn([place = place, said = said](caf::event_based_actor*) {
      return caf::behavior{[place](const peer&, const v1::leaf_place& x) { *place = x; },
                           [said](const peer&, const v1::transaction_done& x) { *said = x; }};
    }));
    const auto outcome = alice.start();
    net.sim.run_for(4);  // the request is there, three milliseconds away
    *deaf = true;
    REQUIRE(net.sim.run_until([&] { return outcome->has_value(); }, 10'000));
    REQUIRE((*outcome)->code == ec::ok);
    done = **outcome;
    net.sim.run_for(100);
    *deaf = false;
  }
  acknowledgement word(const key_pair& by) const {
    const auto& leaf = done.receipt.content;
    acknowledgement x{.job = leaf.job, .attempt = leaf.attempt(), .validator = leaf.validator(),
                      .result = digest_of(done.result)};
    x.user = sign(by, acknowledgement_statement(heavy_chain_id(net.net_cluster->chain()), x));
    return x;
  }
  void acknowledge(const key_pair& by) {
    net.net->send(peer{role::router, 0}, peer{role::validator, alice.validator.value},
                  v1::job_acknowledged{word(by)});
    net.sim.run_for(20);
  }
  /// The user's question with its whole proof, taken by the chain.
  void ask() {
    const auto& leaf = done.receipt.content;
    REQUIRE(net.sim.run_until([&] { return leaves_settled(log) == 1; }, 10'000));
    REQUIRE(net.sim.run_until(
      [&] {
        net.net->send(self, peer{role::fast_author, 1},
                      v1::leaf_place_query{leaf.job, leaf.attempt()});
        net.sim.run_for(50);
        return *place && (*place)->checkpoint != 0;
      },
      10'000));
    ledger::tx::not_delivered x{.held = done.receipt, .index = (*place)->index,
                                .path = (*place)->path};
    std::vector<ledger::tx::checkpoint_content> all;
    log.each<happened::checkpoint_settled>([&](const auto& y) {
      if (y.content.sequence == (*place)->checkpoint)
        x.settled = y.content;
      all.push_back(y.content);
    });
    std::vector<digest> history;
    std::size_t at = 0;
    for (const auto& y : all) {
      if (y.claim_epoch != x.settled.claim_epoch || (history.empty() && y.leaves == 0))
        continue;  // an epoch begins with its first leaf
      if (y.sequence == x.settled.sequence)
        at = history.size();
      history.push_back(merkle_leaf(digest_of(y).view()));
    }
    x.settled_path = merkle_path(history, at);
    net.net->send(self, peer{role::heavy_author, 1},
                  v1::submit_transaction{
                    ledger::make_transaction(heavy_chain_id(net.net_cluster->chain()), user, 0, x),
                    true});
    REQUIRE(net.sim.run_until([&] { return said->has_value(); }, 5'000));
    REQUIRE_MESSAGE((*said)->outcome.code == 0, (*said)->outcome.reason);
  }
  /// How Heavy settled it.
  bool delivered() {
    std::optional<bool> result;
    REQUIRE(net.sim.run_until(
      [&] {
        log.each<happened::delivery_settled>([&](const auto& x) { result = x.delivered; });
        return result.has_value();
      },
      20'000));
    net.sim.run_for(60'000);
    return *result;
  }
};

}  // namespace

TEST_CASE("R15 delivery: a user that has acknowledged its result cannot take the price back by saying that "
          "it did not come, nor by a forged word sent first") {
  quarrel q;
  q.acknowledge(development_key(development_kind::account, 1));
  q.acknowledge(q.user);
  q.ask();
  CHECK(q.delivered());
  CHECK(price_paid(q.log) == q.done.receipt.content.fee);
}

TEST_CASE("attack: a price taken back for a result that was received: a user that never acknowledges pays "
          "all the same, since its validator brings the result to the committee's store") {
  quarrel q;
  q.ask();
  CHECK(q.delivered());
  CHECK(price_paid(q.log) == q.done.receipt.content.fee);
}

TEST_CASE("R15 delivery: a validator that starts again between a job's settlement and the question for its "
          "result computes it again and is paid") {
  scratch disk;
  quarrel q{disk.text()};
  REQUIRE(q.net.sim.run_until([&] { return leaves_settled(q.log) == 1; }, 10'000));
  q.net.sim.run_for(1'500);
  q.net.drop(role::validator, q.alice.validator.value);
  q.net.sim.run_for(300);
  q.net.host(role::validator, q.alice.validator.value);
  q.ask();
  CHECK(q.delivered());
  CHECK(price_paid(q.log) == q.done.receipt.content.fee);
}

namespace {

/// A job whose answers do not get through to its user; its leaf, and the stand-ins', are on the chain.
struct lost_result {
  std::shared_ptr<bool> mute = std::make_shared<bool>(false);  ///< Validators, to their users.
  std::shared_ptr<bool> cut = std::make_shared<bool>(false);   ///< Validators, to the committee.
  virtual_cluster net{
    {.extra_delay_us = [mute = mute, cut = cut](const peer& a, const peer& b) -> std::uint64_t {
      const bool lost = a.kind == role::validator && ((*mute && b.kind == role::router) ||
                                                      (*cut && b.kind == role::fast_author));
      return lost ? 3'600'000'000 : 0;
    }}};
  heavy_log log{net};
  client alice{net};
  client::outcome job;

  lost_result() {
    *mute = true;
    job = alice.start();
    REQUIRE(net.sim.run_until([&] { return leaves_settled(log) > 0; }, 20'000));
  }
  bool settled() {
    std::optional<bool> result;
    REQUIRE(net.sim.run_until(
      [&] {
        log.each<happened::delivery_settled>([&](const auto& x) { result = x.delivered; });
        return result.has_value();
      },
      60'000));
    return *result;
  }
};

}  // namespace

TEST_CASE("R15 delivery: a user whose result did not come asks for it on Heavy by itself, and has it from "
          "the committee's store, and the job is paid once") {
  lost_result x;
  CHECK(x.settled());
  REQUIRE(x.net.sim.run_until([&] { return x.job->has_value(); }, 10'000));
  const auto& done = **x.job;
  REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
  CHECK(result_root(done.output.view()) == done.result.root);
  CHECK(done.receipt.content.attempt() == 0);
  x.net.sim.run_for(60'000);
  CHECK(price_paid(x.log) == done.receipt.content.fee);
  CHECK(x.log.count<happened::delivery_asked>() == 1);
  CHECK(x.log.count<happened::slashed>() == 0);
}

TEST_CASE("R15 delivery: a validator that does not bring a result when it is asked for is not paid for it") {
  lost_result x;
  *x.cut = true;
  CHECK_FALSE(x.settled());
  *x.cut = false;  // it may claim, as it likes
  x.net.sim.run_for(60'000);
  CHECK(price_paid(x.log) == 0);
  CHECK_FALSE(x.job->has_value());
}

TEST_CASE("R15 delivery: of users that have their results nobody asks for one") {
  virtual_cluster net;
  heavy_log log{net};
  client alice{net};
  for (int i = 0; i < 10; ++i) {
    REQUIRE(alice.run().code == ec::ok);
    net.sim.run_for(2'000);
  }
  net.sim.run_for(40'000);
  CHECK(log.count<happened::delivery_asked>() == 0);
}
