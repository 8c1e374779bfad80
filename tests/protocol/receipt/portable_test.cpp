#include "journey.hpp"

using namespace receipt_test;

TEST_CASE("portable: R15 a receipt is promised, then ordered, then settled, then audited") {
  journey trip;
  trip.audit_it("pass");
  auto x = trip.paper;
  const auto full = trip.verdict(x);
  CHECK(full.code == portable_check::ok);
  CHECK(full.stage == portable_stage::settled);
  CHECK(full.reason == "settled: valid from genesis, not proven recent");
  REQUIRE(full.audit);
  CHECK(full.audit->outcome == "pass");
  x.heavy.pop_back();
  CHECK(trip.verdict(x).stage == portable_stage::settled);
  CHECK(!trip.verdict(x).audit);
  x.heavy.clear();
  CHECK(trip.verdict(x).stage == portable_stage::ordered);
  x.fast.reset();
  CHECK(trip.verdict(x).stage == portable_stage::promised);
  CHECK(trip.verdict(x).code == portable_check::ok);
}

TEST_CASE("portable: canonical bytes come back, other formats and trailing bytes do not") {
  const journey trip;
  const auto raw = encode_portable(trip.paper);
  MESSAGE("a settled portable receipt takes " << raw.size() << " bytes");
  const auto back = decode_portable(raw);
  REQUIRE(back);
  CHECK(encode_portable(*back) == raw);
  CHECK(trip.code(*back) == portable_check::ok);
  auto longer = raw;
  longer.push_back(0);
  CHECK(!decode_portable(longer));
  CHECK(!decode_portable(bytes(portable_bytes_max + 1)));
  CHECK(!decode_portable(encode("datagen/v2/portable-receipt")));
}

TEST_CASE("portable: R15 a flipped bit anywhere is refused or changes nothing that is claimed") {
  journey trip{2, 1};  // over two hand-overs of Heavy's, with a Fast committee that it seated
  trip.audit_it("pass");
  const auto raw = encode_portable(trip.paper);
  const auto said = claims(trip.verdict(trip.paper), trip.paper);
  std::size_t harmless = 0;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    auto bad = raw;
    bad[i] ^= static_cast<std::uint8_t>(1u << (i * 5 % 8));
    const auto x = decode_portable(bad);
    if (!x)
      continue;
    const auto report = trip.verdict(*x);
    if (report.code != portable_check::ok)
      continue;
    ++harmless;
    CHECK_MESSAGE(claims(report, *x) == said, "byte " << i);
  }
  MESSAGE(harmless << " of " << raw.size() << " flips were harmless");
  CHECK(harmless == 0);
}

TEST_CASE("portable: R15 each missing or wrong part has its own number") {
  const journey trip;
  auto x = trip.paper;
  auto other = trip.net.start;
  other.name = "other";
  CHECK(check_portable(other, x, trip.net.checker).code == portable_check::wrong_chain);
  x.user = user_key(5).identity;
  CHECK(trip.code(x) == portable_check::wrong_user);
  x.session_nonce = 0;
  CHECK(trip.code(x) == portable_check::bad_receipt);
  x = trip.paper;
  x.validator = validator_key(1).identity;
  CHECK(trip.code(x) == portable_check::wrong_validator);
  x = trip.paper;
  x.result.root = hash("another result");
  CHECK(trip.code(x) == portable_check::wrong_opening);
  x = trip.paper;
  x.fast->index = 0;
  CHECK(trip.code(x) == portable_check::wrong_leaf_path);
  x = trip.paper;
  x.fast->at.content.fast_height += 1;
  CHECK(trip.code(x) == portable_check::wrong_checkpoint_path);
  x = trip.paper;
  x.fast->at.proof.signatures.pop_back();
  CHECK(trip.code(x) == portable_check::bad_fast_certificate);
  x = trip.paper;
  x.heavy.resize(portable_heavy_proofs_max + 1);
  CHECK(trip.code(x) == portable_check::too_many_proofs);
}

