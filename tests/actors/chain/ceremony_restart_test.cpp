// Members that are killed and start again anywhere in a coin ceremony (consensus.md 3.3): whatever
// they had said is on their disk, and the ceremony ends.

#include "tests/actors/chain/support.hpp"

#include "actors/chain/ceremony.hpp"
#include "actors/storage/database.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

template <class Happened>
bool has(const heavy_log& log, const chain_id& chain) {
  bool result = false;
  log.each<Happened>([&](const auto& x) {
    if constexpr (requires { x.next; })
      result = result || x.next.chain == chain;
    else
      result = result || x.chain == chain;
  });
  return result;
}

/// An author's database, read beside it while it is at work.
class beside {
public:
  explicit beside(const std::filesystem::path& file) {
    auto opened = storage::database::open(file.string(), 1'000);
    REQUIRE(opened);
    database_ = std::move(*opened);
  }
  std::uint64_t records(const char* kind) {
    const auto found = database_->select<std::uint64_t>(
      "SELECT COUNT(*) FROM records WHERE kind = ?",
      [](const storage::row_view& row) { return row.number(0); }, std::string{kind});
    REQUIRE(found);
    return found->front();
  }

private:
  std::unique_ptr<storage::database> database_;
};

}  // namespace

TEST_CASE(
  "ceremony: a member that is killed right after any one of its steps is on the disk, each of them in "
  "turn, takes part to the end") {
  struct step {
    const char* kind;
    std::size_t count;  ///< That many records: the step is durable, what follows from it was not sent.
  };
  for (const auto& [kind, count] : {step{ceremony_record::seed, 1}, step{ceremony_record::share, 1},
                                    step{ceremony_record::share, 2}, step{ceremony_record::share, 3},
                                    step{ceremony_record::post, 1},
                                    step{ceremony_record::secret, 1}}) {
    CAPTURE(kind);
    CAPTURE(count);
    scratch dir;
    virtual_cluster net{{.validators = 4, .params = short_terms(), .data_dir = dir.text()}};
    heavy_log log{net, 96};
    block_log here{net, {role::heavy_author, 0}, 90};
    beside disk{dir.path() / "heavy-2.db"};
    REQUIRE(net.sim.run_until([&] { return disk.records(kind) >= count; }, 60'000));
    CHECK(disk.records(kind) == count);
    net.drop(role::heavy_author, 2);
    net.host(role::heavy_author, 2);
    REQUIRE(net.sim.run_until([&] { return seatings(log, role::heavy_author) >= 1; }, 60'000));
    net.sim.run_for(10'000);
    CHECK(std::any_of(here.all().begin(), here.all().end(), [](const v1::block_news& x) {
      return x.epoch == 1 && std::find(x.authors.begin(), x.authors.end(), 2U) != x.authors.end();
    }));
  }
}

TEST_CASE(
  "ceremony: a member that starts again between its dealing on chain and the ready coin keeps its "
  "secret, and leads blocks in the new epoch") {
  scratch dir;
  virtual_cluster net{{.validators = 4, .params = short_terms(), .data_dir = dir.text()}};
  heavy_log log{net, 96};
  const auto heavy = heavy_chain_id(net.net_cluster->chain());
  REQUIRE(
    net.sim.run_until([&] { return has<happened::coin_dealt>(log, heavy); }, 60'000));
  REQUIRE_FALSE(has<happened::committee_ready>(log, heavy));
  std::set<std::uint16_t> dealers;
  log.each<happened::coin_dealt>([&](const auto& x) {
    if (x.chain == heavy)
      dealers.insert(x.content.dealer);
  });
  for (const std::uint32_t member : {1, 2, 3}) {  // author 0 is the one that is heard
    net.drop(role::heavy_author, member);
    net.host(role::heavy_author, member);
  }
  block_log here{net, {role::heavy_author, 0}, 90};
  REQUIRE(net.sim.run_until([&] { return seatings(log, role::heavy_author) >= 1; }, 60'000));
  net.sim.run_for(15'000);
  std::set<std::uint32_t> leaders;
  for (const auto& x : here.all())
    if (x.epoch == 1)
      leaders.insert(x.author);
  CHECK(leaders.size() == 4);
}

TEST_CASE(
  "ceremony: while members of both chains are killed and started again one after the other, both "
  "coins are made, and committees take office on them") {
  scratch dir;
  virtual_cluster net{{.validators = 4, .params = short_terms(), .data_dir = dir.text()}};
  heavy_log log{net, 96};
  const auto done = [&] {
    return seatings(log, role::heavy_author) >= 2 && seatings(log, role::fast_author) >= 2;
  };
  std::mt19937 random{5};
  for (std::uint32_t i = 0; i < 300 && !done(); ++i) {
    const auto member = 1 + i % 3;
    net.drop(role::heavy_author, member);
    net.drop(role::validator, member);
    net.sim.run_for(20 + random() % 200);
    net.host(role::heavy_author, member);
    net.host(role::validator, member);
    net.sim.run_for(300 + random() % 500);
  }
  CHECK(done());
}
