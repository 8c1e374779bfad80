#include "tests/support/virtual_cluster.hpp"

#include <filesystem>

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;
namespace happened = ledger::happened;

namespace {

v1::session_wish wish() {
  return {.mode = ledger::tx::pairing_mode::latency, .bid = 5'000, .escrow = dg(1'000)};
}

v1::job_wish merkle_job(std::size_t size) {
  return {.kernel = {"merkle.root", 0}, .input = blob{bytes(size, 7)}, .units_max = 1'000'000};
}

v1::session_ready open(virtual_cluster& net, const user_actor& user) {
  const auto ready = net.sim.ask<v1::session_ready>(user, wish());
  REQUIRE(net.sim.run_until([&] { return ready->has_value(); }, 20'000));
  REQUIRE_MESSAGE((*ready)->code == ec::ok, (*ready)->reason);
  return **ready;
}

v1::job_outcome run(virtual_cluster& net, const user_actor& user, std::size_t size) {
  const auto done = net.sim.ask<v1::job_outcome>(user, merkle_job(size));
  REQUIRE(net.sim.run_until([&] { return done->has_value(); }, 20'000));
  return **done;
}

}  // namespace

TEST_CASE("R4 R14 job path: with the links of all Heavy authors paused for 30 s, jobs return as fast as "
          "before, and everything is settled once they are back, each job paid once") {
  virtual_cluster net;
  const auto alice = net.user(0);
  open(net, alice);
  heavy_log log{net};
  const auto first = run(net, alice, 1000);
  const auto before = first.latency_us;
  net.net->pause(role::heavy_author);
  std::uint64_t slowest = 0;
  std::uint64_t fees = first.receipt.content.fee;
  for (int i = 0; i < 30; ++i) {
    const auto done = run(net, alice, 2000 + static_cast<std::size_t>(i));
    CHECK_MESSAGE(done.code == ec::ok, done.reason);
    slowest = std::max(slowest, done.latency_us);
    fees += done.receipt.content.fee;
    net.sim.run_for(1000);
  }
  CHECK(slowest == before);  // virtual time: not a microsecond of waiting for the chain
  CHECK(log.count<happened::checkpoint_settled>() <= 1);
  net.net->resume(role::heavy_author);
  net.sim.run_for(90'000);
  std::uint32_t settled = 0;
  log.each<happened::checkpoint_settled>([&](const auto& x) { settled += x.content.leaves; });
  CHECK(settled == 31);
  amount paid;
  log.each<happened::claim_paid>(
    [&](const auto& x) { paid += x.to_validator + x.to_audit_fund + x.burned; });
  CHECK(paid.units / units_per_nano_dg == fees);
}

TEST_CASE("R15 restart: a cluster stopped and started on the same data directory goes on where it was, "
          "with its chains, pairing and money") {
  const auto dir = std::filesystem::temp_directory_path() /
                   ("datagen-restart-" + std::to_string(std::random_device{}()));
  std::filesystem::create_directories(dir);
  session_id session;
  std::uint64_t height = 0;
  {
    virtual_cluster net{{.data_dir = dir.string()}};
    const auto alice = net.user(0);
    session = open(net, alice).session;
    for (std::size_t i = 0; i < 5; ++i)
      CHECK(run(net, alice, 3000 + i).code == ec::ok);
    heavy_log log{net};
    net.sim.run_for(3000);
    height = log.height();
    CHECK(height > 0);
  }
  virtual_cluster again{{.data_dir = dir.string(), .seed = 2, .unix_ms = 1'750'000'060'000}};
  heavy_log log{again};
  again.sim.run_for(60'000);
  CHECK(log.height() > height);  // the chain goes on, it does not start again
  bool paired = false;
  log.each<happened::paired>([&](const auto& x) { paired = paired || x.session == session; });
  CHECK(paired);
  CHECK(log.count<happened::claim_paid>() > 0);  // what was promised before the stop is paid after it
  std::filesystem::remove_all(dir);
}
