#include "protocol/crypto/coin/scalar.hpp"
#include "tests/protocol/crypto/coin/dkg_world.hpp"

using namespace datagen::protocol;
using dkg::dealing_check, dkg::fast, dkg::groups, dkg::signatures, dkg::world;

namespace {

/// How the rules judge a dealing of 2 of 7, t = 5, after a change; 3 and 4 did not answer.
template <class Change>
dealing_check after(Change change, const coin_group& group = fast) {
  const world w{7};
  auto d = w.post(2);
  REQUIRE(dkg::check(group, w.c, d, signatures) == dealing_check::ok);
  change(w, d);
  return dkg::check(group, w.c, d, signatures);
}

}  // namespace

TEST_CASE("dkg: an acknowledgement of anything else, or by anyone else, is refused") {
  using dkg::dealing;
  const auto resigned = [](auto change) {
    return after([&](const world& w, dealing& d) {
      auto c = w.c;
      std::uint16_t dealer = 2, member = d.acks[0].first, signer = member;
      auto commitments = d.commitments;
      change(c, dealer, commitments, member, signer);
      d.acks[0].second = sign(w.keys[signer], dkg::ack_statement(c, dealer, commitments, member));
    });
  };
  CHECK(resigned([](auto&...) {}) == dealing_check::ok);
  CHECK(resigned([](auto& c, auto&...) { c.chain = hash("other"); }) == dealing_check::bad_ack);
  CHECK(resigned([](auto& c, auto&...) { ++c.epoch; }) == dealing_check::bad_ack);
  CHECK(resigned([](auto& c, auto&...) { c.members.pop_back(); }) == dealing_check::bad_ack);
  CHECK(resigned([](auto&, auto& dealer, auto&...) { dealer = 3; }) == dealing_check::bad_ack);
  CHECK(resigned([](auto&, auto&, auto& x, auto&...) { std::swap(x[0], x[1]); }) ==
        dealing_check::bad_ack);
  CHECK(resigned([](auto&, auto&, auto&, auto& member, auto&) { ++member; }) ==
        dealing_check::bad_ack);
  CHECK(resigned([](auto&, auto&, auto&, auto&, auto& signer) { ++signer; }) ==
        dealing_check::bad_ack);
  CHECK(after([](const world&, dealing& d) { d.acks.back().second.value[0] ^= 1; }) ==
        dealing_check::bad_ack);
  CHECK(after([](const world&, dealing& d) { d.dealer = 3; }) == dealing_check::bad_ack);
}

TEST_CASE("dkg: acks and revealed shares name every member once, or the dealing is refused") {
  using dkg::dealing;
  const auto judge = [](auto change) {
    return after([&](const world& w, dealing& d) { change(w, d.acks, d.revealed); });
  };
  CHECK(judge([](auto&, auto& acks, auto&) { acks.pop_back(); }) == dealing_check::too_few_acks);
  CHECK(judge([](auto&, auto& acks, auto&) { acks.clear(); }) == dealing_check::too_few_acks);
  CHECK(judge([](auto& w, auto& acks, auto& revealed) {  // f + 1 revealed
          revealed.emplace_back(acks.back().first, w.dealt[2].shares[acks.back().first]);
          acks.pop_back();
        }) == dealing_check::too_few_acks);
  CHECK(judge([](auto&, auto& acks, auto&) { acks[1] = acks[0]; }) ==
        dealing_check::members_unordered);
  CHECK(judge([](auto&, auto& acks, auto&) { acks.push_back(acks.back()); }) ==
        dealing_check::members_unordered);
  CHECK(judge([](auto&, auto& acks, auto&) { std::swap(acks[0], acks[1]); }) ==
        dealing_check::members_unordered);
  CHECK(judge([](auto&, auto&, auto& revealed) { std::swap(revealed[0], revealed[1]); }) ==
        dealing_check::members_unordered);
  CHECK(judge([](auto&, auto&, auto& revealed) { revealed[1] = revealed[0]; }) ==
        dealing_check::members_unordered);
  CHECK(judge([](auto&, auto& acks, auto&) { acks.back().first = 7; }) ==
        dealing_check::unknown_member);
  CHECK(judge([](auto&, auto&, auto& revealed) { revealed.back().first = 7; }) ==
        dealing_check::unknown_member);
  CHECK(judge([](auto& w, auto& acks, auto&) {
          acks.insert(acks.begin() + 3, {3, w.ack(2, 3)});  // 3 is revealed
        }) == dealing_check::acked_and_revealed);
  CHECK(judge([](auto&, auto&, auto& revealed) { revealed.pop_back(); }) ==
        dealing_check::member_left_out);
  CHECK(judge([](auto& w, auto& acks, auto& revealed) {  // an ack in a share's place is as good
          acks.insert(acks.begin() + 3, {3, w.ack(2, 3)});
          revealed.erase(revealed.begin());
        }) == dealing_check::ok);
}

TEST_CASE("dkg: a wrong share, commitment or dealer is refused, on both back ends") {
  using dkg::dealing;
  for (const auto& group : groups) {
    CAPTURE(group->name());
    const auto judge = [&](auto change) {
      return after([&](const world& w, dealing& d) { change(w, d); }, *group);
    };
    CHECK(judge([](auto&, auto& d) { d.dealer = 7; }) == dealing_check::unknown_dealer);
    CHECK(judge([](auto&, auto& d) { d.commitments.pop_back(); }) == dealing_check::wrong_degree);
    CHECK(judge([](auto&, auto& d) { d.commitments.push_back(d.commitments[0]); }) ==
          dealing_check::wrong_degree);
    CHECK(judge([](auto&, auto& d) { d.commitments.back() = {}; }) ==
          dealing_check::bad_commitment);
    CHECK(judge([](auto&, auto& d) {  // p + 5, where 5 is a point's x
            d.commitments[1] = *fixed_from_hex<coin_point>(
              "02ffffffff00000001000000000000000000000001000000000000000000000004");
          }) == dealing_check::bad_commitment);
    CHECK(judge([](auto&, auto& d) {
            d.revealed[1].second = add(d.revealed[1].second, scalar_of(1));
          }) == dealing_check::wrong_share);
    CHECK(judge([](auto&, auto& d) { std::swap(d.revealed[0].second, d.revealed[1].second); }) ==
          dealing_check::wrong_share);
    CHECK(judge([](auto&, auto& d) { d.revealed[0].second = {}; }) == dealing_check::wrong_share);
    CHECK(judge([](auto&, auto& d) { d.revealed[0].second.value.fill(0xff); }) ==
          dealing_check::share_not_reduced);
  }
}
