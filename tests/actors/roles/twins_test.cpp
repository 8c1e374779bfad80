// Two copies of one identity (Bano et al., "Twins"): what the others make of them.
#include "tests/support/client.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

virtual_options twice(role kind, std::uint32_t index) {
  virtual_options options;
  options.conduct[{kind, index}] = {{.what = conduct::twin}};
  return options;
}

}  // namespace

// That it is convicted where both sign for one round, the scenario author_runs_twice tells.
TEST_CASE("twins: a Heavy author that runs twice harms nobody but itself, and jobs go on") {
  virtual_cluster net{twice(role::heavy_author, 3)};
  heavy_log log{net, 96};  // follows author 0, no twin
  client alice{net};
  CHECK(alice.run().code == ec::ok);
  net.sim.run_for(10'000);
  log.each<happened::author_slashed>([](const auto& x) { CHECK(x.author == author_id{3}); });
  CHECK(alice.run().code == ec::ok);
}

// Without jobs both copies keep one pace, and neither hears of the other before it has signed.
TEST_CASE("twins: a validator that runs twice on an idle chain pays once, and jobs go on") {
  virtual_cluster net{twice(role::validator, 6)};
  heavy_log log{net};
  net.sim.run_for(5'000);
  client alice{net};
  for (int i = 0; i < 5; ++i)
    CHECK(alice.run().code == ec::ok);
  CHECK(log.count<happened::slashed>() == 1);
  log.each<happened::slashed>([](const auto& x) {
    CHECK(x.validator == validator_id{6});
    CHECK(x.reason == "twins");
  });
}

TEST_CASE("twins: each copy has its own half of the others and its own roles, and both end together") {
  deterministic_system sim;
  const auto net = std::make_shared<local_transport>(sim.system(), 1'750'000'000'000);
  const peer shared{role::validator, 6}, own{role::fast_author, 6}, even{role::router, 0}, odd{role::router, 1};
  std::map<std::string, int> heard;
  const auto ear = [&](const std::string& name) {
    return sim.system().spawn([&heard, name] {
      return caf::behavior{[&heard, name](const peer&, int) { ++heard[name]; }};
    });
  };
  net->attach(even, ear("even"));
  net->attach(odd, ear("odd"));
  auto both = std::make_unique<twins>(sim.system(), net);
  for (std::size_t number : {0U, 1U}) {
    both->attach(number, shared, ear("copy " + std::to_string(number)));
    both->attach(number, own, ear("own " + std::to_string(number)));
  }
  const auto first = both->side_of(0, net), second = both->side_of(1, net);
  first->deliver(shared, even, caf::make_message(shared, 1));
  first->deliver(shared, odd, caf::make_message(shared, 1));
  second->deliver(shared, odd, caf::make_message(shared, 1));
  second->deliver(shared, own, caf::make_message(shared, 1));
  net->deliver(even, shared, caf::make_message(even, 1));
  net->deliver(odd, shared, caf::make_message(odd, 1));
  net->deliver(odd, shared, caf::make_message(odd, 1));
  sim.settle();
  CHECK(heard == std::map<std::string, int>{
                   {"even", 1}, {"odd", 1}, {"own 1", 1}, {"copy 0", 1}, {"copy 1", 2}});
  both.reset();
  net->deliver(even, shared, caf::make_message(even, 1));
  sim.settle();
  CHECK(heard["copy 0"] == 1);
  net->close();
}
