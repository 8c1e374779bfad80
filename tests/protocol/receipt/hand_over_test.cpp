// Receipts over committee hand-overs of both chains: whom a reader has to trust, and what a forged
// chain of committees is worth.

#include "journey.hpp"

using namespace receipt_test;

namespace {

/// Signed by a quorum of whoever holds these keys.
template <class Key>
void forge(consensus::hand_over& x, const consensus::roster& next, Key key) {
  x.next = next;
  auto statement = x.last.statement;
  statement.next_committee = digest_of(next);
  x.last = certified(statement, key);
}

key_pair mallory(std::uint32_t epoch, std::uint32_t i) {
  return key_of("mallory", 100 * epoch + i);
}

}  // namespace

TEST_CASE("hand-overs: a receipt is settled over 0, 1 and 3 of them, from genesis alone") {
  for (const auto count : {0u, 1u, 3u}) {
    CAPTURE(count);
    journey trip{count};
    trip.audit_it("pass");
    CHECK(trip.paper.hand_overs.size() == count);
    const auto report = trip.verdict(trip.paper);
    CHECK_MESSAGE(report.code == portable_check::ok, report.reason);
    CHECK(report.stage == portable_stage::settled);
    CHECK(report.reason == "settled: valid from genesis, not proven recent");
    CHECK(report.audit);
  }
}

TEST_CASE("hand-overs: without the last one, the committee behind the proofs is unknown") {
  journey trip{3};
  trip.paper.hand_overs.pop_back();
  const auto report = trip.verdict(trip.paper);
  CHECK(report.code == portable_check::unknown_committee);
  CHECK(report.reason == "no trusted committee of Heavy epoch 3, and no hand-over leads there");
}

TEST_CASE("hand-overs: a chain that begins behind genesis needs a checkpoint, and one is enough") {
  journey trip{2};
  const auto middle = trip.checkpoint();
  trip.hand_over();
  trip.settle_it();
  auto& steps = trip.paper.hand_overs;
  steps.erase(steps.begin(), steps.begin() + 2);  // from epoch 2 on
  CHECK(trip.code(trip.paper) == portable_check::untrusted_start);
  const auto report = trip.verdict(trip.paper, &middle);
  CHECK_MESSAGE(report.code == portable_check::ok, report.reason);
  CHECK(report.trust == "valid from the trusted checkpoint of Heavy epoch 2 at block 6");
  steps.erase(steps.begin());
  CHECK(trip.code(trip.paper, &middle) == portable_check::unknown_committee);
}

TEST_CASE(
  "hand-overs: steps before the reader's own committee are ballast, those behind it are not") {
  journey trip{3};
  const auto& steps = trip.paper.hand_overs;
  const trusted_checkpoint second{steps[1].next, steps[1].last.statement.height + 1, hash("x")};
  auto x = trip.paper;
  x.hand_overs.erase(x.hand_overs.begin());  // begins at epoch 1, which this reader does not know
  CHECK(trip.code(x) == portable_check::untrusted_start);
  auto other = second;
  other.height = trip.net.heavy.height;
  other.block = hash("heavy-block", other.height);
  CHECK(trip.code(x, &other) == portable_check::other_committee);  // epoch 3 certified that block
  const trusted_checkpoint last = trip.checkpoint();
  CHECK(trip.code(x, &last) == portable_check::ok);
  x.hand_overs[0].last.signatures.clear();
  CHECK(trip.code(x, &last) == portable_check::ok);
  x.hand_overs[1].last.signatures.clear();
  CHECK(trip.code(x, &last) == portable_check::ok);
  other = {steps[1].next, steps[1].last.statement.height, hash("x")};
  CHECK(trip.code(x, &other) == portable_check::bad_hand_over);
}

TEST_CASE("hand-overs: a checkpoint before, at and behind what is proven says which it is") {
  journey trip{1};
  const auto at_settlement = trip.checkpoint();  // epoch 1
  trip.hand_over();
  const auto settled_alone = trip.paper;
  const trusted_checkpoint first{heavy_roster(trip.net.start), 1, hash("heavy-block", 1)};
  CHECK(trip.verdict(settled_alone, &first).trust ==
        "valid from the trusted checkpoint of Heavy epoch 0 at block 1");
  CHECK(trip.verdict(settled_alone, &at_settlement).trust ==
        "valid from the trusted checkpoint of Heavy epoch 1 at block 5");
  const trusted_checkpoint late{trip.serving, 7, hash("heavy-block", 7)};  // its first block
  CHECK(trip.verdict(settled_alone, &late).trust ==
        "valid from genesis and in line with the trusted checkpoint of Heavy epoch 2 at block 7");
  auto unconnected = settled_alone;
  unconnected.hand_overs.pop_back();
  CHECK(trip.verdict(unconnected, &late).trust ==
        "valid from genesis, not connected to the trusted checkpoint of Heavy epoch 2 at block 7");
}

TEST_CASE("hand-overs: a receipt that proves nothing of Heavy's is not connected to a checkpoint") {
  journey trip;
  trip.paper.heavy.clear();
  const auto now = trip.checkpoint();
  CHECK(trip.verdict(trip.paper, &now).trust.starts_with("valid from genesis, not connected to"));
}

