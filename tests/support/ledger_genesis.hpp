#pragma once
// Keys and genesis of the small Heavy Chain that ledger tests run.

#include "protocol/chain/development.hpp"
#include "protocol/ledger/machine.hpp"
#include "tests/support/mock_coin.hpp"

namespace ledger_test {

using namespace datagen::protocol;
namespace tx = ledger::tx;
namespace happened = ledger::happened;

inline key_pair key_of(std::string_view role, std::uint32_t number) {
  return key_pair::from_secret({hash("ledger-test", role, number).value});
}
inline key_pair author_key(std::uint32_t i) { return key_of("author", i); }
inline key_pair validator_key(std::uint32_t i) { return key_of("validator", i); }
inline key_pair user_key(std::uint32_t i) { return key_of("user", i); }

inline constexpr std::uint64_t nano_per_dg = 1'000'000'000;  ///< Prices are quoted in 10^-9 DG.

/// The dev table with every leaf drawn; fees are scaled so that the audit-fund gate still holds. Money
/// moves are free, so that balances show what they moved (`fees_test.cpp` has them cost).
inline parameters all_drawn(audit_mode mode = audit_mode::hardened) {
  auto p = dev_preset();
  p.mode = mode;
  p.audit_rate_ppm = 1'000'000;
  p.checker_fee_permille = 200;
  p.transaction_fee = {};
  return p;
}

/// Sharings for the committees that `x` names; no test here needs their secrets.
inline void set_coins(genesis& x) {
  x.heavy_coin = development_coin("heavy", x.heavy_authors.size()).keys;
  x.fast_coin = development_coin("fast", fast_committee_size(x)).keys;
}

inline genesis test_genesis(parameters p = all_drawn(), amount stake = dg(1'000),
                            std::uint32_t validators = 7) {
  genesis result{.name = "test", .development = true, .time_ms = 1'700'000'000'000, .params = p};
  for (std::uint32_t i = 0; i < 4; ++i)
    result.heavy_authors.push_back({author_key(i).identity, dg(10'000)});
  for (std::uint32_t i = 0; i < validators; ++i) {
    result.validators.push_back({.key = validator_key(i).identity, .operator_id = i, .stake = stake,
                                 .ask = nano_per_dg, .name = "v" + std::to_string(i)});
    result.accounts[validator_key(i).identity] = dg(100);
  }
  for (std::uint32_t i = 0; i < 4; ++i)
    result.accounts[user_key(i).identity] = dg(10'000);
  result.kernels.push_back({"merkle.root", 0});
  set_coins(result);
  return result;
}

/// Verifies each signature once, as a process with several nodes does.
struct remembering_checker : signature_checker {
  mutable std::map<digest, bool> known;
  bool check(const public_key& key, byte_view message, const signature& sig) const override {
    const auto [place, fresh] = known.try_emplace(hash("seen", key, sha256(message), sig), false);
    if (fresh)
      place->second = verify(key, message, sig);
    return place->second;
  }
};

}  // namespace ledger_test