TEST_CASE("portable: R15 a Heavy proof needs its quorum, its feed and ascending heights") {
  const journey trip;
  auto verdict = [&](auto change) {
    auto x = trip.paper.heavy[0];
    change(x);
    return check(x, heavy_committee(trip.net.start), trip.net.checker);
  };
  using enum heavy_proof_check;
  CHECK(verdict([](heavy_proof&) {}) == ok);
  CHECK(verdict([](heavy_proof& x) { x.events.proof.signatures.pop_back(); }) == bad_certificate);
  CHECK(verdict([](heavy_proof& x) { x.feed_before = hash("x"); }) == wrong_feed);
  CHECK(verdict([](heavy_proof& x) { x.events.blocks.pop_back(); }) == wrong_feed);
  CHECK(verdict([](heavy_proof& x) { x.events.blocks[0].live_ms += 1; }) == wrong_feed);
  CHECK(verdict([](heavy_proof& x) { std::swap(x.events.blocks[0], x.events.blocks[1]); }) ==
        wrong_order);
  CHECK(verdict([](heavy_proof& x) { x.events.blocks.back().height += 1; }) == wrong_order);
  CHECK(verdict([](heavy_proof& x) { x.events.blocks.resize(heavy_proof_blocks_max + 1); }) ==
        too_many_blocks);
  CHECK(verdict([&](heavy_proof& x) { x.events.next = trip.serving; }) == stray_hand_over);
  CHECK(trip.paper.heavy[0].events.blocks.size() == 2);  // the quiet block before is trimmed
  CHECK(trip.paper.heavy[0].feed_before == trip.feed_before_settled);
}

TEST_CASE(
  "portable: the user is proven by the session's nonce or by Heavy's opening, not otherwise") {
  const journey trip;
  CHECK(trip.verdict(trip.paper).user_proven);
  auto x = trip.paper;
  x.session_nonce = 0;
  CHECK(!trip.verdict(x).user_proven);
  x.heavy.push_back({{}, trip.opened});
  CHECK(trip.verdict(x).user_proven);
  x.user = user_key(5).identity;
  CHECK(trip.code(x) == portable_check::wrong_user);
}

TEST_CASE("portable: another job's or attempt's audit says nothing about this one") {
  journey trip;
  auto tell = [&](heard::audit_settled x) { trip.paper.heavy.push_back(trip.prove(std::move(x))); };
  tell({.job = hash("another job"), .outcome = "fault", .final = true});
  tell({.job = trip.paper.held.content.job, .attempt = 1, .outcome = "fault", .final = true});
  CHECK(trip.code(trip.paper) == portable_check::ok);
  CHECK(!trip.verdict(trip.paper).audit);
  tell({.job = trip.paper.held.content.job, .outcome = "escalate"});
  tell({.job = trip.paper.held.content.job, .outcome = "pass", .final = true});
  std::swap(trip.paper.heavy[3], trip.paper.heavy[4]);
  REQUIRE(trip.verdict(trip.paper).audit);
  CHECK(trip.verdict(trip.paper).audit->outcome == "pass");  // the latest, in whatever order
}

TEST_CASE("portable: a validator that joined later needs the proof that admits it") {
  journey trip;
  auto& x = trip.paper;
  x.fast.reset();
  x.heavy.clear();
  x.held.order.content.validator = {7};
  const auto& order = x.held.order.content;
  x.held.order.user = sign(user_key(0), ticket_statement(order));
  x.held.content =
    make_leaf(order, 100, commitment_of(x.salt, job_id_of(order), 0, {7}, digest_of(x.result)));
  x.held.validator = sign(validator_key(7), receipt_statement(order, x.held.content, 5'000));
  x.validator = validator_key(7).identity;
  CHECK(trip.code(x) == portable_check::unknown_validator);
  x.heavy.push_back(
    trip.prove(heard::validator_admitted{.validator = {7}, .key = validator_key(7).identity}));
  CHECK(trip.code(x) == portable_check::ok);
  x.validator = validator_key(6).identity;
  CHECK(trip.code(x) == portable_check::wrong_validator);
}

TEST_CASE("portable: Heavy settling another checkpoint of the same sequence is a conflict") {
  journey trip;
  auto other = trip.paper.fast->at.content;
  other.leaves += 1;
  trip.paper.heavy = {trip.prove(heard::checkpoint_settled{other})};
  CHECK(trip.code(trip.paper) == portable_check::conflicting_checkpoint);
}
