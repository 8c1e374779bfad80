// Operators far apart: real processes and real TLS in network namespaces, between which a relay of
// packets gives delay, jitter, loss and a partition. Where no namespace can be made, the same story
// on the loopback interface, without loss; the test says which.

#include "tests/end_to_end/chain_records.hpp"
#include "tests/end_to_end/host_network.hpp"
#include "tests/end_to_end/namespace_ground.hpp"

#include <future>
#include <set>

using namespace end_to_end;
using namespace std::chrono_literals;

namespace {

constexpr int workers = 7;  // each with a validator, the first four with an author
constexpr int authors = 4;
/// From a killed validator to its stand-in's answer; a loaded machine has twice as long.
constexpr std::uint64_t replaced_ms_max = 2'000;
const packet_path close_by{.delay = 4ms};
const packet_path region{.delay = 5ms, .jitter = 1ms, .loss_permille = 10};
const packet_path ocean{.delay = 40ms, .jitter = 4ms, .loss_permille = 10};

struct customer {
  std::string name, edge;
  int account = 0;
};
const customer alice{"alice", "east", 0}, bob{"bob", "west", 1}, carol{"carol", "west", 2};

std::string worker(std::uint64_t i) { return "w" + std::to_string(i); }

std::uint64_t number(const json::value& x, const char* name) {
  return x.at(name).to_number<std::uint64_t>();
}

std::vector<host_plan> operators() {
  std::vector<host_plan> result{{.name = "east", .edge = true}, {.name = "west", .edge = true}};
  for (int i = 0; i < workers; ++i)
    result.push_back({.name = worker(i), .authors = i < authors ? 1 : 0, .validators = 1});
  return result;
}

std::unique_ptr<ground> best_ground() {
  std::vector<std::string> names{alice.name, bob.name, carol.name};
  for (const auto& x : operators())
    names.push_back(x.name);
  const auto obstacle = std::getenv("DATAGEN_NO_NAMESPACES") != nullptr
                          ? "DATAGEN_NO_NAMESPACES is set"
                          : datagen::test_support::network_namespace::obstacle();
  if (obstacle.empty())
    return std::make_unique<namespace_ground>(names, 1);
  MESSAGE("not in network namespaces: " << obstacle);
  return std::make_unique<loopback_ground>(names, true);
}

class wide_area {
public:
  /// Worker 5 is close to the east, worker 6 to the west. Nothing is lost on the way to them: a
  /// packet that is sent again takes longer than any distance here, and pairings would follow luck.
  wide_area() : net_(operators(), best_ground()) {
    for (int i = 0; i < workers; ++i) {
      net_.between("east", worker(i), i == 5 ? close_by : ocean);
      net_.between("west", worker(i), i == 6 ? close_by : ocean);
      for (int j = 0; j < i; ++j)
        net_.between(worker(i), worker(j), region);
    }
    net_.between("east", "west", ocean);
    for (const auto& x : {alice, bob, carol})
      net_.between(x.name, x.edge, close_by);
    net_.start_all();
  }

  /// One job of `who`, from its own place. @returns what the program printed
  json::value run(const customer& who, std::vector<std::string> further = {}) {
    return keep(ordered(who, std::move(further)).get());
  }
  std::future<process_result> ordered(const customer& who, std::vector<std::string> further = {}) {
    const auto name = "result" + std::to_string(++orders_);
    return std::async(std::launch::async, [this, &who, name, further] {
      return net_.submit_from(who.name, who.edge, who.account, name, further);
    });
  }
  /// An answered job must hold at the end.
  json::value keep(const process_result& said) {
    jobs_.push_back(net_.done(said));
    return jobs_.back();
  }

  /// The west, its validator and an author on one side, enough for both chains on the other.
  void part(bool apart) {
    const std::set<std::string> few{"west", worker(3), worker(6)};
    for (const auto& a : operators())
      for (const auto& b : operators())
        if (few.contains(a.name) && !few.contains(b.name))
          net_.cut(a.name, b.name, apart);
  }

  std::uint64_t height(const std::string& edge, const char* chain) const {
    return number(net_.get(edge, "/v1/status").at(chain), "height");
  }
  bool is_paired_with(const json::value& job, std::uint64_t validator) const {
    const auto session = net_.get("east", "/v1/sessions/" + text_of(job, "session"));
    return !session.at("paired").is_null() &&
           number(session.at("paired"), "validator") == validator;
  }

