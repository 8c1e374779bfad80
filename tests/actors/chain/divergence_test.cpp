// An author whose execution leads elsewhere than that of a quorum has erred: it halts, and the
// others do not (consensus.md 2.15).

#include "tests/actors/chain/support.hpp"

#include "actors/archive.hpp"
#include "actors/chain/heavy_service.hpp"
#include "actors/node/memory.hpp"

#include "protocol/chain/committees.hpp"

#include <caf/typed_event_based_actor.hpp>

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// Executes as it should, up to a block from which its roots are wrong.
class erring_machine : public chain::state_machine {
public:
  erring_machine(std::shared_ptr<ledger::ledger_machine> ledger, std::uint64_t from)
      : ledger_(std::move(ledger)), from_(from) {}
  admission check(byte_view transaction) const override { return ledger_->check(transaction); }
  chain::block_result execute(const chain::block_input& block) override {
    auto result = ledger_->execute(block);
    if (block.height >= from_)
      result.state_root = hash("err", result.state_root);
    return result;
  }
  digest state_root() const override { return ledger_->state_root(); }
  std::uint64_t height() const override { return ledger_->height(); }
  bytes snapshot() const override { return ledger_->snapshot(); }
  bool restore(byte_view data) override { return ledger_->restore(data); }

private:
  std::shared_ptr<ledger::ledger_machine> ledger_;
  std::uint64_t from_;
};

class erring_service : public heavy_service {
public:
  erring_service(const peer& self, const role_context& context,
                 const std::shared_ptr<ledger::ledger_machine>& ledger, std::uint64_t from)
      : heavy_service(self, context, ledger), machine_(ledger, from) {}
  chain::state_machine& machine() override { return machine_; }

private:
  erring_machine machine_;
};

/// Heavy author 3 of `net`, on a database of its own in memory.
struct erring_author {
  erring_author(virtual_cluster& net, std::uint64_t from) : sim(net.sim) {
    const auto& context = net.net_cluster->context();
    const peer self{role::heavy_author, 3};
    auto opened = storage::store::open({.path = ":memory:"});
    REQUIRE(opened);
    store = std::make_shared<storage::store>(std::move(*opened));
    const auto service = std::make_shared<erring_service>(
      self, context,
      std::make_shared<ledger::ledger_machine>(*context.chain, *context.signatures, context.coins),
      from);
    const auto members = heavy_committee(*context.chain);
    auto memory = load_author(*store, 0, *service, {members, 1}, 60);
    REQUIRE(memory);
    disk = sim.system().spawn(archive, store, std::chrono::microseconds{0});
    author = sim.system().spawn(
      block_author,
      block_author_config{
        .self = self,
        .context = context,
        .key = development_key(development_kind::author, 3),
        .engine = [](std::size_t size) { return consensus::heavy_params(size); },
        .genesis_secret = development_coin("heavy", members.size()).secrets.at(3),
        .service = service,
        .archive = disk,
        .memory = std::make_shared<author_memory>(std::move(*memory))});
    net.net->attach(self, author);
  }
  ~erring_author() {
    caf::anon_send_exit(author, caf::exit_reason::user_shutdown);
    sim.settle();
    caf::anon_send_exit(disk, caf::exit_reason::user_shutdown);
    sim.settle();
  }
  std::uint64_t last_round() const {
    const auto found = store->last_own_vertex(0);
    return found && *found ? (*found)->round : 0;
  }

  deterministic_system& sim;
  std::shared_ptr<storage::store> store;
  archive_actor disk;
  block_author_actor author;
};

}  // namespace

TEST_CASE(
  "divergence: an author whose state roots differ from those of a quorum raises an alarm and "
  "signs nothing more, and the chain goes on without it") {
  virtual_cluster net{{.validators = 4}};
  net.drop(role::heavy_author, 3);  // before its first vertex could be of use
  erring_author erring{net, 40};
  block_log here{net, {role::heavy_author, 0}, 90};
  job_stream jobs{net};
  REQUIRE(net.sim.run_until([&] { return here.height() >= 30; }, 60'000));
  CHECK(erring.last_round() > 10);
  jobs.run(20'000);
  const auto round = erring.last_round();
  const auto height = here.height();
  jobs.run(10'000);
  CHECK(erring.last_round() == round);
  CHECK(here.height() > height + 5);
  const auto alarms = erring.store->records("alarm");
  REQUIRE(alarms);
  REQUIRE_FALSE(alarms->empty());
  CHECK(alarms->front().value ==
        bytes{static_cast<std::uint8_t>(consensus::alarm_kind::diverged)});
}
