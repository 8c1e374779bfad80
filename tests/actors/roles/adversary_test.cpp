// What behaviours do, and what users do against dodging (protocol.md section 2, step 6).
#include "tests/support/client.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

virtual_options with(std::map<peer, std::vector<behaviour>> conduct) {
  virtual_options options;
  options.conduct = std::move(conduct);
  return options;
}

std::vector<std::string> slashes(const heavy_log& log, std::uint32_t validator) {
  std::vector<std::string> reasons;
  log.each<happened::slashed>([&](const auto& x) {
    if (x.validator == validator_id{validator})
      reasons.push_back(x.reason);
  });
  return reasons;
}
bool has(const std::vector<std::string>& all, std::string_view one) {
  return std::count(all.begin(), all.end(), one) != 0;
}

/// The validator says nothing of its leaves to the Fast Chain, nor, once it is `silent`, anything to
/// Heavy.
struct silent_about_its_leaf {
  std::shared_ptr<bool> silent = std::make_shared<bool>(false);
  virtual_cluster net{with({{{role::validator, 0},
                             {{.what = conduct::drop_to, .to = [silent = silent](const peer& to) {
                                 return to.kind == role::fast_author ||
                                        (*silent && to.kind == role::heavy_author);
                               }}}}})};
  heavy_log log{net};
  client alice{net};
};

}  // namespace

TEST_CASE("behaviour: a share is met, and falls on the same occasions each time") {
  behaviour x{.what = conduct::lie_on_result, .share_ppm = 250'000};
  int count = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto name = std::to_string(i);
    count += happens(x, name);
    CHECK(happens(x, name) == happens(x, name));
  }
  CHECK(count > 2'300);
  CHECK(count < 2'700);
  x.share_ppm = 0;
  CHECK_FALSE(happens(x, "never"));
}

TEST_CASE("behaviour: nobody misbehaves on a chain that is no development chain") {
  deterministic_system sim;
  const auto net = std::make_shared<local_transport>(sim.system(), 1'750'000'000'000);
  auto chain = development_genesis({.time_ms = 1'750'000'000'000, .params = dev_preset()});
  chain.development = false;
  cluster_config config{.chain = chain, .threads = false, .entropy = sim.entropy(1)};
  config.conduct[{role::validator, 0}] = {{.what = conduct::lie_on_result}};
  cluster x{sim.system(), net, std::move(config)};
  CHECK(x.start().find("is no development chain") != std::string::npos);
}

TEST_CASE("R15 no dodging: a user whose leaf is not ordered has Heavy ask for it, and its validator "
          "posts it there") {
  silent_about_its_leaf x;
  REQUIRE(x.alice.validator == validator_id{0});
  REQUIRE(x.alice.run().code == ec::ok);
  REQUIRE(x.net.sim.run_until([&] { return x.log.count<happened::leaf_shown>() == 1; }, 40'000));
  x.log.each<happened::leaf_shown>([](const auto& shown) { CHECK(shown.posted); });
  x.net.sim.run_for(20'000);
  CHECK(x.log.count<happened::leaf_asked>() == 1);
  CHECK(x.log.count<happened::slashed>() == 0);
}

TEST_CASE("R15 no dodging: a validator that keeps a leaf from both chains is slashed without any draw, "
          "and the user has its price and its deposit back") {
  silent_about_its_leaf x;
  REQUIRE(x.alice.validator == validator_id{0});
  REQUIRE(x.alice.run().code == ec::ok);
  *x.silent = true;
  REQUIRE(x.net.sim.run_until([&] { return x.log.count<happened::slashed>() == 1; }, 60'000));
  CHECK(has(slashes(x.log, 0), "withheld"));
  CHECK(x.log.count<happened::check_requested>() == 0);
}

TEST_CASE("R15 no dodging: a validator that gives the chain another leaf than its user is convicted by "
          "its two signatures") {
  virtual_cluster net{with({{{role::validator, 0}, {{.what = conduct::equivocate}}}})};
  heavy_log log{net};
  client alice{net};
  REQUIRE(alice.validator == validator_id{0});
  for (int i = 0; i < 8; ++i)  // the first ones are drawn, as a newcomer's are
    REQUIRE(alice.run().code == ec::ok);
  REQUIRE(net.sim.run_until([&] { return has(slashes(log, 0), "equivocated"); }, 30'000));
}

TEST_CASE("R13 a validator whose clock is an hour ahead takes no job of its user, and a stand-in does each") {
  virtual_cluster net{
    with({{{role::validator, 0}, {{.what = conduct::clock_skew, .by_ms = 3'600'000}}}})};
  client alice{net};
  REQUIRE(alice.validator == validator_id{0});  // the nearest
  for (int i = 0; i < 3; ++i) {
    const auto done = alice.run();
    REQUIRE_MESSAGE(done.code == ec::ok, done.reason);
    CHECK(done.receipt.content.validator() != validator_id{0});
  }
}

TEST_CASE("R15 no dodging: honest validators are asked for nothing") {
  virtual_cluster net;
  heavy_log log{net};
  client alice{net};
  for (int i = 0; i < 20; ++i)
    REQUIRE(alice.run().code == ec::ok);
  net.sim.run_for(60'000);
  CHECK(log.count<happened::leaf_asked>() == 0);
  CHECK(log.count<happened::slashed>() == 0);
}

TEST_CASE("R19 suspension: once a ring with half of the eligible stake has left audits without an answer, "
          "nobody promises anything for that kernel before it is resumed") {
  const behaviour ring{.what = conduct::collude, .ring = {0, 1, 2, 3}};
  auto options = with({{{role::validator, 0}, {ring}},
                       {{role::validator, 1}, {ring}},
                       {{role::validator, 2}, {ring}},
                       {{role::validator, 3}, {ring}}});
  options.params = all_drawn();
  virtual_cluster net{options};
  heavy_log log{net};
  client alice{net};
  REQUIRE(alice.validator == validator_id{0});
  for (int i = 0; i < 40 && log.count<happened::kernel_suspended>() == 0; ++i) {
    (void)alice.run();
    net.sim.run_for(1'000);
  }
  REQUIRE(log.count<happened::kernel_suspended>() == 1);
  net.sim.run_for(2'000);
  const auto refused = alice.run();
  CHECK(refused.code == ec::kernel_suspended);
  CHECK_MESSAGE(refused.reason.find("merkle.root version 0 is suspended") != std::string::npos,
                refused.reason);
  CHECK(slashes(log, 4).empty());
  REQUIRE(net.sim.run_until([&] { return log.count<happened::kernel_resumed>() == 1; }, 15'000));
  net.sim.run_for(500);
  CHECK(alice.run().code == ec::ok);
}