  void nothing_to_check();
  void all_settled_once();
  void same_chains_on_disk();
  host_network& net() { return net_; }

private:
  host_network net_;
  std::atomic<int> orders_{0};
  std::vector<json::value> jobs_;
};

/// Waits until every job was passed over by the draw, or its audit is over: who is cut off for
/// longer than the period of grace cannot defend what it did before (protocol.md section 3, rule
/// b).
void wide_area::nothing_to_check() {
  for (const auto& job : jobs_)
    CHECK(eventually([&] {
      const auto now = net_.get("east", "/v1/jobs/" + text_of(job, "job"));
      return step_of(now, "not_drawn") != nullptr || !now.at("verdict").is_null();
    }));
}

/// What was answered is settled with one result and a receipt that holds, and each session has paid
/// for each of its jobs once: no more, once all its claims have matured, and no less.
void wide_area::all_settled_once() {
  std::map<std::string, std::uint64_t> due;
  for (const auto& job : jobs_) {
    CAPTURE(job);
    for (const std::string edge : {"east", "west"})
      CHECK_MESSAGE(net_.settled(edge, job), edge);
    CHECK(read_all(text_of(job, "output")) == read_all(text_of(jobs_.front(), "output")));
    const auto receipt =
      run_datagen({"verify", text_of(job, "receipt"), "--genesis", net_.file("net/genesis.bin")});
    CHECK_MESSAGE(receipt.code == 0, receipt.err);
    due[text_of(job, "session")] += number(job, "fee_nano");
  }
  for (const std::string edge : {"east", "west"}) {
    for (const auto& [session, fee] : due) {
      CAPTURE(session);
      const auto expected = std::to_string(fee) + "000000000";  // 10^-18 DG
      const auto paid = [&] { return text_of(net_.get(edge, "/v1/sessions/" + session), "paid"); };
      CHECK_MESSAGE(eventually([&] { return paid() == expected; }, 120s),
                    edge << " says " << net_.text(edge, "/v1/sessions/" + session));
    }
    CHECK(text_of(net_.get(edge, "/v1/status").at("supply"), "total") ==
          "30000000000000000000000000");
  }
}

/// Stops everything and reads what the Heavy authors have written.
void wide_area::same_chains_on_disk() {
  for (const auto& x : operators())
    CHECK(net_.stop(x.name) == 0);
  chain_records records;
  std::vector<block_record> first;
  for (int i = 0; i < authors; ++i) {
    CAPTURE(i);
    const auto database = net_.home(worker(i)) / "data" / ("heavy-" + std::to_string(i) + ".db");
    const auto found = records.read(database.string());
    CHECK(found.equivocations == 0);
    CHECK(found.alarms == 0);
    if (i == 0)
      first = found.blocks;
    const auto common = std::min(first.size(), found.blocks.size());
    CHECK(common > 0);
    for (std::size_t height = 0; height < common; ++height)
      REQUIRE(first[height].block == found.blocks[height].block);
  }
  CHECK(records.equivocations() == 0);
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE(
  "namespaces: across lossy distances jobs flow and pairings follow delay, a killed validator is "
  "replaced, a partition heals, and nothing is lost or paid twice") {
  wide_area world;
  auto& net = world.net();
  auto a = world.ordered(alice), b = world.ordered(bob),
       c = world.ordered(carol, {"--mode", "random"});
  const auto first = world.keep(a.get());
  CHECK(number(first, "validator") == 5);
  CHECK(number(world.keep(b.get()), "validator") == 6);
  CHECK(number(world.keep(c.get()), "validator") < workers);

  const auto killed = std::chrono::steady_clock::now();
  net.kill(worker(5));
  const auto second = world.run(alice);
  CHECK(number(second, "validator") != 5);
  const auto replaced_ms = number(second, "round_trip_us") / 1'000;
  MESSAGE("killed and replaced: answered by a stand-in " << replaced_ms << " ms after the order");
  CHECK(replaced_ms < 2 * replaced_ms_max);
  CHECK(eventually([&] { return !world.is_paired_with(first, 5); }));
  MESSAGE("another is paired " << seconds_since(killed) << " s after the kill");
  net.start(worker(5));
  CHECK(eventually([&] { return net.log(worker(5)).find("is up") != std::string::npos; }));

  world.nothing_to_check();
  world.part(true);
  const auto cut = std::chrono::steady_clock::now();
  auto cut_off = world.ordered(bob);  // with its validator on the side that commits nothing
  const auto third = world.run(alice);
  CHECK(number(world.keep(cut_off.get()), "validator") == 6);
  CHECK(net.settled("east", third));
  CHECK(world.height("west", "heavy") < world.height("east", "heavy"));
  MESSAGE("parted for " << seconds_since(cut) << " s");
  world.part(false);
  const auto healed = std::chrono::steady_clock::now();
  for (const auto* chain : {"heavy", "fast"})
    CHECK(eventually(
      [&, east = world.height("east", chain)] { return world.height("west", chain) >= east; }));
  MESSAGE("the west has what the east had " << seconds_since(healed) << " s after healing");
  for (const auto& x : {alice, bob, carol})
    world.run(x);

  world.all_settled_once();
  world.same_chains_on_disk();
  MESSAGE(net.described());
}
