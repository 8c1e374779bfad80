// Authors of the Heavy Chain as processes of their own, killed with SIGKILL at random moments while
// users keep paying each other. The seed is printed; DATAGEN_SEED and DATAGEN_KILLS choose another
// run (`kill_author_long` records long ones).

#include "tests/end_to_end/chain_records.hpp"
#include "tests/end_to_end/transfer_client.hpp"
#include "tests/support/places.hpp"
#include "tools/bench/authors/author_fleet.hpp"

#include <iostream>
#include <random>
#include <thread>

using namespace end_to_end;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::size_t authors = 4;
constexpr std::uint64_t min_round_ms = 50;    // Heavy's own
constexpr std::uint64_t away_max_ms = 200;    // its round is still in everybody's graph,
constexpr std::uint64_t gone_max_ms = 6'000;  // or is collected: it comes back by blocks
constexpr seconds patience{60};               // a loaded machine, not a slow engine

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const auto* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class crash_test {
public:
  crash_test()
      : committee_(bench::local_committee(bench::chain_kind::ledger, authors, min_round_ms)),
        fleet_(datagen::program_path("author_process"), files_.path.string(), committee_),
        users(committee_) {
    REQUIRE_MESSAGE(users.why().empty(), users.why());
    REQUIRE(fleet_.start_all());
    for (std::size_t i = 0; i < authors; ++i)
      REQUIRE(acknowledged_again(i));
  }

  void kill(std::size_t author) {
    fleet_.kill(author);
    records_.read(fleet_.database(author));
  }
  void start(std::size_t author) {
    // A transfer made from now on can only have come through a vertex of its new life.
    newest_[author] = users.lanes()[author].next_nonce;
    REQUIRE(fleet_.start(author));
  }
  /// Is a transfer acknowledged that was made since the author's last start, so that a vertex of
  /// its present life is in the chain?
  bool acknowledged_again(std::size_t author) {
    const auto held = users.wait(
      [&](const auto& lanes) { return lanes[author].last_acknowledged >= newest_[author]; },
      patience);
    if (!held)
      std::cout << "author " << author << ": " << fleet_.output(author) << std::endl;
    return held;
  }
  std::uint64_t acknowledgements() const {
    std::uint64_t sum = 0;
    for (const auto& lane : users.lanes())
      sum += lane.acknowledged.size();
    return sum;
  }

  /// Lets everything settle, stops all authors and compares what they and the users remember.
  void compare() {
    users.drain();
    REQUIRE(users.wait(
      [](const auto& lanes) {
        return std::ranges::all_of(lanes, [](const auto& x) { return x.open.empty(); });
      },
      patience));
    const auto lanes = users.lanes();
    for (std::uint32_t i = 0; i < authors; ++i)
      REQUIRE_MESSAGE(has_all(i, lanes), "author " << i << " does not get to the end");
    CHECK(fleet_.stop_all());
    std::vector<chain_records::author_record> found;
    for (std::size_t i = 0; i < authors; ++i)
      found.push_back(records_.read(fleet_.database(i)));
    CHECK(records_.equivocations() == 0);
    for (std::size_t i = 0; i < authors; ++i) {
      CAPTURE(i);
      CHECK(found[i].equivocations == 0);
      CHECK(found[i].alarms == 0);
      same_chain(found[0].blocks, found[i].blocks);
      holds_everything(found[i].blocks, lanes);
    }
    std::cout << found[0].blocks.size() << " blocks, " << records_.vertices() << " vertices, "
              << acknowledgements() << " acknowledged transfers\n";
  }

private:
  bool has_all(std::uint32_t author, const std::vector<lane_record>& lanes) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline) {
      const auto nonces = users.nonces_at(author);
      bool all = nonces.has_value();
      for (std::size_t i = 0; all && i < lanes.size(); ++i)
        all = (*nonces)[i] + 1 == lanes[i].next_nonce;
      if (all)
        return true;
      std::this_thread::sleep_for(milliseconds{50});
    }
    return false;
  }
  static void same_chain(const std::vector<block_record>& a, const std::vector<block_record>& b) {
    const auto common = std::min(a.size(), b.size());
    std::size_t different = 0;
    for (std::size_t i = 0; i < common; ++i)
      different += a[i].block != b[i].block || a[i].news.state_root != b[i].news.state_root;
    CHECK(common > 0);
    CHECK(different == 0);
  }
  /// Every acknowledged transfer stands at the height that was told; every other one that was
  /// submitted stands there too; none is applied twice.
  static void holds_everything(const std::vector<block_record>& blocks,
                               const std::vector<lane_record>& lanes) {
    std::map<protocol::digest, std::uint64_t> applied;
    std::size_t twice = 0, lost = 0, elsewhere = 0, transfers = 0;
    for (const auto& x : blocks) {
      for (const auto& outcome : x.news.outcomes)
        if (outcome.code == 0)
          twice += !applied.emplace(outcome.transaction, x.news.height).second;
      for (const auto& raw : x.news.events) {
        const auto what = protocol::decode<protocol::ledger::event>(raw);
        transfers += what && std::holds_alternative<protocol::ledger::happened::transferred>(*what);
      }
    }
    std::size_t submitted = 0;
    for (const auto& lane : lanes) {
      submitted += lane.next_nonce - 1;
      CHECK(lane.acknowledged.size() + lane.settled.size() == lane.next_nonce - 1);
      for (const auto& [transfer, height] : lane.acknowledged) {
        const auto found = applied.find(transfer);
        lost += found == applied.end();
        elsewhere += found != applied.end() && found->second != height;
      }
      for (const auto& transfer : lane.settled)
        lost += applied.count(transfer) == 0;
      if (!lane.refusals.empty())
        FAIL_CHECK("a transfer was refused: " << lane.refusals.front());
    }
    CHECK(lost == 0);
    CHECK(elsewhere == 0);
    CHECK(twice == 0);
    CHECK(transfers == submitted);  // beside them, only dealings of the authors' ceremonies
  }

  test_support::scratch_directory files_;
  bench::committee_file committee_;
  bench::author_fleet fleet_;
  chain_records records_;
  std::array<std::uint64_t, authors> newest_{1, 1, 1, 1};

