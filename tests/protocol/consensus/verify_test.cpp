// Oracle O13 of consensus.md 4.3: each clause of 2.2 broken on its own is refused by its number.
#include "protocol/consensus/verify.hpp"
#include "tests/support/mock_coin.hpp"

using namespace datagen::protocol;
using datagen::test_support::mock_coin;
using namespace datagen::protocol::consensus;

namespace {

struct fixture {
  std::vector<key_pair> keys;
  committee members;
  engine_params params;
  signature_checker signatures;

  fixture() {
    for (std::uint8_t i = 0; i < 4; ++i) {
      secret_key secret;
      secret.value.fill(static_cast<std::uint8_t>(i + 1));
      keys.push_back(key_pair::from_secret(secret));
      members.authors.push_back(keys.back().identity);
    }
    members.chain.value[0] = 9;
    members.epoch = 3;
    params.payload_bytes_max = 1000;
    params.vertex_bytes_max = 4000;
    params.transactions_max = 10;
  }
  /// A valid vertex of author 1: round 1 on genesis, or a later round on made-up parents.
  vertex valid(round_number round = 1) const {
    vertex v;
    v.chain = members.chain;
    v.epoch = members.epoch;
    v.round = round;
    v.author = 1;
    for (const author_index a : {1, 0, 2, 3})
      v.ancestors.push_back(round == 1 ? genesis_refs(members)[a]
                                       : vertex_ref{round - 1, a, hash("parent", a)});
    if (const auto slot = params.slot_decided_at(round))
      v.coin_share = mock_coin({}, v.author).share(coin_domain::leaders, *slot);
    return v;
  }
  vertex_check verdict(vertex v) const {
    const auto author = v.author < 4 ? v.author : 0;
    return check(*sign_vertex(std::move(v), keys[author]), {members, params, std::make_shared<mock_coin>()}, signatures);
  }
  template <class Change>
  vertex_check broken(Change change, round_number round = 5) const {
    auto v = valid(round);
    change(v);
    return verdict(std::move(v));
  }
};

}  // namespace

TEST_CASE("verify O13: valid vertices pass, at round 1 and later, with a lagging own ancestor") {
  const fixture f;
  CHECK(f.verdict(f.valid(1)) == vertex_check::ok);
  CHECK(f.verdict(f.valid(5)) == vertex_check::ok);
  CHECK(f.broken([](vertex& v) { v.ancestors[0].round = 2; }) == vertex_check::ok);
}

TEST_CASE("verify O13: clause 1, identity and signature") {
  const fixture f;
  CHECK(f.broken([](vertex& v) { v.chain.value[1] = 1; }) == vertex_check::wrong_chain);
  CHECK(f.broken([](vertex& v) { v.epoch = 4; }) == vertex_check::wrong_epoch);
  CHECK(f.broken([](vertex& v) { v.author = 4; }) == vertex_check::unknown_author);
  CHECK(f.broken([](vertex& v) { v.round = 0; }) == vertex_check::round_zero);
  const verify_context context{f.members, f.params, std::make_shared<mock_coin>()};
  const auto foreign = sign_vertex(f.valid(), f.keys[2]);
  CHECK(check(*foreign, context, f.signatures) == vertex_check::bad_signature);
  auto altered = signed_vertex{f.valid(), sign_vertex(f.valid(), f.keys[1])->sig};
  CHECK(check(*seal(altered), context, f.signatures) == vertex_check::ok);
  altered.body.timestamp_ms = 1;
  CHECK(check(*seal(altered), context, f.signatures) == vertex_check::bad_signature);
}

TEST_CASE("verify O13: clause 2, ancestors") {
  const fixture f;
  CHECK(f.broken([](vertex& v) { v.ancestors.clear(); }) == vertex_check::no_ancestors);
  CHECK(f.broken([](vertex& v) { v.ancestors[3].author = 4; }) == vertex_check::unknown_ancestor);
  CHECK(f.broken([](vertex& v) { v.ancestors[2].round = 5; }) == vertex_check::ancestor_not_older);
  CHECK(f.broken([](vertex& v) { std::swap(v.ancestors[0], v.ancestors[1]); }) ==
        vertex_check::own_not_first);
  CHECK(f.broken([](vertex& v) { v.ancestors.erase(v.ancestors.begin()); }) ==
        vertex_check::own_not_first);
  CHECK(f.broken([](vertex& v) { v.ancestors[2].author = 1; }) == vertex_check::ancestor_twice);
  CHECK(f.broken([](vertex& v) { v.ancestors[2].author = 3; }) == vertex_check::ancestor_twice);
  CHECK(f.broken([](vertex& v) { v.ancestors[2].id.value[0] ^= 1; }, 1) ==
        vertex_check::wrong_genesis);
}

