#include "tools/bench/crypto_bound.hpp"

#include "tools/bench/clock.hpp"

#include "protocol/chain/development.hpp"
#include "protocol/consensus/threshold_coin.hpp"
#include "protocol/consensus/vertex.hpp"

namespace datagen::bench {

using namespace protocol;
using namespace protocol::consensus;

namespace {

/// Adds this thread's processor time of `what` to `sum_us`.
template <class What>
auto timed(double& sum_us, const What& what) {
  const auto start = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  auto result = what();
  sum_us += 1e6 * (seconds_of(CLOCK_THREAD_CPUTIME_ID) - start);
  return result;
}

}  // namespace

crypto_bound measure_crypto(std::uint32_t authors, const std::string& coin, std::uint32_t rounds) {
  const auto dealt = development_coin("bound", authors);
  const roster members{.coin = dealt.keys};
  std::vector<key_pair> keys;
  std::vector<threshold_coin> coins;
  const auto checker = std::make_shared<coin_checker>(coin_group_by_name(coin));
  for (std::uint32_t i = 0; i < authors; ++i) {
    keys.push_back(development_key(development_kind::author, i));
    coins.emplace_back(members, checker, dealt.secrets[i], hash("hedge", i));
  }
  crypto_bound result{.authors = authors, .coin = coin};
  auto& sum = result.costs;
  for (std::uint32_t round = 1; round <= rounds; ++round) {
    std::vector<bytes> shares;
    for (std::uint32_t i = 0; i < authors; ++i) {
      const auto message = signing_bytes(hash("vertex", round, i));
      const auto sig = timed(sum.sign_us, [&] { return sign(keys[i], message); });
      const auto genuine =
        timed(sum.verify_us, [&] { return verify(keys[i].identity, message, sig); });
      shares.push_back(
        timed(sum.share_us, [&] { return coins[i].share(coin_domain::leaders, round); }));
      const auto valid = timed(sum.check_us, [&] {
        return coins[0].valid(static_cast<author_index>(i), coin_domain::leaders, round,
                              shares.back());
      });
      invariant(genuine && valid, "the bench's own signatures and shares are good");
    }
    named_shares named;
    for (std::uint32_t i = 0; i < authors; ++i)
      named.emplace_back(static_cast<author_index>(i), shares[i]);
    (void)timed(sum.combine_us, [&] { return coins[0].value(coin_domain::leaders, round, named); });
  }
  for (auto* x : {&sum.sign_us, &sum.verify_us, &sum.share_us, &sum.check_us})
    *x /= static_cast<double>(rounds) * authors;
  sum.combine_us /= rounds;
  return result;
}

}  // namespace datagen::bench
