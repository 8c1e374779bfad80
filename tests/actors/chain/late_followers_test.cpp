// Roles that come when no author knows the Heavy Chain from its beginning any more.

#include "tests/actors/chain/support.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// Vertices are kept for little more than 64 blocks, states every 32.
parameters forgetful() {
  auto p = short_terms();
  p.committee_term_ms = 25'000;
  p.snapshot_blocks = 32;
  for (auto* pacing : {&p.heavy, &p.fast})
    pacing->retain_commits = 64;
  p.heavy.idle_ms = 200;
  return p;
}

}  // namespace

TEST_CASE(
  "late followers: after every Heavy author has come by a state itself, whoever is new starts from "
  "a state too: a user opens a session and its jobs are paid, a validator with an empty disk joins "
  "its Fast committee again and checks") {
  virtual_cluster net{{.validators = 4, .params = forgetful()}};
  auto early = std::make_unique<heavy_log>(net, 96);
  job_stream jobs{net};
  for (std::uint32_t author = 0; author < 4; ++author) {
    net.drop(role::heavy_author, author);
    jobs.run(30'000, 3'000);
    net.host(role::heavy_author, author);  // on an empty database
    jobs.run(60'000, 3'000);
  }
  heavy_log late{net, 95};
  net.sim.run_for(3'000);
  CHECK(late.height() + 20 > early->height());
  CHECK(late.count<happened::session_opened>() == 0);  // it did not hear how all began
  CHECK(late.view().validators.size() == 4);
  CHECK(late.view().sessions.size() == early->view().sessions.size());
  CHECK(late.view().fast_authors == early->view().fast_authors);
  CHECK(late.view().position.feed == early->view().position.feed);
  const auto epoch = late.view().fast_authors.epoch;
  net.drop(role::validator, 3);
  jobs.run(10'000, 3'000);
  net.host(role::validator, 3);
  job_stream more{net, 1};
  more.run(60'000, 3'000);
  CHECK(late.view().fast_authors.epoch > epoch);
  block_log here{net, {role::fast_author, 0}, 80};
  block_log there{net, {role::fast_author, 3}, 81};
  net.sim.run_for(10'000);
  CHECK(agreement(here, there) > 10);
  std::size_t checks = 0;
  late.each<happened::digest_revealed>([&](const auto& x) { checks += x.who == "3"; });
  CHECK(checks > 0);
  jobs.run(3'000, 3'000);
  std::uint64_t paid = 0;
  late.each<happened::claim_paid>([&](const auto& x) {
    paid += static_cast<std::uint64_t>((x.to_validator + x.to_audit_fund + x.burned).units /
                                       units_per_nano_dg);
  });
  CHECK(paid >= more.fees);
}
