#include "tools/datagen/signed_transaction.hpp"

#include "tools/datagen/json_fields.hpp"

#include "protocol/crypto/bech32m.hpp"
#include "protocol/ledger/execution.hpp"

#include <iostream>

namespace datagen::tools {

using namespace protocol;

void add_sender_options(CLI::App& command, sender_options& x) {
  add_api_option(command, x.api);
  add_account_options(command, x.account);
  command.add_option("--genesis", x.genesis, "Trusted genesis file; the network's must equal it");
  command.add_option("--wait-ms", x.wait_ms, "How long to wait for the chain (default 15000)")
    ->check(CLI::Range(1, 60'000));
  command.add_flag("--json", x.json, "JSON instead of a table");
}

sender::sender(const sender_options& x)
    : options_(x),
      key_(load_account(x.account)),
      api_(x.api, key_),
      net_(fetch_network(api_, x.genesis)) {
  check_account(x.account, net_.start);
}

std::uint64_t sender::next_nonce() const {
  return count_field(api_.get("/v1/accounts/" + to_address(account())), "nonce") + 1;
}

exit_code sender::send(ledger::transaction_body body,
                       std::vector<std::pair<std::string, std::string>> rows) const {
  const auto nonce = ledger::takes_nonce(body) ? next_nonce() : 0;
  const auto raw = ledger::make_transaction(net_.heavy, key_, nonce, std::move(body));
  const auto said = api_.post("/v1/transactions?wait_ms=" + std::to_string(options_.wait_ms),
                              boost::json::object{{"transaction", to_hex(raw)}}, options_.wait_ms);
  const bool executed = shown_field(said, "code") == "0";
  rows.insert(rows.begin(), {"account", to_address(account())});
  rows.emplace_back("transaction", text_field(said, "id"));
  rows.emplace_back("heavy block", executed ? shown_field(said, "height")
                                            : "none yet: " + shown_field(said, "reason") +
                                                "; it may still be executed");
  if (options_.json) {
    boost::json::object shown{{"executed", executed}};
    for (const auto& [name, value] : rows)
      shown[name == "heavy block" ? "height" : name] = value;
    std::cout << shown << '\n';
  } else {
    print_table(rows);
  }
  return executed ? exit_ok : exit_inconclusive;
}

amount amount_option(const std::string& option, const std::string& text) {
  const auto value = amount_from_text(text);
  if (!value)
    throw failure(exit_usage, option + " '" + text + "' is no amount in DG, e.g. 2.5");
  return *value;
}

}  // namespace datagen::tools
