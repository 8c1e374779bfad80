// Honest validators lose nothing while authors are cut off (protocol.md 7.5).

#include "tests/actors/chain/support.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

TEST_CASE(
  "honest: with a Heavy and a Fast author cut off for two minutes, audits of a validator end in "
  "pass, nobody is slashed, and every job is paid") {
  auto p = short_terms();
  p.committee_term_ms = 600'000;
  p.heavy.idle_ms = 200;
  p.snapshot_blocks = 32;
  for (auto* pacing : {&p.heavy, &p.fast})
    pacing->retain_commits = 64;
  virtual_cluster net{{.validators = 4, .params = p}};
  heavy_log log{net, 96};
  job_stream jobs{net};
  net.sim.run_for(3'000);
  for (const auto kind : {role::heavy_author, role::fast_author})
    net.net->cut({kind, 3});
  jobs.run(150'000, 2'000);
  for (const auto kind : {role::heavy_author, role::fast_author})
    net.net->mend({kind, 3});
  jobs.check_all_paid(log);
  std::size_t passed = 0;
  log.each<happened::audit_settled>([&](const auto& x) {
    CHECK(x.outcome == "pass");
    ++passed;
  });
  CHECK(passed >= 5);
  log.each<happened::slashed>([&](const auto& x) {
    FAIL_CHECK("validator " << x.validator.value << " slashed for " << x.reason);
  });
}
