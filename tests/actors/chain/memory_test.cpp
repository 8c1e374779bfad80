// What authors hold in memory does not grow with their chain: the last blocks are at hand, the
// others in the archive.

#include "tests/actors/chain/support.hpp"

#include "actors/chain/heavy_service.hpp"
#include "actors/node/memory.hpp"

#include "protocol/chain/committees.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

constexpr std::size_t kept_blocks = 64;

parameters brisk() {
  auto p = short_terms();
  p.committee_term_ms = 600'000;
  p.snapshot_blocks = 32;
  for (auto* pacing : {&p.heavy, &p.fast})
    pacing->retain_commits = 64;
  p.heavy.idle_ms = 200;
  return p;
}

std::size_t most_kept(const virtual_cluster& net, role kind) {
  std::size_t most = 0;
  for (std::uint32_t i = 0; i < 4; ++i)
    most = std::max(most, net.net_cluster->service_of({kind, i})->kept());
  return most;
}

template <class Event>
std::size_t count(const heavy_log& log) {
  std::size_t result = 0;
  log.each<Event>([&](const auto&) { ++result; });
  return result;
}

}  // namespace

TEST_CASE(
  "memory: authors of both chains hold as few entries after 2,000 heights as after 200, and who "
  "follows from genesis then hears every event all the same") {
  virtual_cluster net{{.validators = 4, .params = brisk(), .kept_blocks = kept_blocks}};
  heavy_log early{net, 96};
  block_log heavy{net, {role::heavy_author, 0}, 80};
  block_log fast{net, {role::fast_author, 0}, 81};
  job_stream jobs{net};
  std::map<role, std::size_t> most;
  for (int minute = 0; minute < 5; ++minute) {
    jobs.run(60'000, 2'000);
    for (const auto kind : {role::heavy_author, role::fast_author})
      most[kind] = std::max(most[kind], most_kept(net, kind));
  }
  REQUIRE(heavy.height() > 1'500);
  REQUIRE(fast.height() > 1'500);
  CHECK(most[role::heavy_author] <= 4 * kept_blocks + 32);  // and its followers
  CHECK(most[role::fast_author] <= 64);
  heavy_log late{net, 97};
  net.sim.run_for(20'000);
  CHECK(late.height() + 50 > early.height());
  CHECK(count<happened::checkpoint_settled>(late) == count<happened::checkpoint_settled>(early));
  CHECK(count<happened::checkpoint_settled>(late) > kept_blocks);
  CHECK(count<happened::claim_paid>(late) == count<happened::claim_paid>(early));
  // A follower of blocks is told the last ones alone.
  block_log late_blocks{net, {role::heavy_author, 0}, 82};
  net.sim.run_for(100);
  CHECK(late_blocks.all().size() <= kept_blocks + 2);
  jobs.check_all_paid(early);
}

TEST_CASE(
  "memory: a restart takes the last blocks into memory and leaves the others on the disk, and the "
  "author goes on, tells the whole story, and leads blocks") {
  scratch dir;
  virtual_cluster net{
    {.validators = 4, .params = brisk(), .data_dir = dir.text(), .kept_blocks = kept_blocks}};
  heavy_log early{net, 96};
  job_stream jobs{net};
  jobs.run(120'000, 2'000);
  net.drop(role::heavy_author, 3);
  net.drop(role::validator, 3);
  {
    const auto& context = net.net_cluster->context();
    auto opened = storage::store::open({.path = (dir.path() / "heavy-3.db").string()});
    REQUIRE(opened);
    heavy_service service{
      {role::heavy_author, 3},
      context,
      std::make_shared<ledger::ledger_machine>(*context.chain, *context.signatures, context.coins)};
    const auto memory = load_author(*opened, 0, service, {heavy_committee(*context.chain), 1},
                                    context.chain->params.heavy.gc_depth_rounds, kept_blocks);
    REQUIRE(memory);
    REQUIRE_FALSE(memory->blocks.empty());
    CHECK(memory->blocks.back().height > 500);
    CHECK(memory->blocks.size() <= kept_blocks + 32);
    CHECK(memory->certificates.size() <= memory->blocks.size());
    CHECK(memory->present.recent.size() <= memory->blocks.size());
    CHECK_FALSE(memory->tail);
  }
  net.host(role::heavy_author, 3);
  net.host(role::validator, 3);
  for (std::uint32_t i = 0; i < 3; ++i)
    net.net->cut({role::heavy_author, i});  // only the one that came back can tell
  heavy_log late{net, 97};
  net.sim.run_for(60'000);
  CHECK(count<happened::checkpoint_settled>(late) == count<happened::checkpoint_settled>(early));
  for (std::uint32_t i = 0; i < 3; ++i)
    net.net->mend({role::heavy_author, i});
  block_log here{net, {role::heavy_author, 0}, 80};
  net.sim.run_for(20'000);
  CHECK(std::any_of(here.all().begin(), here.all().end(),
                    [](const v1::block_news& x) { return x.author == 3; }));
  jobs.check_all_paid(early);
}

TEST_CASE(
  "memory: an election that began before the blocks at hand is found on the disk by a restart, so "
  "that its ceremony goes on") {
  scratch dir;
  auto params = short_terms();
  params.committee_term_ms = 60'000;
  params.snapshot_blocks = 32;
  params.heavy.idle_ms = 200;
  virtual_cluster net{{.validators = 4, .params = params, .data_dir = dir.text()}};
  heavy_log log{net, 96};  // hears author 0
  block_log here{net, {role::heavy_author, 0}, 80};
  const auto elected = [&] {
    std::optional<consensus::roster> next;
    log.each<happened::committee_elected>([&](const auto& x) {
      if (x.next.chain == heavy_chain_id(net.net_cluster->chain()))
        next = x.next;
    });
    return next;
  };
  REQUIRE(net.sim.run_until([&] { return elected().has_value(); }, 90'000));
  const auto height = here.height();
  REQUIRE(net.sim.run_until([&] { return here.height() > height + 100; }, 60'000));
  REQUIRE(seatings(log, role::heavy_author) == 0);
  net.drop(role::heavy_author, 3);
  auto opened = storage::store::open({.path = (dir.path() / "heavy-3.db").string()});
  REQUIRE(opened);
  const auto& context = net.net_cluster->context();
  heavy_service service{
    {role::heavy_author, 3},
    context,
    std::make_shared<ledger::ledger_machine>(*context.chain, *context.signatures, context.coins)};
  const auto memory = load_author(*opened, 0, service, {heavy_committee(*context.chain), 1},
                                  context.chain->params.heavy.gc_depth_rounds, 1);
  REQUIRE(memory);
  REQUIRE_FALSE(memory->blocks.empty());
  CHECK(memory->blocks.front().height > height);
  REQUIRE_FALSE(memory->elections.empty());
  const auto* first = std::get_if<happened::committee_elected>(&memory->elections.front());
  REQUIRE(first);
  CHECK(first->next == *elected());
}
