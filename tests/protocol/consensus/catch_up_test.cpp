#include "protocol/consensus/catch_up.hpp"

#include "protocol/chain/development.hpp"

#include <doctest/doctest.h>

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

namespace {

constexpr std::size_t authors = 4;

key_pair key(std::uint32_t i) { return development_key(development_kind::author, i); }

roster members() {
  roster result{.chain = hash("chain", "test"), .epoch = 3};
  for (std::uint32_t i = 0; i < authors; ++i) {
    result.authors.push_back(key(i).identity);
    result.ids.push_back(10 + i);
  }
  return result;
}

certificate certify(const commit& block, std::size_t signers = 3) {
  const auto who = members();
  certificate result{{.chain = who.chain,
                      .epoch = who.epoch,
                      .height = block.index,
                      .block = digest_of(block),
                      .state_root = hash("root", block.index),
                      .next_committee = digest_of(who)},
                     {}};
  for (author_index i = 0; i < signers; ++i)
    result.signatures.emplace_back(i, sign(key(i), signing_bytes(result.statement)));
  return result;
}

vertex_ptr vertex_of(author_index author, round_number round) {
  vertex v{.chain = members().chain, .epoch = 3, .round = round, .author = author};
  v.transactions.push_back(bytes(10, static_cast<std::uint8_t>(round)));
  return sign_vertex(std::move(v), key(author));
}

/// `count` blocks behind `head`, two vertices each, the last one certified.
block_range range_behind(const chain_head& head, std::size_t count) {
  block_range x;
  auto before = head;
  for (std::size_t i = 0; i < count; ++i) {
    commit block{.index = before.height + 1, .previous = before.block};
    for (author_index a = 0; a < 2; ++a) {
      const auto v = vertex_of(a, static_cast<round_number>(block.index));
      block.vertices.push_back(v->ref);
      x.vertices.push_back(encode_vertex(*v));
    }
    block.leader = block.vertices.front();
    before = {block.index, digest_of(block)};
    x.commits.push_back(std::move(block));
  }
  x.last = certify(x.commits.back());
  return x;
}

range_check judge(const block_range& x, const chain_head& head) {
  return check(x, head, members(), signature_checker{}).check;
}

}  // namespace

TEST_CASE(
  "catch-up: a range is good when digests lead from its certificate back to the own chain") {
  const chain_head head{7, hash("head")};
  const auto good = range_behind(head, 5);
  const auto checked = check(good, head, members(), signature_checker{});
  REQUIRE(checked.check == range_check::ok);
  REQUIRE(checked.vertices.size() == 5);
  CHECK(checked.vertices[4][1]->ref == good.commits[4].vertices[1]);
}

TEST_CASE("catch-up: nothing of a range is believed that the certificate does not lead to") {
  const chain_head head{7, hash("head")};
  const auto good = range_behind(head, 5);
  const auto spoilt = [&](auto change) {
    auto x = good;
    change(x);
    return judge(x, head);
  };
  CHECK(spoilt([](auto& x) { x.commits.clear(); }) == range_check::empty);
  CHECK(judge(good, {8, hash("head")}) == range_check::not_next);
  CHECK(judge(good, {7, hash("elsewhere")}) == range_check::not_next);
  CHECK(spoilt([](auto& x) { x.commits[2].timestamp_ms += 1; }) == range_check::broken_chain);
  CHECK(spoilt([](auto& x) { x.commits[4].timestamp_ms += 1; }) == range_check::not_certified);
  CHECK(spoilt([](auto& x) { x.commits.pop_back(); }) == range_check::not_certified);
  CHECK(spoilt([](auto& x) { x.last = certify(x.commits.back(), 2); }) ==
        range_check::bad_certificate);
  CHECK(spoilt([](auto& x) { x.vertices.pop_back(); }) == range_check::wrong_vertices);
  CHECK(spoilt([](auto& x) { x.vertices.push_back(x.vertices.back()); }) ==
        range_check::wrong_vertices);
  CHECK(spoilt([](auto& x) { std::swap(x.vertices[0], x.vertices[1]); }) ==
        range_check::wrong_vertices);
  // The digest does not cover the signature.
  CHECK(spoilt([](auto& x) { x.vertices[3].back() ^= 1; }) == range_check::wrong_vertices);
}

TEST_CASE(
  "catch-up: a member asks beside its DAG only when far behind, in an older epoch, or stuck") {
  catch_up sync{10};
  sync.ask_among({10, 11, 12, 13});
  CHECK(sync.poll({3, 100, true}, 1'000).empty());
  sync.heard(11, 3, 150);  // 50 blocks: the DAG closes that
  CHECK(sync.poll({3, 100, true}, 1'001).empty());
  CHECK_FALSE(sync.behind());
  sync.heard(11, 3, 151);
  CHECK(sync.poll({3, 100, true}, 1'002).size() == 2);  // 101 .. 128, 129 .. 151
  CHECK(sync.behind());

  catch_up stuck{10};
  stuck.heard(11, 3, 101);
  CHECK(stuck.poll({3, 100, true}, 1'000).empty());
  CHECK(stuck.poll({3, 100, true}, 4'999).empty());
  CHECK(stuck.poll({3, 100, true}, 5'000).size() == 1);

  catch_up older{10};
  older.heard(11, 4, 0);
  CHECK(older.poll({3, 100, true}, 1'000).size() == 1);
}

TEST_CASE(
  "catch-up: ranges end where certificates are expected, nobody is asked twice, and void "
  "heights are not asked for") {
  catch_up sync{10};
  sync.heard(11, 3, 90);
  sync.heard(12, 3, 90);
  const auto first = sync.poll({3, 5, false}, 0);
  REQUIRE(first.size() == 3);
  CHECK(first[0].first == 6);
  CHECK(first[0].last == 32);
  CHECK(first[1].first == 33);
  CHECK(first[2].last == 90);
  CHECK(first[0].peer != first[1].peer);
  CHECK(sync.poll({3, 5, false}, 1).empty());

  catch_up bounded{10};
  bounded.heard(11, 3, 90);
  bounded.end_at(20);
  const auto some = bounded.poll({3, 5, false}, 0);
  REQUIRE(some.size() == 1);
  CHECK(some[0].last == 20);
  bounded.replied(11, some[0].number, 3, 90, std::nullopt);
  CHECK(bounded.poll({3, 20, false}, 2'000).empty());
}

TEST_CASE("catch-up: a silent or lying peer is left alone for a while, others are asked instead") {
  catch_up sync{10, {.faults_max = 1}};
  sync.heard(11, 3, 20);
  const auto asked = sync.poll({3, 0, false}, 0);
  REQUIRE(asked.size() == 1);
  sync.heard(12, 3, 20);
  const auto again = sync.poll({3, 0, false}, 2'000);  // the first one has timed out
  REQUIRE(again.size() == 1);
  CHECK(again[0].peer == 12);
  const chain_head genesis{0, hash("head")};
  sync.replied(12, 4711, 3, 20, range_behind(genesis, 20));             // nobody asked
  sync.replied(11, again[0].number, 3, 20, range_behind(genesis, 20));  // nor that one
  CHECK_FALSE(sync.take(1));
  sync.replied(12, again[0].number, 3, 20, range_behind(genesis, 20));
  REQUIRE(sync.take(1));
  CHECK_FALSE(sync.take(1));
}
