#pragma once
// One signed Heavy Chain transaction from the command line: from whose key, to which network, and what
// became of it.

#include "tools/datagen/account_key.hpp"
#include "tools/datagen/commands.hpp"
#include "tools/datagen/network.hpp"

#include "protocol/ledger/transactions.hpp"

namespace datagen::tools {

/// What every such command asks for.
struct sender_options {
  std::string api;
  std::string genesis;  ///< A file of the sender's own that the server's must equal; may be empty.
  account_choice account;
  std::uint32_t wait_ms = 15'000;  ///< For the chain to execute it.
  bool json = false;
};
void add_sender_options(CLI::App& command, sender_options& x);

/// The sender in conversation with its network.
class sender {
public:
  explicit sender(const sender_options& x);

  const network& net() const { return net_; }
  const protocol::account_id& account() const { return key_.identity; }
  const protocol::key_pair& key() const { return key_; }
  const api_client& api() const { return api_; }
  /// The next nonce of a money move.
  std::uint64_t next_nonce() const;
  /// Signs `body`, sends it and waits until it is executed; prints what became of it beside `rows`.
  /// @returns exit_inconclusive where it was not executed in time: it still may be
  exit_code send(protocol::ledger::transaction_body body,
                 std::vector<std::pair<std::string, std::string>> rows) const;

private:
  sender_options options_;
  protocol::key_pair key_;
  api_client api_;
  network net_;
};

/// "2.5" as DG; throws `failure` that names `option`.
protocol::amount amount_option(const std::string& option, const std::string& text);

}  // namespace datagen::tools
