#include "protocol/consensus/threshold_coin.hpp"

#include "protocol/crypto/coin/dealer.hpp"

#include <doctest/doctest.h>

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

namespace {

struct fixture {
  committee members;
  std::vector<threshold_coin> authors;

  explicit fixture(const coin_dealing& dealt = deal(*openssl_coin_group(), 4, 3, hash("seed"))) {
    members.chain = hash("chain");
    members.epoch = 2;
    members.coin = dealt.keys;
    for (const auto& secret : dealt.secrets)
      authors.emplace_back(members, std::make_shared<coin_checker>(), secret);
  }
};

}  // namespace

TEST_CASE("threshold coin: a share is valid for its author, domain, index, chain and epoch alone") {
  const fixture f;
  const auto share = f.authors[1].share(coin_domain::leaders, 9);
  CHECK(share.size() == coin_share_bytes);
  CHECK(f.authors[0].valid(1, coin_domain::leaders, 9, share));
  CHECK_FALSE(f.authors[0].valid(2, coin_domain::leaders, 9, share));
  CHECK_FALSE(f.authors[0].valid(4, coin_domain::leaders, 9, share));
  CHECK_FALSE(f.authors[0].valid(1, coin_domain::audits, 9, share));
  CHECK_FALSE(f.authors[0].valid(1, coin_domain::leaders, 10, share));
  CHECK_FALSE(f.authors[0].valid(1, coin_domain::leaders, 9, {}));
  auto elsewhere = f.members;
  elsewhere.epoch = 3;
  const threshold_coin other{elsewhere, std::make_shared<coin_checker>()};
  CHECK_FALSE(other.valid(1, coin_domain::leaders, 9, share));
}

TEST_CASE("threshold coin: any quorum of shares makes the same value, without anybody's secret") {
  const fixture f;
  const threshold_coin observer{f.members, std::make_shared<coin_checker>()};
  std::vector<bytes> raw;
  for (const auto& author : f.authors)
    raw.push_back(author.share(coin_domain::audits, 5));
  const auto value =
    observer.value(coin_domain::audits, 5, {{0, raw[0]}, {1, raw[1]}, {2, raw[2]}});
  CHECK(value == observer.value(coin_domain::audits, 5, {{3, raw[3]}, {1, raw[1]}, {0, raw[0]}}));
  CHECK(value == f.authors[2].value(coin_domain::audits, 5,
                                    {{0, raw[0]}, {1, raw[1]}, {2, raw[2]}, {3, raw[3]}}));
}
