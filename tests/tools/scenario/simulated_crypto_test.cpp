// Runs with simulated and with real cryptography, and where only real cryptography is taken.
#include "tools/scenario/run.hpp"
#include "tools/scenario/simulated_crypto.hpp"

#include "actors/node/deterministic_system.hpp"
#include "actors/node/development.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::scenario;

namespace {

script liar(crypto cryptography) {
  auto read = read_script("[run]\nstop = \"30s\"\n[cluster]\nvalidators = 5\n"
                          "behaviour = {v4 = \"equivocate\", h3 = \"double-vote\"}\n"
                          "[places]\neveryone = \"madrid\"\nr0 = \"london\"\nu0 = \"london\"\n"
                          "v4 = \"london\"\n[[workload]]\nuser = \"u0\"\n"
                          "[story]\nsteps = '''\nalways supply is conserved\n"
                          "always no two blocks at one height\n"
                          "always no honest validator is slashed\n"
                          "within 30s h3 is slashed\nwithin 30s v4 is slashed for equivocated\n"
                          "finally at least 5 jobs are answered\n'''\n");
  auto result = std::get<script>(std::move(read));
  result.cryptography = cryptography;
  return result;
}

}  // namespace

TEST_CASE(
  "simulated crypto: who says two things is convicted by its own signatures, simulated as real") {
  const auto simulated = run(liar(crypto::simulated)), real = run(liar(crypto::real));
  for (const auto* x : {&simulated, &real}) {
    CHECK(x->failure.empty());
    for (const auto& f : x->findings)
      CHECK_MESSAGE(f.holds, f.text << ": " << f.why);
  }
  CHECK(simulated.trace != real.trace);
}

TEST_CASE("simulated crypto: a chain that is not for development takes real signatures alone") {
  deterministic_system sim;
  const simulated_crypto crypto{1};
  cluster_config config{.chain = development_genesis({.coins = crypto.group()}),
                        .data_dir = {},
                        .threads = false,
                        .entropy = sim.entropy(1)};
  config.hosted = development_identities(config.chain, 1);
  config.chain.development = false;
  crypto.equip(config);
  const auto net = std::make_shared<local_transport>(sim.system(), 0);
  cluster nodes{sim.system(), net, config};
  CHECK(nodes.start() == "'dev' is no development chain: signatures are real there");
  nodes.stop();
  sim.settle();
}
