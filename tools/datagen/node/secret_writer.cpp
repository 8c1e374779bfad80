#include "tools/datagen/node/secret_writer.hpp"

#include "tools/datagen/failure.hpp"
#include "tools/datagen/new_file.hpp"

namespace datagen::tools {

namespace {

void create(const std::filesystem::path& path, const std::string& text) {
  if (const auto code = write_new(path, text); code != exit_ok)
    throw failure(code, "");
}

}  // namespace

void secret_writer::key(const std::filesystem::path& path, const protocol::key_pair& x) const {
  create(path, to_json(plain_ ? key_file{x.identity, x.secret} : seal_key_file(x, passphrase_)));
}

void secret_writer::share(const std::filesystem::path& path, const protocol::coin_dealing& coin,
                          std::uint32_t author) const {
  const auto index = static_cast<std::uint16_t>(author);
  const auto& key = coin.keys.shares.at(author);
  const auto& secret = coin.secrets.at(author);
  create(path, to_json(plain_ ? coin_secret_file{index, key, secret}
                              : seal_coin_secret(index, key, secret, passphrase_)));
}

}  // namespace datagen::tools
