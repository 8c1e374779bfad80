#include "fixture.hpp"

using namespace fast_test;
using check = fast::transaction_check;

namespace {

bytes root_tx(const world& net, std::uint32_t session, const digest& root, const key_pair& by) {
  const auto statement = fast::echo_root_statement(heavy_chain_id(net.start), {session}, root);
  return encode(fast::transaction{fast::tx::echo_root{{session}, root, sign(by, statement)}});
}

}  // namespace

TEST_CASE("fast echo: R10 a root signed by the session's user is recorded in the block, once") {
  world net;
  net.open(1);
  const auto before = net.machine.sections();
  const auto result = net.run({root_tx(net, 1, hash("root"), user_key(1))});
  CHECK(result.worth_certifying);
  const auto events = all_of<fast::happened::echo_recorded>(result);
  REQUIRE(events.size() == 1);
  CHECK(events[0].entries_root == hash("root"));
  CHECK(events[0].height == net.machine.height());
  CHECK(net.machine.sections()[3] != before[3]);  // the logs
  CHECK(net.code(root_tx(net, 1, hash("root"), user_key(1))) == number(check::echo_known));
}

TEST_CASE("fast echo: R10 another signer, an unknown or a closed session are refused") {
  world net;
  CHECK(net.machine.check(root_tx(net, 1, hash("root"), user_key(1))).later);
  net.open(1);
  CHECK(net.code(root_tx(net, 1, hash("root"), user_key(2))) == number(check::bad_echo_signature));
  net.run({world::heavy_tx(net.heavy.say({heard::session_closed{{1}, dg(0)}}))});
  CHECK(net.code(root_tx(net, 1, hash("root"), user_key(1))) == number(check::session_closed));
}

TEST_CASE("fast echo: a session's roots are limited, and the refusal says so") {
  world net;
  net.open(1);
  for (std::uint32_t i = 0; i < fast::echo_roots_max; i += 64) {
    std::vector<bytes> batch;
    for (std::uint32_t k = 0; k < 64; ++k)
      batch.push_back(root_tx(net, 1, hash("root", i + k), user_key(1)));
    net.run(batch);
  }
  const auto result = net.run({root_tx(net, 1, hash("one more"), user_key(1))});
  CHECK(result.outcomes.at(0).code == number(check::echo_roots_full));
  CHECK(result.outcomes.at(0).reason == "the session has 1024 Echo roots; open another one");
}
