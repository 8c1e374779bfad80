#pragma once
// A user with a session in a virtual cluster, and its jobs.

#include "tests/support/virtual_cluster.hpp"

#include "actors/user.hpp"

namespace datagen::tests {

namespace happened = protocol::ledger::happened;

/// Every leaf is drawn; fees are scaled so that the audit-fund gate still holds.
inline protocol::parameters all_drawn() {
  auto p = protocol::dev_preset();
  p.audit_rate_ppm = 1'000'000;
  p.checker_fee_permille = 200;
  return p;
}

class client {
public:
  using outcome = std::shared_ptr<std::optional<v1::job_outcome>>;

  explicit client(virtual_cluster& net, std::uint32_t index = 0, std::uint32_t router = 0,
                  bool offers_canaries = false, std::uint64_t bid = 5'000)
      : net_(net), user_(net.user(index, 0, router, offers_canaries)) {
    const auto ready = net.sim.ask<v1::session_ready>(
      user_, v1::session_wish{.bid = bid, .escrow = protocol::dg(1'000)});
    REQUIRE(net.sim.run_until([&] { return ready->has_value(); }, 30'000));
    REQUIRE_MESSAGE((*ready)->code == ec::ok, (*ready)->reason);
    session = (*ready)->session;
    validator = (*ready)->validator;
  }
  /// A job of its own input, declared to be worth `value` x 10^-9 DG.
  outcome start(std::uint64_t value = 0, std::uint8_t flags = 0) {
    return net_.sim.ask<v1::job_outcome>(
      user_, v1::job_wish{.kernel = {"merkle.root", 0},
                          .input = blob{protocol::bytes(1000 + jobs_++, 7)},
                          .units_max = 1'000'000,
                          .declared_value = value,
                          .flags = flags});
  }
  v1::job_outcome run(std::uint64_t value = 0, std::uint8_t flags = 0) {
    const auto done = start(value, flags);
    REQUIRE(net_.sim.run_until([&] { return done->has_value(); }, 60'000));
    return **done;
  }

  /// Another Echo on request.
  v1::session_ready echo() {
    const auto ready = net_.sim.ask<v1::session_ready>(user_, v1::echo_wish{});
    REQUIRE(net_.sim.run_until([&] { return ready->has_value(); }, 30'000));
    return **ready;
  }

  protocol::session_id session;
  protocol::validator_id validator;

private:
  virtual_cluster& net_;
  user_actor user_;
  std::uint32_t jobs_ = 0;
};

/// What the chain has settled and paid so far.
inline std::uint32_t leaves_settled(const heavy_log& log) {
  std::uint32_t result = 0;
  log.each<happened::checkpoint_settled>([&](const auto& x) { result += x.content.leaves; });
  return result;
}
/// In 10^-9 DG.
inline protocol::uint128 price_paid(const heavy_log& log) {
  protocol::amount sum;
  log.each<happened::claim_paid>(
    [&](const auto& x) { sum += x.to_validator + x.to_audit_fund + x.burned; });
  return sum.units / protocol::units_per_nano_dg;
}
/// The outcomes of audits with a final verdict, in order.
inline std::vector<std::string> verdicts(const heavy_log& log) {
  std::vector<std::string> result;
  log.each<happened::audit_settled>([&](const auto& x) {
    if (x.final)
      result.push_back(x.outcome);
  });
  return result;
}

}  // namespace datagen::tests
