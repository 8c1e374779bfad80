#include "tools/datagen/node/host_keys.hpp"

#include "tools/datagen/coin_file.hpp"
#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/failure.hpp"
#include "tools/datagen/key_file.hpp"

#include "protocol/chain/committees.hpp"
#include "protocol/crypto/bech32m.hpp"

namespace datagen::tools {

using namespace protocol;

namespace {

class key_directory {
public:
  key_directory(std::filesystem::path path, std::string passphrase_file, bool plain_allowed)
      : path_(std::move(path)),
        passphrase_file_(std::move(passphrase_file)),
        plain_allowed_(plain_allowed) {}

  key_pair key(const std::string& name, const public_key& expected) {
    const auto path = (path_ / name).string();
    const auto file = parsed(path, parse_key_file(load_file(path, key_file_bytes_max)));
    if (file.address != expected)
      throw failure(exit_configuration, path + " holds " + to_address(file.address) +
                                          ", but the network knows this host's as " +
                                          to_address(expected));
    return opened<key_pair>(path, file);
  }
  coin_scalar share(const std::string& name, const coin_keys& coin, std::uint32_t author) {
    const auto path = (path_ / name).string();
    const auto file = parsed(path, parse_coin_secret(load_file(path, coin_file_bytes_max)));
    if (file.author != author || file.share_key != coin.shares.at(author))
      throw failure(exit_configuration,
                    path + " is no share of genesis' coin for author " + std::to_string(author));
    return opened<coin_scalar>(path, file);
  }

private:
  template <class Secret, class File>
  Secret opened(const std::string& path, const File& file) {
    if (!file.encrypted() && !plain_allowed_)
      throw failure(exit_configuration,
                    path + " is not encrypted; only a development chain allows that");
    auto result = unlock(file, file.encrypted() ? passphrase() : std::string{});
    if (!result)
      throw failure(exit_permission, "the passphrase does not open " + path +
                                       ", or its secret belongs to another key");
    return *result;
  }
  template <class File>
  static File parsed(const std::string& path, std::variant<std::string, File> x) {
    if (const auto* why = std::get_if<std::string>(&x))
      throw failure(exit_bad_input, path + " is no key of this program: " + *why);
    return std::get<File>(std::move(x));
  }
  const std::string& passphrase() {
    if (!passphrase_) {
      passphrase_ = ask_passphrase(passphrase_file_, false);
      if (!passphrase_)
        throw failure(exit_usage, {});  // said already
    }
    return *passphrase_;
  }

  std::filesystem::path path_;
  std::string passphrase_file_;
  bool plain_allowed_;
  std::optional<std::string> passphrase_;
};

std::string stem(role kind, std::uint32_t index) {
  return (kind == role::heavy_author ? "author-" : "validator-") + std::to_string(index);
}

}  // namespace

std::string key_name(role kind, std::uint32_t index) { return stem(kind, index) + ".json"; }
std::string coin_name(role kind, std::uint32_t index) { return stem(kind, index) + ".coin.json"; }

host_keys load_host_keys(const std::filesystem::path& directory, const roster_host& own,
                         const genesis& chain, const std::string& passphrase_file) {
  key_directory files{directory, passphrase_file, chain.development};
  host_keys result{.host = files.key("host.json", own.key),
                   .hosted = {.routers = {own.routers.begin(), own.routers.end()},
                              .gateway = own.gateway.has_value()}};
  auto& to = result.hosted;
  for (const auto& [i, key] : identities_of(own, role::heavy_author, chain)) {
    to.authors[i] = files.key(key_name(role::heavy_author, i), key);
    if (i < chain.heavy_authors.size())
      to.heavy_coin[i] = files.share(coin_name(role::heavy_author, i), chain.heavy_coin, i);
  }
  for (const auto& [i, key] : identities_of(own, role::validator, chain)) {
    to.validators[i] = files.key(key_name(role::validator, i), key);
    if (i < fast_committee_size(chain))
      to.fast_coin[i] = files.share(coin_name(role::validator, i), chain.fast_coin, i);
  }
  return result;
}

}  // namespace datagen::tools
