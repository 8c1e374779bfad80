// Who was not there at genesis: follows by blocks, is elected, deals, and signs
// (consensus.md 2.13).

#include "tests/actors/chain/support.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

key_pair account(std::uint32_t i) { return development_key(development_kind::account, i); }

void submit(virtual_cluster& net, const key_pair& sender, ledger::transaction_body body) {
  net.net->send(peer{role::user, 70}, {role::heavy_author, 0},
                v1::submit_transaction{ledger::make_transaction(
                  heavy_chain_id(net.net_cluster->chain()), sender, 1, std::move(body))});
}

/// The first committee of `chain` with this member.
const consensus::roster* committee_with(const heavy_log& log, role chain, std::uint32_t id) {
  const consensus::roster* result = nullptr;
  log.each<happened::committee_seated>([&](const auto& x) {
    if (!result && x.base.has_value() == (chain == role::fast_author) && x.now.index_of(id))
      result = &x.now;
  });
  return result;
}

bool leads(const block_log& log, const consensus::roster& members, std::uint32_t id) {
  return std::any_of(log.all().begin(), log.all().end(), [&](const v1::block_news& x) {
    return x.epoch == members.epoch && members.ids[x.author] == id;
  });
}

}  // namespace

TEST_CASE(
  "joining: a validator that joins and an author that stands are elected, deal their part of "
  "the coin, lead blocks, and jobs go on and are paid once") {
  virtual_cluster net{{.validators = 4, .params = short_terms()}};
  heavy_log log{net};
  job_stream jobs{net};
  submit(net, account(5),
         ledger::tx::join{.operator_id = 50, .stake = dg(3'000), .ask = 2'000, .name = "late"});
  submit(net, account(6), ledger::tx::stand{dg(20'000)});
  REQUIRE(net.sim.run_until([&] { return log.count<happened::validator_admitted>() > 0; }, 10'000));
  net.sim.run_for(1'000);
  net.host(role::validator, 4, account(5));
  net.host(role::heavy_author, 4, account(6));
  for (int i = 0; i < 14 && !(committee_with(log, role::fast_author, 4) &&
                              committee_with(log, role::heavy_author, 4));
       ++i)
    jobs.run(10'000, 2'500);
  const auto* fast = committee_with(log, role::fast_author, 4);
  const auto* heavy = committee_with(log, role::heavy_author, 4);
  REQUIRE(fast);
  REQUIRE(heavy);
  block_log fast_blocks{net, {role::fast_author, 4}, 90};
  block_log fast_elsewhere{net, {role::fast_author, 0}, 91};
  block_log heavy_blocks{net, {role::heavy_author, 4}, 92};
  net.sim.run_for(15'000);
  CHECK(leads(fast_blocks, *fast, 4));
  CHECK(leads(heavy_blocks, *heavy, 4));
  CHECK(agreement(fast_blocks, fast_elsewhere) > 50);
  std::set<std::uint16_t> dealers;
  log.each<happened::coin_dealt>([&](const auto& x) {
    if (x.chain == fast->chain && x.epoch == fast->epoch)
      dealers.insert(x.content.dealer);
  });
  CHECK(dealers.size() == fast->quorum());
  jobs.check_all_paid(log);
}

TEST_CASE(
  "joining: a drawn committee of which more than f never deal makes no coin: the epoch goes on, "
  "and "
  "changes once they are back") {
  auto params = short_terms();
  params.fast_committee_max = 4;
  virtual_cluster net{{.validators = 10, .params = params, .seed = 3}};
  heavy_log log{net};
  job_stream jobs{net};
  const auto others = [&](auto act) {
    for (std::uint32_t id = 4; id < 10; ++id)
      act(peer{role::fast_author, id});
  };
  others([&](const peer& x) { net.net->cut(x); });
  const auto fast_chain = fast_chain_id(net.net_cluster->chain());
  std::optional<consensus::roster> drawn;
  const auto find_drawn = [&] {
    log.each<happened::committee_elected>([&](const auto& x) {
      if (x.next.chain == fast_chain)
        drawn = x.next;
    });
    return drawn.has_value();
  };
  REQUIRE(net.sim.run_until(find_drawn, 60'000));
  const auto silent =
    std::count_if(drawn->ids.begin(), drawn->ids.end(), [](std::uint32_t id) { return id >= 4; });
  REQUIRE(silent > 1);  // of four; holds for this seed
  jobs.run(15'000, 3'000);
  CHECK(seatings(log, role::fast_author) == 0);
  std::size_t ready = 0;
  log.each<happened::committee_ready>([&](const auto& x) { ready += x.next.chain == fast_chain; });
  CHECK(ready == 0);
  others([&](const peer& x) { net.net->mend(x); });
  CHECK(net.sim.run_until([&] { return seatings(log, role::fast_author) >= 1; }, 90'000));
  jobs.check_all_paid(log);
}
