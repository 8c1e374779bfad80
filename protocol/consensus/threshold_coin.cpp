#include "protocol/consensus/threshold_coin.hpp"

namespace datagen::protocol::consensus {

threshold_coin::threshold_coin(const roster& members,
                               std::shared_ptr<const coin_checker> checker,
                               std::optional<coin_scalar> secret, const digest& hedge)
    : chain_(members.chain),
      epoch_(members.epoch),
      keys_(members.coin),
      checker_(std::move(checker)),
      secret_(std::move(secret)),
      hedge_(hedge) {}

bytes threshold_coin::input(coin_domain domain, std::uint64_t index) const {
  return coin_input(domain == coin_domain::leaders ? "coin" : "beacon", chain_, epoch_, index);
}

bytes threshold_coin::share(coin_domain domain, std::uint64_t index) const {
  invariant(secret_.has_value(), "only an author of the committee has a coin share");
  return to_bytes(
    make_share(checker_->group(), keys_.group, *secret_, input(domain, index), hedge_.view()));
}

bool threshold_coin::valid(author_index author, coin_domain domain, std::uint64_t index,
                           byte_view share) const {
  const auto x = coin_share_from(share);
  return x && author < keys_.shares.size() &&
         checker_->check(keys_.group, keys_.shares[author], input(domain, index), *x);
}

digest threshold_coin::value(coin_domain domain, std::uint64_t index,
                             const named_shares& shares) const {
  numbered_shares parsed;
  for (const auto& [author, raw] : shares)
    if (const auto x = coin_share_from(raw))
      parsed.emplace_back(author, *x);
  const auto result = checker_->combine(keys_, input(domain, index), parsed);
  invariant(result.has_value(), "a coin value needs a quorum of verified shares");
  return *result;
}

}  // namespace datagen::protocol::consensus