TEST_CASE("verify O13: clause 3, q authors at the round below, and the own one counts only there") {
  const fixture f;
  const auto lag = [](std::size_t links) {
    return [links](vertex& v) {
      for (std::size_t i = 0; i < links; ++i)
        v.ancestors[i].round = 3;
    };
  };
  CHECK(f.broken(lag(1)) == vertex_check::ok);
  CHECK(f.broken(lag(2)) == vertex_check::too_few_parents);
  CHECK(f.broken([](vertex& v) { v.ancestors.resize(2); }) == vertex_check::too_few_parents);
}

TEST_CASE("verify O13: clause 4, a vertex carries the share of the slot that its round decides") {
  const fixture f;  // w = 5: round 5 decides slot 1
  const auto share = [](author_index author, round_number slot) {
    return mock_coin({}, author).share(coin_domain::leaders, slot);
  };
  const auto with = [&](bytes x, round_number round) {
    return f.broken([&](vertex& v) { v.coin_share = x; }, round);
  };
  CHECK(with(share(1, 1), 5) == vertex_check::ok);
  CHECK(with({}, 5) == vertex_check::bad_coin_share);
  CHECK(with(share(0, 1), 5) == vertex_check::bad_coin_share);
  CHECK(with(share(1, 2), 5) == vertex_check::bad_coin_share);
  CHECK(with(mock_coin({}, 1).share(coin_domain::audits, 1), 5) == vertex_check::bad_coin_share);
  CHECK(with({}, 4) == vertex_check::ok);
  CHECK(with(share(1, 1), 4) == vertex_check::bad_coin_share);
}

TEST_CASE("verify: a beacon share that is not the author's own for that height is refused") {
  const fixture f;
  const auto with = [&](author_index author, std::uint64_t height) {
    return f.broken([&](vertex& v) {
      v.beacon_shares = {{7, mock_coin({}, author).share(coin_domain::audits, height)}};
    });
  };
  CHECK(with(1, 7) == vertex_check::ok);
  CHECK(with(2, 7) == vertex_check::bad_beacon_share);
  CHECK(with(1, 8) == vertex_check::bad_beacon_share);
}

TEST_CASE("verify O13: clause 5, limits at the limit and one above") {
  const fixture f;
  const auto beacons = [](std::size_t count) {
    return std::vector<beacon_share>(count,
                                     {7, mock_coin({}, 1).share(coin_domain::audits, 7)});
  };
  CHECK(f.broken([](vertex& v) { v.transactions.resize(10); }) == vertex_check::ok);
  CHECK(f.broken([](vertex& v) { v.transactions.resize(11); }) ==
        vertex_check::too_many_transactions);
  CHECK(f.broken([](vertex& v) { v.transactions = {bytes(600), bytes(400)}; }) == vertex_check::ok);
  CHECK(f.broken([](vertex& v) {
    v.transactions = {bytes(600), bytes(401)};
  }) == vertex_check::payload_too_large);
  CHECK(f.broken([](vertex& v) { v.finality_votes.resize(101); }) == vertex_check::too_many_votes);
  CHECK(f.broken([&](vertex& v) { v.beacon_shares = beacons(8); }) == vertex_check::ok);
  CHECK(f.broken([&](vertex& v) { v.beacon_shares = beacons(9); }) ==
        vertex_check::too_many_beacon_shares);
  CHECK(f.broken([](vertex& v) { v.finality_votes.resize(30); }) == vertex_check::vertex_too_large);
}

TEST_CASE("vertex: canonical bytes decode to the same vertex and nothing else does") {
  const fixture f;
  auto v = f.valid();
  v.transactions = {{1, 2, 3}, {}};
  v.finality_votes.resize(2);
  v.beacon_shares = {{7, {1, 2, 3}}};
  const auto sealed = sign_vertex(v, f.keys[1]);
  auto data = encode_vertex(*sealed);
  const auto again = decode_vertex(data);
  REQUIRE(again);
  CHECK(again->ref == sealed->ref);
  CHECK(encode_vertex(*again) == data);
  data.push_back(0);
  CHECK_FALSE(decode_vertex(data));
  for (std::size_t size = 0; size + 1 < data.size(); ++size)
    CHECK_FALSE(decode_vertex(byte_view{data}.first(size)));
}
