#include "protocol/consensus/coin.hpp"

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

TEST_CASE("coin: the leader permutation reproduces the vectors of consensus.md 2.5") {
  const auto value =
    *fixed_from_hex<digest>("3a1f8078935704aa3b38968f484f5da414f10cb1ac9ebcc25e0ff5df51f0bb5d");
  using order = std::vector<author_index>;
  CHECK(leader_permutation(value, 4) == order{0, 1, 3, 2});
  CHECK(leader_permutation(value, 7) == order{6, 0, 1, 3, 4, 5, 2});
  CHECK(leader_permutation(value, 16) ==
        order{15, 0, 8, 14, 9, 7, 5, 4, 3, 6, 12, 10, 1, 13, 11, 2});
  CHECK(leader_permutation(value, 1) == order{0});
}

TEST_CASE("coin: a round's leaders are distinct and every author leads about equally often") {
  const coin_elector elector{nullptr, 7, 2};
  std::map<author_index, int> count;
  for (round_number round = 1; round <= 3500; ++round) {
    const auto leaders = elector.leaders(hash("value", round));
    REQUIRE(leaders.size() == 2);
    CHECK(leaders[0] != leaders[1]);
    ++count[leaders[0]];
  }
  for (const auto& [author, times] : count)
    CHECK((times > 400 && times < 600));  // 500 expected, standard deviation 21
}
