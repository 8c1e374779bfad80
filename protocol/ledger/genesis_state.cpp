#include "protocol/ledger/genesis_state.hpp"

#include "protocol/chain/development.hpp"
#include "protocol/crypto/coin/dealer.hpp"
#include "protocol/ledger/emission.hpp"
#include "protocol/ledger/market.hpp"
#include "protocol/ledger/staking.hpp"
#include "protocol/ledger/supply.hpp"

namespace datagen::protocol::ledger {

namespace {

ruling<genesis_check> check_validators(const genesis& x) {
  std::set<public_key> keys;
  for (const auto& validator : x.validators) {
    const auto name = "validator \"" + validator.name + "\"";
    if (validator.name.size() > validator_name_max || validator.ask == 0 ||
        !keys.insert(validator.key).second)
      return {genesis_check::bad_validators,
              name + " needs a key of its own, an ask, and a name of at most " +
                std::to_string(validator_name_max) + " characters"};
    if (validator.stake < x.params.minimum_stake)
      return {genesis_check::below_minimum, name + " stakes " + to_text(validator.stake) +
                                              ", below the minimum " +
                                              to_text(x.params.minimum_stake)};
  }
  if (x.validators.empty() || x.validators.size() > validators_max)
    return {genesis_check::bad_validators, "a chain starts with at least one validator"};
  return {};
}

ruling<genesis_check> check_authors(const genesis& x) {
  std::set<public_key> keys;
  for (const auto& author : x.heavy_authors)
    keys.insert(author.key);
  if (keys.empty() || keys.size() != x.heavy_authors.size() ||
      keys.size() > x.params.heavy_committee_max)
    return {genesis_check::bad_authors, std::to_string(x.heavy_authors.size()) +
                                          " authors: 1 to " +
                                          std::to_string(x.params.heavy_committee_max) +
                                          " with keys of their own are needed"};
  for (std::size_t i = 0; i < x.heavy_authors.size(); ++i)
    if (const auto stake = x.heavy_authors[i].stake; stake < x.params.author_minimum_stake)
      return {genesis_check::below_minimum,
              "author " + std::to_string(i) + " stakes " + to_text(stake) +
                ", below the minimum " + to_text(x.params.author_minimum_stake)};
  return {};
}

ruling<genesis_check> check_coin(const std::string& chain, const consensus::committee& members,
                                 const coin_group& group) {
  const auto& keys = members.coin;
  if (keys.shares.size() != members.size() || keys.threshold != members.quorum() ||
      !consistent(group, keys))
    return {genesis_check::bad_coin, "the " + chain + " coin needs the keys of one sharing among " +
                                       std::to_string(members.size()) + " authors with threshold " +
                                       std::to_string(members.quorum())};
  return {};
}

/// Does `x` rest on keys whose secrets stand in `development.hpp`?
bool publicly_known(const genesis& x) {
  for (std::uint32_t i = 0; i < x.heavy_authors.size(); ++i)
    if (x.heavy_authors[i].key == development_key(development_kind::author, i).identity)
      return true;
  for (std::uint32_t i = 0; i < x.validators.size(); ++i)
    if (x.validators[i].key == development_key(development_kind::validator, i).identity)
      return true;
  return x.heavy_coin == development_coin("heavy", x.heavy_authors.size()).keys ||
         x.fast_coin == development_coin("fast", fast_committee_size(x)).keys;
}

}  // namespace

ruling<genesis_check> check(const genesis& x, const coin_group& group) {
  if (const auto why = check(x.params); why != parameter_check::ok)
    return {genesis_check::bad_parameters, explain(x.params, why)};
  if (auto refused = check_authors(x); !refused.ok())
    return refused;
  if (auto refused = check_validators(x); !refused.ok())
    return refused;
  if (auto refused = check_coin("Heavy", heavy_committee(x), group); !refused.ok())
    return refused;
  if (auto refused = check_coin("Fast", fast_committee(x), group); !refused.ok())
    return refused;
  if (!x.development && publicly_known(x))
    return {genesis_check::known_secret,
            "a genesis with publicly known keys must say that it is for development"};
  for (const auto& kernel : x.kernels)
    if (kernel.name.empty() || kernel.name.size() > kernel_name_max)
      return {genesis_check::bad_kernel, "kernel \"" + kernel.name + "\" has a bad name"};
  if (!genesis_reserve(x))
    return {genesis_check::supply_exceeded,
            "accounts and stakes exceed the " + to_text(supply_total - emission_total) +
              " beside the mining reserve"};
  return {};
}

std::optional<amount> genesis_reserve(const genesis& x) {
  auto left = supply_total - emission_total;
  const auto take = [&left](amount value) {
    const bool fits = value <= left;
    if (fits)
      left -= value;
    return fits;
  };
  for (const auto& [id, balance] : x.accounts)
    if (!take(balance))
      return std::nullopt;
  for (const auto& validator : x.validators)
    if (!take(validator.stake))
      return std::nullopt;
  for (const auto& author : x.heavy_authors)
    if (!take(author.stake))
      return std::nullopt;
  return left;
}

rulebook make_rulebook(const genesis& x, const signature_checker& signatures,
                       std::shared_ptr<const coin_checker> coins) {
  return {.genesis = digest_of(x),
          .chain = heavy_chain_id(x),
          .kernels = {x.kernels.begin(), x.kernels.end()},
          .emission_start_unix = emission_start(x.params.emission_start_unix, x.time_ms),
          .signatures = &signatures,
          .coins = std::move(coins)};
}

state make_state(const genesis& x) {
  state result;
  auto& clock = result.clock.edit();
  clock.genesis = digest_of(x);
  clock.timestamp_ms = x.time_ms;
  for (const auto& [id, balance] : x.accounts)
    result.accounts.edit()[id].balance = balance;
  auto& validators = result.validators.edit();
  for (const auto& validator : x.validators)
    validators[{static_cast<std::uint32_t>(validators.size())}] = {
      .key = validator.key, .operator_id = validator.operator_id, .name = validator.name,
      .ask = validator.ask, .stake = validator.stake};
  auto& authors = result.authors.edit();
  for (const auto& author : x.heavy_authors)
    authors[{static_cast<std::uint32_t>(authors.size())}] = {.key = author.key,
                                                             .stake = author.stake};
  auto& committees = result.committees.edit();
  committees.heavy.now = heavy_roster(x);
  committees.heavy.elect_ms = x.params.committee_term_ms / 2;
  committees.fast.now = fast_roster(x);
  committees.fast.elect_ms = x.params.committee_term_ms;
  auto& newest = result.checkpoints.edit().newest;
  newest.block = digest_of(x);
  newest.timestamp_ms = x.time_ms;
  auto& treasury = result.treasury.edit();
  treasury.unreleased = emission_total;
  treasury.reserve = genesis_reserve(x).value();
  result.governance.edit().params = x.params;
  result.market.edit().middle = first_middle(result);
  return result;
}

}  // namespace datagen::protocol::ledger
