// Both chains' machines side by side: Heavy's decisions go to Fast, Fast's checkpoints to Heavy.

#include "protocol/fast/machine.hpp"
#include "protocol/ledger/checkpoints.hpp"
#include "protocol/ledger/claims.hpp"
#include "tests/support/committee_fixture.hpp"

using namespace ledger_test;

namespace {

/// A genesis under which hardly anything is audited, so that claims pay at once.
genesis quiet_genesis(std::uint32_t dead_after_blocks) {
  auto p = with_committees(4, 16, dead_after_blocks);
  p.audit_rate_ppm = 1;
  p.value_cap_floor = {1};
  return election_genesis(p);
}

/// The Fast Chain as one of its nodes runs it.
struct fast_node {
  fast::fast_machine machine;
  std::uint32_t epoch = 0;
  digest block{};

  explicit fast_node(const committee_world& w) : machine(w.start, w.checker) {}
};

struct both_chains {
  committee_world w;
  std::vector<ledger::block_events> history;
  std::uint64_t fast_clock_ms;

  explicit both_chains(std::uint32_t dead_after_blocks = 5)
      : w(quiet_genesis(dead_after_blocks)), fast_clock_ms(w.start.time_ms) {
    w.unit_price = 1'000;  // so few audits let little be at risk
  }

  /// What Heavy has said so far. @pre Heavy is in its first epoch
  bytes news() {
    history.clear();
    ledger::ledger_machine replay(w.start, w.checker, w.mock());
    for (const auto& block : w.blocks) {
      (void)replay.execute(block);
      if (!replay.announced().events.empty())
        history.push_back(replay.announced());
    }
    ledger::certified_events said{.blocks = history,
                                  .proof = {},
                                  .sections = w.machine.sections(),
                                  .path = w.machine.feed_path()};
    said.proof.statement = {w.chain(),
                            0,
                            w.machine.height(),
                            hash("heavy block"),
                            w.machine.state_root(),
                            digest_of(w.heavy().now)};
    for (std::uint16_t i = 0; i < 3; ++i)
      said.proof.signatures.emplace_back(
        i, sign(author_key(i), consensus::signing_bytes(said.proof.statement)));
    return encode(fast::transaction{fast::tx::heavy_events{said}});
  }
  static bytes leaf_of(const job& x) {
    return encode(fast::transaction{fast::tx::submit_leaf{x.paper}});
  }
  chain::block_result run(fast_node& node, std::vector<bytes> transactions,
                          std::uint64_t passed_ms = 10) {
    fast_clock_ms += passed_ms;
    consensus::signed_vertex vertex;
    vertex.body.transactions = std::move(transactions);
    node.block = hash("fast block", node.epoch, node.machine.height() + 1);
    return node.machine.execute({.epoch = node.epoch,
                                 .height = node.machine.height() + 1,
                                 .block = node.block,
                                 .timestamp_ms = fast_clock_ms,
                                 .vertices = {consensus::seal(std::move(vertex))}});
  }
  /// The checkpoint of the node's last block, certified by `by`; `next` follows after it.
  tx::checkpoint certified(const fast_node& node, const consensus::roster& by,
                           const consensus::roster& next) const {
    auto result = *node.machine.checkpoint_made();
    result.proof.statement = {
      by.chain,       by.epoch, node.machine.height(), node.block, node.machine.state_root(),
      digest_of(next)};
    for (std::uint16_t i = 0; i < by.quorum(); ++i)
      result.proof.signatures.emplace_back(
        i, sign(validator_key(by.ids[i]), consensus::signing_bytes(result.proof.statement)));
    return result;
  }
  std::uint16_t settle(const fast_node& node) {
    const auto done = w.prove(certified(node, w.fast().now, w.fast().now));
    w.block();  // the beacon, and with it the draw
    return done.code;
  }
};

}  // namespace

