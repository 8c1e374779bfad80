// A job has its result, however its answer is lost and whoever goes down (protocol.md section 2, steps 3
// and 5).

#include "tests/support/client.hpp"
#include "tests/support/scratch.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

TEST_CASE("R13 an answer that was lost on the way is handed out when its job is settled long ago, and "
          "no stand-in could do it any more") {
  struct watch final : stage_watch {
    bool accepted = false;
    void reached(const job_id&, job_stage stage) override {
      accepted = accepted || stage == job_stage::accepted;
    }
  };
  const auto stages = std::make_shared<watch>();
  virtual_cluster net{{.stages = stages}};
  heavy_log log{net};
  client alice{net};
  const auto done = alice.start();
  REQUIRE(net.sim.run_until([&] { return stages->accepted; }, 1'000));
  net.net->cut({role::router, 0});
  REQUIRE(net.sim.run_until([&] { return leaves_settled(log) == 1; }, 20'000));
  net.sim.run_for(8'000);
  CHECK_FALSE(done->has_value());
  net.net->mend({role::router, 0});
  REQUIRE(net.sim.run_until([&] { return done->has_value(); }, 15'000));
  CHECK_MESSAGE((*done)->code == ec::ok, (*done)->reason);
  CHECK((*done)->receipt.content.attempt() == 0);
  net.sim.run_for(60'000);
  CHECK(leaves_settled(log) == 1);
  CHECK(price_paid(log) == (*done)->receipt.content.fee);
}

TEST_CASE("R13 when a validator and both its stand-ins go down, those that follow have lanes to be paid "
          "from") {
  virtual_cluster net;
  heavy_log log{net};
  client alice{net};
  for (std::uint32_t i = 0; i < 2; ++i) {
    REQUIRE(alice.run().code == ec::ok);
    net.net->cut({role::validator, i});
  }
  // Each silence is followed by an Echo and another pairing.
  const auto done = alice.start();
  REQUIRE(net.sim.run_until([&] { return done->has_value(); }, 60'000));
  CHECK_MESSAGE((*done)->code == ec::ok, (*done)->reason);
  net.net->cut({role::validator, 2});
  for (int i = 0; i < 4; ++i) {
    const auto later = alice.start();
    REQUIRE(net.sim.run_until([&] { return later->has_value(); }, 60'000));
    CHECK_MESSAGE((*later)->code == ec::ok, (*later)->reason);
    net.sim.run_for(5'000);
  }
  happened::paired last;
  log.each<happened::paired>([&](const auto& x) { last = x; });
  CHECK(last.validator >= validator_id{3});
  std::uint64_t lane = 0;
  for (const auto& [payee, reserved] : last.lanes)
    if (payee == last.validator)
      lane = static_cast<std::uint64_t>(reserved.units / units_per_nano_dg);
  CHECK(lane > 10'000'000'000);
}

TEST_CASE("R13 an answer that was lost on the way comes out again, whole, from a validator that was "
          "started again since") {
  struct watch final : stage_watch {
    bool accepted = false;
    bool durable = false;
    void reached(const job_id&, job_stage stage) override {
      accepted = accepted || stage == job_stage::accepted;
      durable = durable || stage == job_stage::durable;
    }
  };
  const auto stages = std::make_shared<watch>();
  scratch disk;
  virtual_cluster net{{.data_dir = disk.text(), .stages = stages}};
  heavy_log log{net};
  client alice{net};
  const auto done = alice.start();
  REQUIRE(net.sim.run_until([&] { return stages->accepted; }, 1'000));
  net.net->cut({role::user, 0});
  REQUIRE(net.sim.run_until([&] { return stages->durable; }, 1'000));
  net.sim.run_for(100);  // the answer comes to nobody
  net.drop(role::validator, 0);
  net.host(role::validator, 0);
  net.net->mend({role::user, 0});
  REQUIRE(net.sim.run_until([&] { return done->has_value(); }, 15'000));
  CHECK_MESSAGE((*done)->code == ec::ok, (*done)->reason);
  CHECK((*done)->receipt.content.attempt() == 0);
  net.sim.run_for(60'000);
  CHECK(price_paid(log) == (*done)->receipt.content.fee);
}
