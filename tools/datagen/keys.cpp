// `datagen keys new|list|export`: account keys in a directory, one file each.

#include "protocol/crypto/bech32m.hpp"
#include "tools/datagen/commands.hpp"
#include "tools/datagen/key_file.hpp"
#include "tools/datagen/new_file.hpp"

#include <boost/json.hpp>

#include <filesystem>
#include <iostream>

namespace datagen::tools {

using namespace protocol;
namespace files = std::filesystem;

namespace {

struct keys_arguments {
  std::string directory;
  std::string name;
  std::string passphrase_file;
  bool plain = false;
  bool secret = false;
  bool json = false;
};

files::path default_directory() {
  if (const auto* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0')
    return files::path{data} / "datagen" / "keys";
  const auto* home = std::getenv("HOME");
  return files::path{home != nullptr ? home : "."} / ".local" / "share" / "datagen" / "keys";
}

files::path directory_of(const keys_arguments& x) {
  return x.directory.empty() ? default_directory() : files::path{x.directory};
}

exit_code create(const keys_arguments& x) {
  const auto path = directory_of(x) / (x.name + ".json");
  if (files::exists(path))  // before anybody types a passphrase
    return fail(exit_failed, path.string() + " exists; a key is never overwritten");
  const auto key = key_pair::from_secret(random_bytes<secret_key>());
  key_file content{key.identity, key.secret};
  if (!x.plain) {
    const auto passphrase = ask_passphrase(x.passphrase_file, true);
    if (!passphrase)
      return exit_usage;
    content = seal_key_file(key, *passphrase);
  }
  if (const auto code = write_new(path, to_json(content)); code != exit_ok)
    return code;
  if (x.plain)
    std::cerr << "warning: this key is not encrypted; use it for development only\n";
  if (x.json)
    std::cout << boost::json::object{{"name", x.name},
                                     {"address", to_address(key.identity)},
                                     {"encrypted", !x.plain},
                                     {"file", path.string()}}
              << '\n';
  else
    print_table({{"name", x.name}, {"address", to_address(key.identity)}, {"file", path.string()}});
  return exit_ok;
}

/// The key file of `name`, or the exit code after printing why not.
std::variant<exit_code, key_file> load(const files::path& path) {
  const auto text = read_file(path.string(), key_file_bytes_max);
  if (text.code != exit_ok)
    return text.code;
  auto parsed = parse_key_file(text.content);
  if (const auto* why = std::get_if<std::string>(&parsed))
    return fail(exit_bad_input, path.string() + " is no key file: " + *why);
  return std::get<key_file>(std::move(parsed));
}

exit_code list(const keys_arguments& x) {
  std::vector<files::path> paths;
  std::error_code failure;
  for (const auto& entry : files::directory_iterator{directory_of(x), failure})
    if (entry.path().extension() == ".json")
      paths.push_back(entry.path());
  if (failure && failure != std::errc::no_such_file_or_directory)
    return fail(exit_io, "cannot list " + directory_of(x).string() + ": " + failure.message());
  std::sort(paths.begin(), paths.end());
  auto code = exit_ok;
  boost::json::array rows;
  std::vector<std::pair<std::string, std::string>> table;
  for (const auto& path : paths) {
    const auto loaded = load(path);
    if (const auto* why = std::get_if<exit_code>(&loaded)) {
      code = *why;  // said on stderr; the others are still shown
      continue;
    }
    const auto& key = std::get<key_file>(loaded);
    const auto name = path.stem().string(), address = to_address(key.address);
    rows.emplace_back(
      boost::json::object{{"name", name}, {"address", address}, {"encrypted", key.encrypted()}});
    table.emplace_back(name, address + (key.encrypted() ? "" : "  not encrypted"));
  }
  if (x.json)
    std::cout << rows << '\n';
  else
    print_table(table);
  return code;
}

exit_code export_key(const keys_arguments& x) {
  const auto loaded = load(directory_of(x) / (x.name + ".json"));
  if (const auto* why = std::get_if<exit_code>(&loaded))
    return *why;
  const auto& file = std::get<key_file>(loaded);
  std::vector<std::pair<std::string, std::string>> rows = {{"address", to_address(file.address)},
                                                           {"public_key", to_hex(file.address)}};
  if (x.secret) {
    std::optional<std::string> passphrase = "";
    if (file.encrypted())
      passphrase = ask_passphrase(x.passphrase_file, false);
    if (!passphrase)
      return exit_usage;
    const auto key = unlock(file, *passphrase);
    if (!key)
      return fail(exit_permission, "the passphrase does not open " + x.name +
                                     ", or its secret does not belong to its address");
    rows.emplace_back("secret", to_hex(key->secret));
  }
  if (!x.json) {
    print_table(rows);
    return exit_ok;
  }
  boost::json::object object;
  for (const auto& [name, value] : rows)
    object[name] = value;
  std::cout << object << '\n';
  return exit_ok;
}

std::string check_name(const std::string& text) {
  const auto allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  if (!text.empty() && text.size() <= 64 && text.find_first_not_of(allowed) == std::string::npos)
    return {};
  return "'" + text + "' is no key name: give up to 64 letters, digits, _ or -";
}

}  // namespace

void add_keys(CLI::App& program, action& run) {
  auto* command = program.add_subcommand("keys", "Make, list and export account keys");
  command->require_subcommand(1);
  const auto x = std::make_shared<keys_arguments>();
  const auto shared = [&run, x](CLI::App* part, exit_code (*what)(const keys_arguments&)) {
    part->add_option("--dir", x->directory, "Where keys lie (DATAGEN_KEYS)")
      ->envname("DATAGEN_KEYS");
    part->add_flag("--json", x->json, "JSON instead of a table");
    part->callback([&run, x, what] { run = [x, what] { return what(*x); }; });
  };
  const auto named = [x](CLI::App* part) {
    part->add_option("name", x->name, "The key's name")->required()->check(check_name);
    part->add_option("--passphrase-file", x->passphrase_file,
                     "Its first line is the passphrase; else DATAGEN_PASSPHRASE, else asked");
  };
  auto* make = command->add_subcommand("new", "Make a key");
  shared(make, create);
  named(make);
  make->add_flag("--plain", x->plain, "Do not encrypt it: development keys only");
  shared(command->add_subcommand("list", "Show names and addresses"), list);
  auto* show = command->add_subcommand("export", "Show a key's address and public key");
  shared(show, export_key);
  named(show);
  show->add_flag("--secret", x->secret, "Show the secret seed too");
}

}  // namespace datagen::tools
