// `datagen coin deal|check`: the dealer of a chain's first coin, and what everyone checks of it
// (consensus.md section 3.3, stage 1). Later committees make theirs without a dealer.

#include "tools/datagen/coin_file.hpp"
#include "tools/datagen/commands.hpp"
#include "tools/datagen/key_file.hpp"
#include "tools/datagen/new_file.hpp"

#include "protocol/crypto/coin/dealer.hpp"

#include <cstring>
#include <filesystem>
#include <iostream>

namespace datagen::tools {

using namespace protocol;
namespace files = std::filesystem;

namespace {

struct coin_arguments {
  std::uint16_t authors = 4;
  std::string directory;
  std::string passphrase_file;
  std::string keys;
  std::string secret;
  bool plain = false;
  bool json = false;
};

files::path secret_path(const coin_arguments& x, std::size_t author) {
  return files::path{x.directory} / ("author-" + std::to_string(author) + ".json");
}

/// The sharing from fresh randomness, which is gone when this returns.
coin_dealing fresh_dealing(std::uint16_t authors) {
  auto seed = random_bytes<digest>();
  const auto quorum = static_cast<std::uint16_t>(authors - (authors - 1) / 3);
  auto result = deal(*openssl_coin_group(), authors, quorum, seed);
  ::explicit_bzero(seed.value.data(), seed.value.size());
  return result;
}

exit_code write_dealing(const coin_arguments& x, const coin_dealing& dealt,
                        const std::string& passphrase) {
  for (std::uint16_t i = 0; i < x.authors; ++i) {
    const auto& key = dealt.keys.shares[i];
    const auto file = x.plain ? coin_secret_file{i, key, dealt.secrets[i]}
                              : seal_coin_secret(i, key, dealt.secrets[i], passphrase);
    if (const auto code = write_new(secret_path(x, i), to_json(file)); code != exit_ok)
      return code;
  }
  return write_new(files::path{x.directory} / "coin.json", to_json(dealt.keys));
}

exit_code deal_coin(const coin_arguments& x) {
  for (const auto& path : {files::path{x.directory} / "coin.json", secret_path(x, 0)})
    if (files::exists(path))  // before anybody types a passphrase
      return fail(exit_failed, path.string() + " exists; a key is never overwritten");
  std::optional<std::string> passphrase = "";
  if (!x.plain)
    passphrase = ask_passphrase(x.passphrase_file, true);
  if (!passphrase)
    return exit_usage;
  auto dealt = fresh_dealing(x.authors);
  const auto code = write_dealing(x, dealt, *passphrase);
  for (auto& secret : dealt.secrets)
    ::explicit_bzero(secret.value.data(), secret.value.size());
  if (code != exit_ok)
    return code;
  std::cerr << "Give each author its own file over a safe channel, then delete the files here:\n"
               "whoever holds "
            << dealt.keys.threshold << " of them knows every leader and every audit in advance.\n";
  if (x.plain)
    std::cerr << "warning: the shares are not encrypted; use them for development only\n";
  if (x.json)
    std::cout << to_json(dealt.keys);
  else
    print_table({{"authors", std::to_string(x.authors)},
                 {"threshold", std::to_string(dealt.keys.threshold)},
                 {"group", to_hex(dealt.keys.group)},
                 {"public", (files::path{x.directory} / "coin.json").string()},
                 {"secret", secret_path(x, 0).string() + " …"}});
  return exit_ok;
}

/// Is the share in `x.secret` the one that `keys` publish for its author?
exit_code check_secret(const coin_arguments& x, const coin_keys& keys) {
  const auto text = read_file(x.secret, coin_file_bytes_max);
  if (text.code != exit_ok)
    return text.code;
  const auto parsed = parse_coin_secret(text.content);
  if (const auto* why = std::get_if<std::string>(&parsed))
    return fail(exit_bad_input, x.secret + " is no coin share: " + *why);
  const auto& file = std::get<coin_secret_file>(parsed);
  if (file.author >= keys.shares.size() || keys.shares[file.author] != file.share_key)
    return fail(exit_failed, x.secret + " belongs to another sharing");
  std::optional<std::string> passphrase = "";
  if (file.encrypted())
    passphrase = ask_passphrase(x.passphrase_file, false);
  if (!passphrase)
    return exit_usage;
  if (!unlock(file, *passphrase))
    return fail(exit_permission, "the passphrase does not open " + x.secret +
                                   ", or its share does not belong to its key");
  return exit_ok;
}

exit_code check_coin(const coin_arguments& x) {
  const auto text = read_file(x.keys, coin_file_bytes_max);
  if (text.code != exit_ok)
    return text.code;
  const auto parsed = parse_coin_keys(text.content);
  if (const auto* why = std::get_if<std::string>(&parsed))
    return fail(exit_bad_input, x.keys + " is no coin file: " + *why);
  const auto& keys = std::get<coin_keys>(parsed);
  if (keys.shares.empty() || keys.threshold == 0 || keys.threshold > keys.shares.size() ||
      !consistent(*openssl_coin_group(), keys))
    return fail(exit_failed, "the keys in " + x.keys + " do not belong to one sharing with threshold " +
                               std::to_string(keys.threshold));
  if (!x.secret.empty())
    if (const auto code = check_secret(x, keys); code != exit_ok)
      return code;
  const std::string secret = x.secret.empty() ? "not checked" : "belongs to its author's key";
  if (x.json)
    std::cout << boost::json::object{{"consistent", true},
                                     {"authors", keys.shares.size()},
                                     {"threshold", keys.threshold},
                                     {"secret_checked", !x.secret.empty()}}
              << '\n';
  else
    print_table({{"keys", "one sharing"},
                 {"authors", std::to_string(keys.shares.size())},
                 {"threshold", std::to_string(keys.threshold)},
                 {"secret", secret}});
  return exit_ok;
}

}  // namespace

void add_coin(CLI::App& program, action& run) {
  auto* command = program.add_subcommand("coin", "Deal a first committee's coin, and check one");
  command->require_subcommand(1);
  const auto x = std::make_shared<coin_arguments>();
  auto* make = command->add_subcommand("deal", "Make the keys and secret shares of a first coin");
  make->add_option("--authors", x->authors, "How many share it")->check(CLI::Range(4, 64));
  make->add_option("--out", x->directory, "Where the files go")->required();
  make->add_option("--passphrase-file", x->passphrase_file,
                   "Its first line is the passphrase; else DATAGEN_PASSPHRASE, else asked");
  make->add_flag("--plain", x->plain, "Do not encrypt the shares: development only");
  make->add_flag("--json", x->json, "JSON instead of a table");
  make->callback([&run, x] { run = [x] { return deal_coin(*x); }; });
  auto* judge = command->add_subcommand("check", "Do all keys belong to one sharing?");
  judge->add_option("keys", x->keys, "The public file, coin.json")->required();
  judge->add_option("--secret", x->secret, "An author's file: does its share belong to its key?");
  judge->add_option("--passphrase-file", x->passphrase_file, "As for deal");
  judge->add_flag("--json", x->json, "JSON instead of a table");
  judge->callback([&run, x] { run = [x] { return check_coin(*x); }; });
}

}  // namespace datagen::tools
