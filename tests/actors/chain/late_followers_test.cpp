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

TEST_CASE(
  "late followers: after every author of genesis has left for good, whoever knows genesis alone "
  "finds the others by their addresses: a user's jobs are paid, a new author is elected and signs") {
  constexpr std::uint32_t genesis_authors = 4;
  virtual_cluster net{{.validators = 4, .authors = genesis_authors, .params = forgetful()}};
  heavy_log early{net, 96};
  const auto account = [](std::uint32_t i) {
    return development_key(development_kind::account, i);
  };
  const auto submit = [&](const key_pair& sender, std::uint32_t to, std::uint64_t nonce,
                          ledger::transaction_body body) {
    net.net->send(peer{role::user, 70}, {role::heavy_author, to},
                  v1::submit_transaction{ledger::make_transaction(
                    heavy_chain_id(net.net_cluster->chain()), sender, nonce, std::move(body))});
  };
  job_stream jobs{net};
  for (std::uint32_t i = 0; i < genesis_authors; ++i) {
    submit(account(5 + i), 0, 1, ledger::tx::stand{dg(20'000)});
    net.sim.run_for(1'500);  // ids are given in order
    net.host(role::heavy_author, genesis_authors + i, account(5 + i));
  }
  for (std::uint32_t i = 0; i < genesis_authors; ++i)
    submit(development_key(development_kind::author, i), i, 1, ledger::tx::stand_down{});
  const auto serves = [&](std::uint32_t id) {
    return early.view().position.authors.index_of(id).has_value();
  };
  const auto all_left = [&] {
    for (std::uint32_t i = 0; i < genesis_authors; ++i)
      if (serves(i))
        return false;
    return true;
  };
  for (int i = 0; i < 12 && !all_left(); ++i)
    jobs.run(10'000, 2'500);
  REQUIRE(all_left());
  for (std::uint32_t i = 0; i < genesis_authors; ++i)
    net.drop(role::heavy_author, i);
  heavy_log late{net, 95};
  job_stream more{net, 1};
  more.run(10'000, 2'500);
  CHECK(late.view().position.authors == early.view().position.authors);
  CHECK(late.height() + 20 > early.height());
  constexpr std::uint32_t newcomer = 2 * genesis_authors;
  submit(account(9), genesis_authors, 1, ledger::tx::stand{dg(20'000)});
  net.host(role::heavy_author, newcomer, account(9));
  for (int i = 0; i < 12 && !serves(newcomer); ++i)
    more.run(10'000, 2'500);
  REQUIRE(serves(newcomer));
  block_log blocks{net, {role::heavy_author, newcomer}, 80};
  net.sim.run_for(10'000);
  CHECK(std::any_of(blocks.all().begin(), blocks.all().end(), [&](const v1::block_news& x) {
    return early.view().position.authors.ids[x.author] == newcomer;
  }));
}

TEST_CASE("late followers: long after genesis a role that comes starts from a state and hears nothing of "
          "how all began, and a gateway, which proves what happened, hears everything") {
  virtual_cluster net{{.validators = 4, .params = forgetful(), .kept_blocks = 128}};
  job_stream jobs{net};
  jobs.run(60'000, 3'000);
  heavy_log gateway{net, 95};
  heavy_log router{net, 94, role::router};
  net.sim.run_for(5'000);
  CHECK(gateway.count<happened::session_opened>() == 1);
  CHECK(router.count<happened::session_opened>() == 0);
  CHECK(router.height() > 256);
  CHECK(router.view().position.feed == gateway.view().position.feed);
  CHECK(router.view().sessions.size() == 1);
}
