#pragma once
// The genesis of a local development chain: fixed, publicly known keys, short windows.

#include "actors/node/cluster.hpp"

namespace datagen {

struct development_options {
  std::uint32_t validators = 7;
  std::uint32_t authors = 4;
  std::uint32_t accounts = 10;
  std::uint64_t time_ms = 0;             ///< Unix time of block zero.
  protocol::parameters params;
  std::uint64_t ask = 2'000;             ///< 10^-9 DG per 1,000 units.
  std::shared_ptr<const protocol::coin_group> coins = protocol::openssl_coin_group();
};

/// Every kernel of this release, active in its genesis.
std::vector<protocol::kernel_ref> shipped_kernels();

/// Beside their stake: out of this validators and authors of a genesis pay the fees of their first
/// money moves, since one that has bonded all could never change its ask.
inline constexpr protocol::amount genesis_purse = protocol::dg(1);

/// Validators have 2,000 DG of stake each, accounts 100,000 DG.
protocol::genesis development_genesis(const development_options& options);

/// Everybody in that genesis, `routers` routers and the gateway: the whole network in one process.
hosted_identities development_identities(const protocol::genesis& chain, std::uint32_t routers);

}  // namespace datagen
