// Inputs that checkers cannot get (protocol.md section 2, step 8): asked for on Heavy, brought to the
// committee's store by whoever holds them.

#include "tests/support/client.hpp"
#include "tests/support/scratch.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

const peer paired{role::validator, 0};
const peer edge{role::router, 0};

/// A job that is done, and whose holders are out of reach when its checkers are drawn.
struct starved {
  virtual_cluster net{{.params = all_drawn()}};
  heavy_log log{net};
  client alice{net};
  starved() {
    REQUIRE(alice.validator == validator_id{0});
    REQUIRE(alice.run().code == ec::ok);
    net.net->cut(paired);
    net.net->cut(edge);
  }
  bool until(const std::function<bool()>& done, std::uint64_t limit_ms = 30'000) {
    return net.sim.run_until(done, limit_ms);
  }
  bool until_asked() {
    return until([&] { return log.count<happened::input_asked>() > 0; });
  }
  bool until_settled() {
    return until([&] { return !verdicts(log).empty(); }, 60'000);
  }
};

}  // namespace

TEST_CASE("R16 input supply: a validator that comes back within the grace period, checkers having asked "
          "for its input on Heavy, passes its audit and loses nothing") {
  starved s;
  s.net.net->cut({role::user, 0});
  REQUIRE(s.until_asked());
  CHECK(s.log.count<happened::check_committed>() == 0);
  s.net.sim.run_for(2'000);
  CHECK(s.log.count<happened::input_stored>() == 0);
  s.net.net->mend(paired);
  REQUIRE(s.until_settled());
  CHECK(verdicts(s.log) == std::vector<std::string>{"pass"});
  CHECK(s.log.count<happened::slashed>() == 0);
}

TEST_CASE("R16 input supply: the user brings to the committee's store what its validator and its router "
          "do not, and every checker gets it there") {
  starved s;
  REQUIRE(s.until_asked());
  REQUIRE(s.until([&] { return s.log.count<happened::input_stored>() == 1; }, 8'000));
  REQUIRE(s.until([&] { return s.log.count<happened::check_committed>() == 3; }, 8'000));
  s.net.net->mend(paired);  // it has to open its commitment
  REQUIRE(s.until_settled());
  CHECK(verdicts(s.log) == std::vector<std::string>{"pass"});
  CHECK(s.log.count<happened::slashed>() == 0);
}

TEST_CASE("R16 input supply: what nobody brings within the grace period is withheld") {
  starved s;
  s.net.net->cut({role::user, 0});
  REQUIRE(s.until_asked());
  REQUIRE(s.until_settled());
  CHECK(verdicts(s.log) == std::vector<std::string>{"fault"});
  CHECK(s.log.count<happened::input_stored>() == 0);
  std::string reason;
  s.log.each<happened::slashed>([&](const auto& x) { reason = x.reason; });
  CHECK(reason == "withheld");
}

TEST_CASE("R16 input supply: a validator that is started again holds the inputs of its open jobs, so that "
          "checkers get them though router and user are gone") {
  scratch dir;
  virtual_cluster net{{.params = all_drawn(), .data_dir = dir.text()}};
  heavy_log log{net};
  client alice{net};
  REQUIRE(alice.validator == validator_id{0});
  REQUIRE(alice.run().code == ec::ok);
  net.net->cut(edge);
  net.net->cut({role::user, 0});
  net.drop(role::validator, 0);
  net.sim.run_for(3'000);
  net.host(role::validator, 0);
  REQUIRE(net.sim.run_until([&] { return !verdicts(log).empty(); }, 60'000));
  CHECK(verdicts(log) == std::vector<std::string>{"pass"});
  CHECK(log.count<happened::slashed>() == 0);
}
