// How an author comes back from behind among peers that lie (consensus.md 2.15).

#include "tests/actors/chain/lone_author.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// Nobody keeps the first blocks for longer than 64 blocks.
parameters forgetful() {
  auto p = short_terms();
  p.committee_term_ms = 600'000;
  p.snapshot_blocks = 32;
  p.heavy.retain_commits = 64;
  p.heavy.idle_ms = 200;
  return p;
}

/// Author 3 has lost everything, and all but author 2 answer its questions as `lie` says. It must
/// ask on until it asks author 2, and come to the chain's state.
void check_lie(const std::function<void(v1::snapshot_piece&)>& lie) {
  virtual_cluster net{{.validators = 4, .params = forgetful()}};
  net.drop(role::heavy_author, 3);
  block_log here{net, {role::heavy_author, 0}, 80};
  net.sim.run_for(40'000);
  std::map<std::uint32_t, int> pieces;
  std::size_t lies = 0;
  lone_author lost{net, 3, [&](const peer& from, v1::snapshot_piece& x) {
                     ++pieces[from.index];
                     if (from.index == 2 || x.height == 0)
                       return;
                     ++lies;
                     lie(x);
                   }};
  block_log there{net, {role::heavy_author, 3}, 81};
  REQUIRE(net.sim.run_until([&] { return there.height() > 0; }, 60'000));
  // Blocks down to its engine's floor must have come by first.
  net.sim.run_until([&] { return there.height() + 5 > here.height(); }, 60'000);
  CHECK(lies > 0);
  CHECK(pieces[2] > 0);
  CHECK(there.chain().begin()->first > 64);  // by a state: nobody gave it the first blocks
  CHECK(there.height() + 5 > here.height());
  CHECK(agreement(here, there) > 10);
}

}  // namespace

TEST_CASE(
  "author sync: a state with one false bit leads to another root, is refused, and the next author "
  "is asked") {
  check_lie([](v1::snapshot_piece& x) { x.data[x.data.size() / 2] ^= 1; });
}

TEST_CASE("author sync: a state under a false root is refused, whoever signed the true one") {
  check_lie([](v1::snapshot_piece& x) {
    if (x.proof)
      x.proof->proof.statement.state_root = hash("another");
  });
}

TEST_CASE("author sync: a chunk that breaks off and never goes on is given up") {
  check_lie([](v1::snapshot_piece& x) { x.data.resize(x.offset == 0 ? x.data.size() / 2 : 0); });
}

TEST_CASE("author sync: a chunk of another height than the proven one is refused") {
  check_lie([](v1::snapshot_piece& x) {
    ++x.height;
    if (x.offset == 0)
      x.data.resize(x.data.size() / 2);
  });
}

TEST_CASE("author sync: a chunk for another place than the one asked for is refused") {
  check_lie([](v1::snapshot_piece& x) { ++x.offset; });
}

TEST_CASE("author sync: more bytes than were announced are refused") {
  check_lie([](v1::snapshot_piece& x) { x.data.push_back(0); });
}

TEST_CASE("author sync: a size beyond all bounds is refused before anything of it is stored") {
  check_lie([](v1::snapshot_piece& x) { x.size = 1ULL << 60; });
}

TEST_CASE("author sync: a proof that a single author signed is refused") {
  check_lie([](v1::snapshot_piece& x) {
    if (x.proof)
      x.proof->proof.signatures.resize(1);
  });
}

TEST_CASE("author sync: a state without proof is refused") {
  check_lie([](v1::snapshot_piece& x) { x.proof.reset(); });
}

TEST_CASE("author sync: pieces that nobody asked for change nothing") {
  virtual_cluster net{{.validators = 4}};
  block_log here{net, {role::heavy_author, 0}, 80};
  net.sim.run_for(5'000);
  for (std::uint64_t i = 0; i < 1'000; ++i)
    net.net->send(peer{role::heavy_author, 1}, peer{role::heavy_author, 0},
                  v1::snapshot_piece{.request = i, .height = 1'000'000, .size = 10, .data = {1}});
  const auto before = here.height();
  net.sim.run_for(5'000);
  CHECK(here.height() > before);
  CHECK(here.chain().size() == here.height());  // no gap: it goes on by itself
}

TEST_CASE(
  "author sync: of a flood of asks for states and blocks an author reads eight at a time, and "
  "answers the next one after it") {
  virtual_cluster net{{.validators = 4, .params = forgetful()}};
  net.sim.run_for(20'000);
  auto answers = std::make_shared<std::size_t>(0);
  const auto asker = net.sim.system().spawn([answers](caf::event_based_actor*) {
    return caf::behavior{[answers](const peer&, const v1::snapshot_piece&) { ++*answers; },
                         [answers](const peer&, const v1::block_answer&) { ++*answers; }};
  });
  const peer stranger{role::heavy_author, 77};
  const peer author{role::heavy_author, 0};
  net.net->attach(stranger, asker);
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    net.net->send(stranger, author, v1::snapshot_query{i, 0, 0, 0});
    net.net->send(stranger, author, v1::block_query{i, 1, 64});
  }
  net.sim.run_for(2'000);
  CHECK(*answers >= 8);
  CHECK(*answers <= 16);
  *answers = 0;
  net.net->send(stranger, author, v1::snapshot_query{1, 0, 0, 0});
  net.sim.run_for(2'000);
  CHECK(*answers == 1);
}