TEST_CASE("hand-overs: each rule of the chain has its own number") {
  const journey trip{3};
  auto x = trip.paper;
  x.hand_overs.resize(portable_hand_overs_max + 1);
  CHECK(trip.code(x) == portable_check::too_many_hand_overs);
  x = trip.paper;
  x.hand_overs.erase(x.hand_overs.begin());
  CHECK(trip.code(x) == portable_check::untrusted_start);
  x = trip.paper;
  x.hand_overs.erase(x.hand_overs.begin() + 1);
  CHECK(trip.code(x) == portable_check::bad_hand_over);
  x = trip.paper;
  std::swap(x.hand_overs[1], x.hand_overs[2]);
  CHECK(trip.code(x) == portable_check::bad_hand_over);
  x = trip.paper;
  x.hand_overs[1].last.signatures.pop_back();
  CHECK(trip.code(x) == portable_check::bad_hand_over);
  x = trip.paper;
  x.hand_overs[2].next.ids[0] += 1;
  CHECK(trip.code(x) == portable_check::bad_hand_over);
  x = trip.paper;
  x.hand_overs[0].next.chain = fast_chain_id(trip.net.start);
  CHECK(trip.code(x) == portable_check::bad_hand_over);
}

TEST_CASE("hand-overs: a committee that nobody handed over to proves nothing") {
  journey trip{2};
  auto forged = trip.paper;
  const auto impostors = roster_of(trip.serving.chain, 2, mallory);
  forge(forged.hand_overs[1], impostors, mallory);  // not signed by epoch 1
  CHECK(trip.code(forged) == portable_check::bad_hand_over);
  forged = trip.paper;
  forged.hand_overs[1].next = impostors;  // an honest certificate names another one
  CHECK(trip.code(forged) == portable_check::bad_hand_over);
  forged = trip.paper;
  forged.heavy[0].events.proof = certified(forged.heavy[0].events.proof.statement, mallory);
  CHECK(trip.code(forged) == portable_check::bad_heavy_proof);
}

TEST_CASE("hand-overs: stolen keys of a committee long gone deceive genesis, not a checkpoint") {
  journey honest{2};
  const auto anchor = honest.checkpoint();
  journey lie{2};
  const auto impostors = roster_of(lie.serving.chain, 2, mallory);
  forge(lie.paper.hand_overs[1], impostors, heavy_key);  // epoch 1 signs once more
  lie.paper.heavy[0].events.proof = certified(lie.paper.heavy[0].events.proof.statement, mallory);
  CHECK(lie.code(lie.paper) == portable_check::ok);
  CHECK(lie.verdict(lie.paper).trust == "valid from genesis, not proven recent");
  CHECK(lie.code(lie.paper, &anchor) == portable_check::other_committee);
}

TEST_CASE("checkpoint: another block at its height, or epochs against their order, are refused") {
  journey trip{2};
  const auto right = trip.checkpoint();
  CHECK(trip.code(trip.paper, &right) == portable_check::ok);
  auto other = right;
  other.block = hash("another block");
  CHECK(trip.code(trip.paper, &other) == portable_check::other_committee);
  auto early = right;
  early.height = 2;  // epoch 2 began at block 4: the hand-over to epoch 1 contradicts it
  CHECK(trip.code(trip.paper, &early) == portable_check::other_committee);
  trusted_checkpoint late{trip.paper.hand_overs[0].next, right.height + 1, hash("x")};
  CHECK(trip.code(trip.paper, &late) == portable_check::other_committee);
  auto members = right;
  std::swap(members.authors.ids[0], members.authors.ids[1]);
  CHECK(trip.code(trip.paper, &members) == portable_check::other_committee);
  auto first = trusted_checkpoint{heavy_roster(trip.net.start), 1, hash("heavy-block", 1)};
  first.authors.ids[0] = 9;
  CHECK(trip.code(trip.paper, &first) == portable_check::other_committee);
  auto foreign = right;
  foreign.authors.chain = fast_chain_id(trip.net.start);
  CHECK(trip.code(trip.paper, &foreign) == portable_check::wrong_chain);
}

TEST_CASE("fast committee: of a later epoch it is known from Heavy's seating alone") {
  journey trip{1, 1};
  CHECK(trip.verdict(trip.paper).stage == portable_stage::settled);
  auto x = trip.paper;
  x.heavy.pop_back();
  CHECK(trip.code(x) == portable_check::unknown_committee);
  CHECK(trip.verdict(x).reason == "no Heavy proof seats the Fast committee of epoch 1");
  x.heavy.push_back(
    trip.prove(heard::committee_seated{roster_of(fast_chain_id(trip.net.start), 1, mallory), {}}));
  CHECK(trip.code(x) == portable_check::bad_fast_certificate);
  x.heavy.back() =
    trip.prove(heard::committee_seated{roster_of(heavy_chain_id(trip.net.start), 1, fast_key), {}});
  CHECK(trip.code(x) == portable_check::unknown_committee);  // seated on the other chain
}

TEST_CASE("fast committee: genesis' one needs no seating, and none replaces it") {
  journey trip;
  trip.paper.heavy.push_back(
    trip.prove(heard::committee_seated{roster_of(fast_chain_id(trip.net.start), 0, mallory), {}}));
  CHECK(trip.code(trip.paper) == portable_check::ok);
  trip.paper.fast->at.proof = certified(trip.paper.fast->at.proof.statement, mallory);
  CHECK(trip.code(trip.paper) == portable_check::bad_fast_certificate);
}
