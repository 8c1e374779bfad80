// Roles act under the parameters that votes have put into force (protocol.md section 5, upgrades).

#include "tests/support/client.hpp"

#include "protocol/chain/committees.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

void pay(virtual_cluster& net, std::uint32_t account, std::uint64_t nonce,
         ledger::transaction_body body) {
  const auto chain = heavy_chain_id(net.net_cluster->chain());
  net.net->send(peer{role::gateway, 70}, peer{role::heavy_author, 1},
                v1::submit_transaction{ledger::make_transaction(
                  chain, development_key(development_kind::account, account), nonce,
                  std::move(body))});
}

}  // namespace

TEST_CASE("R28 roles: a voted change of the value cap holds at validator and router from its height on, "
          "and not before") {
  virtual_cluster net;
  heavy_log log{net};
  client alice{net};
  CHECK(alice.run(20'000'000'000).code == ec::ok);
  const auto start = net.net->now().monotonic_ms + 20'000;  // live time is at most that
  pay(net, 1, 1,
      ledger::tx::propose{ledger::tx::parameter_change{{{"value_cap_user_share_permille", "100"}}, 40},
                          start, dg(1'000)});
  REQUIRE(net.sim.run_until([&] { return log.count<happened::proposal_opened>() == 1; }, 10'000));
  std::uint64_t number = 0;
  log.each<happened::proposal_opened>([&](const auto& x) { number = x.proposal; });
  net.sim.run_for(22'000);
  for (std::uint32_t account = 2; account < 8; ++account)
    pay(net, account, 1, ledger::tx::vote{number, true, dg(90'000)});
  REQUIRE(net.sim.run_until([&] { return log.count<happened::change_scheduled>() == 1; }, 60'000));
  std::uint64_t height = 0;
  log.each<happened::change_scheduled>([&](const auto& x) { height = x.height; });
  CHECK(log.height() < height);
  const auto before = alice.run(20'000'000'000);
  CHECK_MESSAGE(before.code == ec::ok, before.reason);
  REQUIRE(net.sim.run_until([&] { return log.height() >= height; }, 120'000));
  net.sim.run_for(10'000);  // the earlier job has matured by now
  const auto after = alice.run(20'000'000'000);
  CHECK(after.code == ec::value_cap_reached);
  CHECK_MESSAGE(after.reason.find("one user may fill 9.3408 DG") != std::string::npos, after.reason);
  CHECK(alice.run(9'000'000'000).code == ec::ok);
}
