// Invariant 7 (protocol.md section 7): bytes on chain per job do not depend on the size of the job.
// Measured where they lie: in the databases that the authors of both chains leave behind.

#include "tests/support/virtual_cluster.hpp"

#include "actors/storage/store.hpp"
#include "protocol/consensus/vertex.hpp"

#include <filesystem>

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

constexpr std::uint32_t jobs = 8;

/// What one author stores of a chain.
struct stored_bytes {
  std::size_t vertices = 0;
  std::size_t bytes = 0;         ///< Of all vertices, signed and encoded as they lie there.
  std::size_t transactions = 0;  ///< Bytes of them that are transactions.
  friend bool operator==(const stored_bytes&, const stored_bytes&) = default;
};

/// One run: the sizes of its leaves and of their transactions, and both chains as one author of
/// each stored them.
struct measured {
  std::vector<std::size_t> leaf_transactions;
  std::vector<std::size_t> leaves;
  stored_bytes fast;
  stored_bytes heavy;
};

stored_bytes read_vertices(const std::filesystem::path& file, std::uint8_t chain) {
  auto store = storage::store::open({.path = file.string()});
  REQUIRE(store);
  const auto rows = store->vertices_above(chain, 0, 0);
  REQUIRE(rows);
  stored_bytes result;
  for (const auto& row : *rows) {
    ++result.vertices;
    result.bytes += row.body.size();
    const auto v = consensus::decode_vertex(row.body);
    REQUIRE(v);
    for (const auto& x : v->body.transactions)
      result.transactions += x.size();
  }
  return result;
}

/// No leaf is drawn (one in 10,000 would be), or every leaf.
parameters with_audits(bool drawn) {
  auto params = dev_preset();
  params.audit_rate_ppm = drawn ? 1'000'000 : 100;
  params.checker_fee_permille = 200;             // so that the fee pays for so many audits,
  params.value_cap_floor = {1};                  // and so few pass the gate,
  params.value_cap_user_share_permille = 1'000;  // for the one user of this test
  return params;
}

/// `jobs` jobs of merkle.root over `input_bytes` each, one every 500 ms of virtual time.
measured run(std::size_t input_bytes, std::uint8_t fill, const parameters& params) {
  const auto dir = std::filesystem::temp_directory_path() /
                   ("datagen-bytes-" + std::to_string(std::random_device{}()));
  std::filesystem::create_directories(dir);
  measured result;
  {
    virtual_cluster net{{.params = params, .data_dir = dir.string()}};
    const auto alice = net.user(0);
    const auto ready =
      net.sim.ask<v1::session_ready>(alice, v1::session_wish{.bid = 5'000, .escrow = dg(1'000)});
    REQUIRE(net.sim.run_until([&] { return ready->has_value(); }, 20'000));
    net.sim.run_for(10'000 - net.net->now().monotonic_ms % 10'000);
    for (std::uint32_t i = 0; i < jobs; ++i) {
      const auto done =
        net.sim.ask<v1::job_outcome>(alice, v1::job_wish{.kernel = {"merkle.root", 0},
                                                         .input = blob{bytes(input_bytes, fill)},
                                                         .units_max = 1'000'000});
      REQUIRE(net.sim.run_until([&] { return done->has_value(); }, 400));
      REQUIRE_MESSAGE((*done)->code == ec::ok, (*done)->reason);
      result.leaf_transactions.push_back(
        encode(fast::transaction{fast::tx::submit_leaf{(*done)->receipt}}).size());
      result.leaves.push_back(encode((*done)->receipt.content).size());
      net.sim.run_for(500);
    }
    net.sim.run_for(30'000);
  }
  result.fast = read_vertices(dir / "validator-0.db", 1);
  result.heavy = read_vertices(dir / "heavy-0.db", 0);
  std::filesystem::remove_all(dir);
  return result;
}

std::string shown(const char* name, const stored_bytes& x) {
  return std::string{name} + ": " + std::to_string(x.vertices) + " vertices, " +
         std::to_string(x.bytes) + " bytes (" + std::to_string(x.bytes / jobs) +
         " per job), of them transactions " + std::to_string(x.transactions);
}

}  // namespace

TEST_CASE(
  "R8 bytes per job: 8 jobs over 64 MB leave the same bytes as 8 jobs over 1 KB, to the last "
  "byte of every vertex that an author of either chain stores") {
  const auto small = run(1 << 10, 7, with_audits(false));
  const auto large = run(64 << 20, 7, with_audits(false));
  for (const auto* x : {&small, &large}) {
    MESSAGE(shown("Fast", x->fast));
    MESSAGE(shown("Heavy", x->heavy));
  }
  CHECK(small.leaves == std::vector<std::size_t>(jobs, leaf_bytes));
  CHECK(small.leaves == large.leaves);
  CHECK(small.leaf_transactions == large.leaf_transactions);
  CHECK(small.fast == large.fast);
  CHECK(small.heavy == large.heavy);
}

TEST_CASE("R8 bytes per job: nor does an audit cost more bytes on Heavy for 64 MB than for 1 KB") {
  // Whom the beacon draws depends on the job's digest, and with it who is how far away and how many
  // idle vertices pass meanwhile: so here the transactions are compared, which are what is said.
  const auto small = run(1 << 10, 7, with_audits(true));
  const auto large = run(64 << 20, 7, with_audits(true));
  for (const auto* x : {&small, &large})
    MESSAGE(shown("Heavy", x->heavy));
  CHECK(small.leaf_transactions == large.leaf_transactions);
  CHECK(small.heavy.transactions == large.heavy.transactions);
}
