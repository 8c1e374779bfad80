#pragma once
// A cluster under load while committees come and go: who serves, what was settled, what was paid.

#include "tests/support/scratch.hpp"
#include "tests/support/virtual_cluster.hpp"

#include "actors/user.hpp"

#include "protocol/fast/events.hpp"

namespace datagen::tests {

namespace happened = protocol::ledger::happened;

/// Terms short enough for a test, and few validators.
inline protocol::parameters short_terms() {
  auto p = protocol::dev_preset();
  p.committee_term_ms = 20'000;
  p.fast_dead_heavy_blocks = 40;
  return p;
}

/// One user with a session, whose jobs must all be settled and paid once.
class job_stream {
public:
  explicit job_stream(virtual_cluster& net, std::uint32_t user = 0)
      : net_(net), user_(net.user(user)) {
    const auto ready = net.sim.ask<v1::session_ready>(
      user_, v1::session_wish{.bid = 5'000, .escrow = protocol::dg(1'000)});
    REQUIRE(net.sim.run_until([&] { return ready->has_value(); }, 30'000));
    REQUIRE_MESSAGE((*ready)->code == ec::ok, (*ready)->reason);
    validator = (*ready)->validator;
  }
  /// One job, done and promised.
  void job() {
    const auto done = net_.sim.ask<v1::job_outcome>(
      user_, v1::job_wish{.kernel = {"merkle.root", 0},
                          .input = blob{protocol::bytes(1000 + jobs, 7)},
                          .units_max = 1'000'000});
    REQUIRE(net_.sim.run_until([&] { return done->has_value(); }, 20'000));
    REQUIRE_MESSAGE((*done)->code == ec::ok, (*done)->reason);
    fees += (*done)->receipt.content.fee;
    ++jobs;
  }
  /// A job every `step_ms`, for `length_ms`.
  void run(std::uint64_t length_ms, std::uint64_t step_ms = 1'000) {
    for (std::uint64_t passed = 0; passed < length_ms; passed += step_ms) {
      job();
      net_.sim.run_for(step_ms);
    }
  }
  /// Waits until everything is settled and paid, then checks that nothing was paid twice.
  void check_all_paid(const heavy_log& log, std::uint64_t limit_ms = 120'000) {
    const auto settled = [&] {
      std::uint32_t leaves = 0;
      log.each<happened::checkpoint_settled>([&](const auto& x) { leaves += x.content.leaves; });
      return leaves;
    };
    const auto paid = [&] {
      protocol::amount sum;
      log.each<happened::claim_paid>(
        [&](const auto& x) { sum += x.to_validator + x.to_audit_fund + x.burned; });
      return sum.units / protocol::units_per_nano_dg;
    };
    net_.sim.run_until([&] { return settled() >= jobs && paid() >= fees; }, limit_ms);
    net_.sim.run_for(15'000);  // a second payment would come now
    CHECK(settled() == jobs);
    CHECK(paid() == fees);
  }

  std::uint32_t jobs = 0;
  std::uint64_t fees = 0;
  protocol::validator_id validator;

private:
  virtual_cluster& net_;
  user_actor user_;
};

/// How often a committee took office on the Heavy or on the Fast Chain.
inline std::uint32_t seatings(const heavy_log& log, role chain) {
  std::uint32_t result = 0;
  log.each<happened::committee_seated>(
    [&](const auto& x) { result += x.base.has_value() == (chain == role::fast_author); });
  return result;
}

/// Every executed block of one author, as any follower hears it.
class block_log {
public:
  block_log(virtual_cluster& net, const peer& author, std::uint32_t index)
      : blocks_(std::make_shared<std::vector<v1::block_news>>()) {
    const auto actor = net.sim.system().spawn([blocks = blocks_](caf::event_based_actor*) {
      return caf::behavior{
        [blocks](const peer&, const v1::block_news& x) { blocks->push_back(x); }};
    });
    const peer self{role::gateway, index};
    net.net->attach(self, actor);
    net.net->send(self, author, v1::follow_blocks{});
  }
  const std::vector<v1::block_news>& all() const { return *blocks_; }
  /// The chain as it stands: a later epoch replaces what it makes void.
  std::map<std::uint64_t, v1::block_news> chain() const {
    std::map<std::uint64_t, v1::block_news> result;
    for (const auto& x : *blocks_) {
      if (!result.empty() && x.epoch > result.rbegin()->second.epoch)
        result.erase(result.lower_bound(x.height), result.end());
      result[x.height] = x;
    }
    return result;
  }
  std::uint64_t height() const { return blocks_->empty() ? 0 : blocks_->back().height; }
  std::uint32_t epoch() const { return blocks_->empty() ? 0 : blocks_->back().epoch; }

private:
  std::shared_ptr<std::vector<v1::block_news>> blocks_;
};

/// Both chains agree wherever both have a block. @returns how many heights were compared
inline std::size_t agreement(const block_log& a, const block_log& b) {
  std::size_t compared = 0;
  const auto other = b.chain();
  for (const auto& [height, x] : a.chain()) {
    const auto it = other.find(height);
    if (it == other.end())
      continue;
    ++compared;
    CHECK(x.block == it->second.block);
    CHECK(x.state_root == it->second.state_root);
  }
  return compared;
}

}  // namespace datagen::tests
