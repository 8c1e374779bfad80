// A validator that falls silent (protocol.md section 2, steps 2 and 5): its stand-in finishes the job
// under attempt + 1, it is paid once, and a new Echo finds a new pairing.

#include "tests/support/client.hpp"
#include "tests/support/scratch.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// Remembers that a job reached a stage.
struct watch final : stage_watch {
  std::set<job_stage> seen;
  void reached(const job_id&, job_stage stage) override { seen.insert(stage); }
};

struct killed {
  scratch disk;
  std::shared_ptr<watch> stages = std::make_shared<watch>();
  virtual_cluster net{{.data_dir = disk.text(), .stages = stages}};
  heavy_log log{net};
  client alice{net};

  /// Starts a job and stops when its validator has accepted it and its kernel is asked.
  client::outcome start_until_accepted() {
    const auto done = alice.start();
    stages->seen.clear();
    REQUIRE(net.sim.run_until([&] { return stages->seen.count(job_stage::accepted) == 1; }, 1'000));
    REQUIRE(stages->seen.count(job_stage::computed) == 0);
    return done;
  }
  std::uint64_t ms() const { return net.net->now().monotonic_ms; }
};

/// What the user config and one tick of its clock allow, and the way to the stand-in and back.
const std::uint64_t fail_over_bound_ms = user_config{}.silence_ms + 1'000 + 100;

/// Stands between a user and its router, and can hold jobs up.
struct middleman {
  bool hold = false;
  bool working = false;
  std::vector<v1::job_request> held;
};

void put_between(virtual_cluster& net, std::shared_ptr<middleman> how, std::uint32_t user) {
  const peer self{role::router, 5}, real{role::router, 0}, whom{role::user, user};
  const auto net_seam = net.net;
  net.net->attach(self, net.sim.system().spawn([=](caf::event_based_actor*) {
    const auto pass = [=](const peer& from, const auto& x) {
      net_seam->send(self, from == whom ? real : whom, x);
    };
    return caf::behavior{
      [=](const peer& from, const v1::echo_package& x) { pass(from, x); },
      [=](const peer& from, const v1::echo_reply& x) { pass(from, x); },
      [=](const peer& from, const v1::job_reply& x) { pass(from, x); },
      [=](const peer& from, const v1::job_refused& x) { pass(from, x); },
      [=](const peer& from, const v1::job_acknowledged& x) { pass(from, x); },
      [=](const peer& from, const v1::job_request& x) {
        if (how->hold && x.order.content.attempt == 0)
          how->held.push_back(x);
        else
          pass(from, x);
      },
      [=](const peer& from, const v1::job_probe& x) {
        if (how->hold && how->working && x.attempt == 0)
          net_seam->send(self, from, v1::job_working{x.job, x.attempt});
        else if (!how->hold)
          pass(from, x);
      },
      [=](const peer& from, const v1::job_working& x) { pass(from, x); }};
  }));
}

}  // namespace

TEST_CASE("R13 fail-over: of a validator killed in the middle of a job, a stand-in finishes it under "
          "attempt + 1 within the stated bound and without a new Echo, it is paid once, and a "
          "pairing with another follows") {
  killed k;
  const auto first = k.alice.run();
  REQUIRE(first.code == ec::ok);
  const auto done = k.start_until_accepted();
  k.net.drop(role::validator, 0);
  const auto before = k.ms();
  const auto pairings = k.log.count<happened::paired>();
  REQUIRE(k.net.sim.run_until([&] { return done->has_value(); }, fail_over_bound_ms));
  CHECK(k.ms() - before <= fail_over_bound_ms);
  CHECK_MESSAGE((*done)->code == ec::ok, (*done)->reason);
  const auto& leaf = (*done)->receipt.content;
  CHECK(leaf.attempt() == 1);
  CHECK(leaf.validator() != validator_id{0});
  CHECK(k.log.count<happened::paired>() == pairings);

  REQUIRE(k.net.sim.run_until([&] { return k.log.count<happened::paired>() > pairings; }, 10'000));
  validator_id now;
  k.log.each<happened::paired>([&](const auto& x) { now = x.validator; });
  CHECK(now != validator_id{0});
  k.net.sim.run_for(500);  // the user hears of it too
  const auto asked = k.ms();
  const auto next = k.alice.run();
  CHECK(next.code == ec::ok);
  CHECK(k.ms() - asked < 100);  // the new pairing answers at once
  CHECK(next.receipt.content.attempt() == 0);

  k.net.host(role::validator, 0);
  k.net.sim.run_for(60'000);
  CHECK(leaves_settled(k.log) == 3);
  CHECK(price_paid(k.log) == first.receipt.content.fee + leaf.fee + next.receipt.content.fee);
  CHECK(k.log.count<happened::slashed>() == 0);
}

TEST_CASE("R13 fail-over: where validator and stand-in both finish, the job is paid once, and nobody "
          "is punished") {
  killed k;
  const auto done = k.start_until_accepted();
  k.net.net->cut({role::validator, 0});  // it computes, and nobody hears of it
  REQUIRE(k.net.sim.run_until([&] { return done->has_value(); }, fail_over_bound_ms));
  const auto& leaf = (*done)->receipt.content;
  CHECK(leaf.attempt() == 1);
  k.net.sim.run_for(5'000);
  k.net.net->mend({role::validator, 0});
  k.net.sim.run_for(90'000);
  CHECK(leaves_settled(k.log) == 2);
  CHECK(price_paid(k.log) == leaf.fee);
  CHECK(k.log.count<happened::slashed>() == 0);
}

TEST_CASE("R13 fail-over: a refusal that says nothing against the job sends it on at once") {
  killed k;
  const auto first = k.alice.run(20'000'000'000);
  REQUIRE_MESSAGE(first.code == ec::ok, first.reason);
  const auto before = k.ms();
  const auto second = k.alice.run(20'000'000'000);  // together more than one user's share of V
  CHECK_MESSAGE(second.code == ec::ok, second.reason);
  CHECK(second.receipt.content.attempt() == 1);
  CHECK(second.receipt.content.validator() != first.receipt.content.validator());
  CHECK(k.ms() - before < 100);
  const auto too_much = k.alice.run(50'000'000'000);
  CHECK(too_much.code == ec::value_cap_reached);
  CHECK_MESSAGE(too_much.reason.find("one user may fill 23.352 DG") != std::string::npos,
                too_much.reason);
}

TEST_CASE("R13 fail-over: where the router has no link to the validator, a stand-in has the job at "
          "once, and later jobs do not try the lost one first") {
  virtual_cluster net;
  const auto how = std::make_shared<middleman>();
  put_between(net, how, 0);
  client alice{net, 0, 5};
  how->hold = true;
  const auto done = alice.start();
  net.sim.run_for(50);
  REQUIRE(how->held.size() == 1);
  const auto before = net.net->now().monotonic_ms;
  net.net->send({role::router, 5}, {role::user, 0},
                v1::job_refused{job_id_of(how->held[0].order.content), 0, ec::unreachable,
                                "validator 0 is out of reach"});
  REQUIRE(net.sim.run_until([&] { return done->has_value(); }, 1'000));
  CHECK((*done)->code == ec::ok);
  CHECK((*done)->receipt.content.attempt() == 1);
  CHECK(net.net->now().monotonic_ms - before < 100);
  const auto again = alice.start();
  REQUIRE(net.sim.run_until([&] { return again->has_value(); }, 1'000));
  CHECK((*again)->code == ec::ok);
  CHECK(how->held.size() == 1);
}

TEST_CASE("R13 fail-over: whoever says that it is at work keeps its job however long it takes, and "
          "loses it when it says so no more") {
  virtual_cluster net;
  const auto how = std::make_shared<middleman>();
  put_between(net, how, 0);
  client alice{net, 0, 5};
  how->hold = how->working = true;
  const auto done = alice.start();
  net.sim.run_for(120'000);
  CHECK(how->held.size() == 1);
  CHECK_FALSE(done->has_value());
  how->working = false;
  REQUIRE(net.sim.run_until([&] { return done->has_value(); }, fail_over_bound_ms + 1'000));
  CHECK((*done)->code == ec::ok);
  CHECK((*done)->receipt.content.attempt() == 1);
}