TEST_CASE("two chains: leaves that a dead committee ordered after the base vanish, and pay once") {
  both_chains net;
  auto& w = net.w;
  const auto session = w.paired_session(user_key(0));
  const std::vector jobs{w.make_job(user_key(0), session), w.make_job(user_key(0), session),
                         w.make_job(user_key(0), session)};
  fast_node old(w);
  (void)net.run(old, {net.news(), both_chains::leaf_of(jobs[0])});
  REQUIRE(net.settle(old) == 0);
  const auto base_state = old.machine.snapshot();
  const auto base_block = old.block;
  // Two more leaves are fast-final; their checkpoints never reach Heavy.
  (void)net.run(old, {both_chains::leaf_of(jobs[1])});
  const auto lost = net.certified(old, w.fast().now, w.fast().now);
  (void)net.run(old, {both_chains::leaf_of(jobs[2])});
  w.ready_fast();
  const auto dead = w.fast().now;
  w.wait_until([&w] { return w.fast().now.epoch == 1; });
  CHECK(w.fast().base->sequence == 1);
  CHECK(w.fast().base->block == base_block);

  // Too late: neither of them is anything to Heavy, also after it heard of the hand-over.
  CHECK(w.prove(lost).code == code<tx::checkpoint>(ledger::checkpoint_check::bad_certificate));
  const auto closing = net.run(old, {net.news()});
  REQUIRE(closing.next);
  CHECK(w.prove(net.certified(old, dead, *closing.next)).code != 0);

  fast_node fresh(w);
  REQUIRE(fresh.machine.restore(base_state));
  CHECK(fresh.machine.state_root() == w.fast().base->state_root);
  fresh.epoch = 1;
  const auto heard = net.run(fresh, {net.news(), both_chains::leaf_of(jobs[0]),
                                     both_chains::leaf_of(jobs[1]), both_chains::leaf_of(jobs[1])});
  CHECK_FALSE(heard.next);
  CHECK(heard.outcomes[0].code == 0);
  const auto ordered = static_cast<std::uint16_t>(fast::transaction_check::already_ordered);
  CHECK(heard.outcomes[1].code == ordered);  // settled before the base
  CHECK(heard.outcomes[2].code == 0);
  CHECK(heard.outcomes[3].code == ordered);
  REQUIRE(net.settle(fresh) == 0);
  // The claim epoch closes; its totals hold the first two jobs once, the third not at all.
  (void)net.run(fresh, {}, w.start.params.epoch_ms);
  REQUIRE(fresh.machine.last_checkpoint()->closes);
  REQUIRE(net.settle(fresh) == 0);
  const auto claims = fresh.machine.claims_of({0});
  REQUIRE(claims.size() == 1);
  REQUIRE(claims[0].entries.size() == 1);
  CHECK(claims[0].entries[0].price == 2 * w.unit_price);
  CHECK(claims[0].entries[0].jobs == 2);
  CHECK(w.collect(validator_key(0), claims[0]).code == 0);
  const auto paid = w.heard<happened::claim_paid>();
  REQUIRE(paid.size() == 1);
  CHECK(paid[0].units == 2'000);
  CHECK(w.say(validator_key(0), claims[0]).code ==
        code<tx::claim>(ledger::claim_check::already_claimed));
  CHECK(w.machine.find_session(session)->paid == amount{2 * w.unit_price * units_per_nano_dg});
}

TEST_CASE("two chains: a committee closes, and the next one's checkpoints settle on its state") {
  both_chains net(600);
  auto& w = net.w;
  const auto session = w.paired_session(user_key(0));
  const std::vector jobs{w.make_job(user_key(0), session), w.make_job(user_key(0), session)};
  fast_node node(w);
  (void)net.run(node, {net.news(), both_chains::leaf_of(jobs[0])});
  REQUIRE(net.settle(node) == 0);
  w.ready_fast();
  const auto closing = net.run(node, {net.news()});
  REQUIRE(closing.next);
  REQUIRE(w.prove(net.certified(node, w.fast().now, *closing.next)).code == 0);
  CHECK(w.fast().now == *closing.next);
  CHECK(w.fast().base->state_root == node.machine.state_root());
  node.epoch = 1;
  const auto going_on = net.run(node, {net.news(), both_chains::leaf_of(jobs[1])});
  CHECK_FALSE(going_on.next);
  CHECK(going_on.outcomes[1].code == 0);
  CHECK(net.settle(node) == 0);
  CHECK(w.machine.now().checkpoints->last == 3);
}
