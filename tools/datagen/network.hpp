#pragma once
// The network behind an API address: its genesis, checked, and who serves in it.

#include "tools/datagen/api_client.hpp"

#include "protocol/chain/genesis.hpp"
#include "protocol/receipt/trusted_checkpoint.hpp"

namespace datagen::tools {

struct network {
  protocol::genesis start;
  protocol::chain_id heavy;
  std::optional<protocol::trusted_checkpoint> anchor;  ///< That the user trusts beside genesis.
};

/// Fetches genesis and status; throws `failure` where they contradict each other.
/// @param trusted a genesis file of the user's own that the server's must equal; may be empty
network fetch_network(const api_client& api, const std::string& trusted);

/// The canonical genesis in the file at `path`; throws `failure` (exit 65).
protocol::genesis load_genesis(const std::string& path);

struct served_by {
  protocol::validator_id id;
  std::string name;
  protocol::public_key key;
  std::uint64_t ask = 0;  ///< 10^-9 DG per 1,000 units.
  bool active = false;
};
/// Every validator the server names. A key that contradicts genesis is refused.
std::vector<served_by> fetch_validators(const api_client& api, const network& net);
const served_by& find_validator(const std::vector<served_by>& all, protocol::validator_id id);

}  // namespace datagen::tools
