// `datagen account transfer`: DG from one account to another.

#include "tools/datagen/signed_transaction.hpp"

#include "protocol/crypto/bech32m.hpp"

namespace datagen::tools {

using namespace protocol;

namespace {

struct transfer_arguments {
  sender_options sender;
  std::string to;
  std::string amount;
};

exit_code transfer(const transfer_arguments& x) {
  const auto to = from_address(x.to);
  if (!to)
    throw failure(exit_usage, "--to '" + x.to + "' is no address: dg1…");
  const auto value = amount_option("--amount", x.amount);
  return sender{x.sender}.send(ledger::tx::transfer{*to, value},
                               {{"to", to_address(*to)}, {"amount", to_text(value)}});
}

}  // namespace

void add_transfer(CLI::App& account, action& run) {
  const auto x = std::make_shared<transfer_arguments>();
  auto* command = account.add_subcommand("transfer", "Pay DG to another account");
  command->add_option("--to", x->to, "Address of the receiver, dg1…")->required();
  command->add_option("--amount", x->amount, "DG, e.g. 2.5")->required();
  add_sender_options(*command, x->sender);
  command->callback([x, &run] { run = [x] { return transfer(*x); }; });
}

}  // namespace datagen::tools
