#include "tools/datagen/account_key.hpp"

#include "tools/datagen/commands.hpp"
#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/failure.hpp"
#include "tools/datagen/key_file.hpp"

#include "protocol/chain/development.hpp"

namespace datagen::tools {

using namespace protocol;

void add_account_options(CLI::App& command, account_choice& x) {
  auto* file = command.add_option("--key", x.file, "Key file of the paying account (DATAGEN_KEY)")
                 ->envname("DATAGEN_KEY");
  command
    .add_option("--dev-account", x.development,
                "Pay from development account N instead: its key is publicly known")
    ->excludes(file)
    ->check(CLI::Range(std::uint32_t{0}, std::uint32_t{9'999}));
  command.add_option("--passphrase-file", x.passphrase_file,
                     "Its first line opens the key; else DATAGEN_PASSPHRASE, else asked");
}

key_pair load_account(const account_choice& x) {
  if (x.development)
    return development_key(development_kind::account, *x.development);
  if (x.file.empty())
    throw failure(exit_usage, "who pays? Give --key FILE (`datagen keys new` makes one), or on a "
                              "development chain --dev-account 0");
  const auto parsed = parse_key_file(load_file(x.file, key_file_bytes_max));
  if (const auto* why = std::get_if<std::string>(&parsed))
    throw failure(exit_bad_input, x.file + " is no key file: " + *why);
  const auto& file = std::get<key_file>(parsed);
  std::optional<std::string> passphrase = "";
  if (file.encrypted())
    passphrase = ask_passphrase(x.passphrase_file, false);
  if (!passphrase)
    throw failure(exit_usage, "");
  const auto key = unlock(file, *passphrase);
  if (!key)
    throw failure(exit_permission, "the passphrase does not open " + x.file +
                                     ", or its secret does not belong to its address");
  return *key;
}

void check_account(const account_choice& x, const genesis& start) {
  if (x.development && !start.development)
    throw failure(exit_failed, "the chain '" + start.name +
                                 "' is no development chain: --dev-account would spend from an "
                                 "account whose key everybody knows");
}

}  // namespace datagen::tools
