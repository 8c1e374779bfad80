#pragma once
// What every rule of the ledger works with: what block zero fixed, the state, the block under way.

#include "protocol/chain/committees.hpp"
#include "protocol/crypto/coin/checker.hpp"
#include "protocol/ledger/state.hpp"

namespace datagen::protocol::ledger {

/// Fixed by genesis (protocol.md section 8); the checkers are the host's.
struct rulebook {
  digest genesis;
  chain_id chain;
  std::set<kernel_ref> kernels;           ///< Active ones.
  std::uint64_t emission_start_unix = 0;  ///< Never 0: a chain without one starts with itself.
  const signature_checker* signatures = nullptr;
  std::shared_ptr<const coin_checker> coins = nullptr;  ///< Combines beacon shares (3.4).
};

/// Why a transaction is refused: the first failing rule and a sentence with its figures.
template <class Check>
struct [[nodiscard]] ruling {
  Check code = Check::ok;
  std::string reason;
  bool ok() const { return code == Check::ok; }
};

/// One block under execution: what its rules may change, and what they announce.
struct block_scope {
  const rulebook& rules;
  state& now;
  std::vector<event>& events;
  bool wants_beacon = false;  ///< Something waits for the beacon requested by this block.

  void announce(event x) { events.push_back(std::move(x)); }
  std::uint64_t live_ms() const { return now.clock->live_ms; }
  std::uint64_t height() const { return now.clock->height; }
  const parameters& params() const { return now.params(); }
};

/// `nano` units of 10^-9 DG, in which prices are quoted, as an amount.
inline amount from_nano(std::uint64_t nano) { return {units_per_nano_dg * nano}; }
inline amount share(amount x, std::uint32_t permille) {
  return {mul_div(x.units, permille, 1'000)};
}

}  // namespace datagen::protocol::ledger
