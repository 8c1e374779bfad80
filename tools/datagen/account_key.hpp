#pragma once
// Whose key signs: a key file, or one of the publicly known development accounts.

#include "protocol/chain/genesis.hpp"

#include <string>

namespace CLI {
class App;
}

namespace datagen::tools {

struct account_choice {
  std::string file;  ///< As `datagen keys new` writes it.
  std::string passphrase_file;
  std::optional<std::uint32_t> development;  ///< Number of a development account.
};

void add_account_options(CLI::App& command, account_choice& x);

/// The key pair; throws `failure`.
protocol::key_pair load_account(const account_choice& x);
/// A development account on a chain that is none is refused: everybody knows its key.
void check_account(const account_choice& x, const protocol::genesis& start);

}  // namespace datagen::tools
