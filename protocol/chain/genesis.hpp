#pragma once
// Block zero of both chains: everything that must be agreed on before the first block.

#include "protocol/params.hpp"
#include "protocol/crypto/coin/share.hpp"
#include "protocol/crypto/sign.hpp"
#include "protocol/job/job.hpp"

namespace datagen::protocol {

struct genesis_validator {
  public_key key;               ///< Signs receipts, checks, and its Fast Chain vertices.
  std::uint32_t operator_id = 0;///< Hint: one checker per operator.
  amount stake;
  std::uint64_t ask = 0;        ///< 10^-9 DG per 1,000 units.
  std::string name;             ///< At most 32 characters, shown to people.
};
template <class Archive>
void describe(Archive& ar, genesis_validator& x) {
  ar(x.key, x.operator_id, x.stake, x.ask, x.name);
}

struct genesis_author {
  public_key key;  ///< Signs its Heavy Chain vertices.
  amount stake;
};
template <class Archive>
void describe(Archive& ar, genesis_author& x) { ar(x.key, x.stake); }

struct genesis {
  std::string name;               ///< E.g. "dev".
  bool development = false;       ///< Publicly known keys are allowed.
  std::uint64_t time_ms = 0;      ///< Unix time of block zero.
  parameters params;
  std::vector<genesis_author> heavy_authors;  ///< Ids 0, 1, …; the first Heavy committee.
  std::vector<genesis_validator> validators;  ///< Ids 0, 1, …; also the first Fast committee.
  std::map<account_id, amount> accounts;      ///< Free balances; the rest of the supply is reserved.
  std::vector<kernel_ref> kernels;            ///< Active kernels.
  coin_keys heavy_coin;  ///< As a dealer published them; threshold q of each first committee.
  coin_keys fast_coin;
};
template <class Archive>
void describe(Archive& ar, genesis& x) {
  ar(x.name, x.development, x.time_ms, x.params, x.heavy_authors, x.validators, x.accounts, x.kernels,
     x.heavy_coin, x.fast_coin);
}

inline digest digest_of(const genesis& x) { return hash("genesis", x); }
inline chain_id heavy_chain_id(const genesis& x) { return hash("chain", digest_of(x), "heavy"); }
inline chain_id fast_chain_id(const genesis& x) { return hash("chain", digest_of(x), "fast"); }

}  // namespace datagen::protocol