public:
  transfer_client users;
};

}  // namespace

TEST_CASE(
  "kill -9 of a random author at random moments: it never signs twice for a round, no "
  "acknowledged transfer is lost, and its vertices are in the chain again each time") {
  const auto seed = number_from("DATAGEN_SEED", std::random_device{}());
  const auto kills = number_from("DATAGEN_KILLS", 20);
  std::cout << "DATAGEN_SEED=" << seed << " DATAGEN_KILLS=" << kills << std::endl;
  std::mt19937_64 random{seed};
  const auto pause = [&](std::uint64_t ms_max) {
    std::this_thread::sleep_for(milliseconds{random() % (ms_max + 1)});
  };
  crash_test test;
  for (std::uint64_t kill = 0; kill < kills; ++kill) {
    CAPTURE(kill);
    const auto author = random() % authors;
    pause(600);
    test.kill(author);
    pause(random() % 8 == 0 ? gone_max_ms : away_max_ms);
    test.start(author);
    if (random() % 4 == 0 && kill + 1 < kills) {  // once more, in the middle of coming back
      ++kill;
      pause(300);
      test.kill(author);
      test.start(author);
    }
    REQUIRE(test.acknowledged_again(author));
  }
  test.compare();
}

TEST_CASE(
  "two of four authors die at once: nothing is acknowledged without a quorum, and when they "
  "return everything that was submitted is applied once") {
  crash_test test;
  test.kill(1);
  test.kill(3);
  std::this_thread::sleep_for(milliseconds{500});  // what was on its way
  const auto before = test.acknowledgements();
  std::this_thread::sleep_for(milliseconds{1'500});
  CHECK(test.acknowledgements() == before);
  test.start(1);
  test.start(3);
  for (std::size_t i = 0; i < authors; ++i)
    REQUIRE(test.acknowledged_again(i));
  test.compare();
}
