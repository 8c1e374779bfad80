#pragma once
// How a host's secrets come onto its disk.

#include "tools/datagen/coin_file.hpp"
#include "tools/datagen/key_file.hpp"

#include "protocol/crypto/coin/dealer.hpp"

#include <filesystem>

namespace datagen::tools {

/// Writes secrets into new files, sealed under the passphrase unless the chain is for development.
/// Throws `failure`; nothing is overwritten.
class secret_writer {
public:
  secret_writer(bool plain, std::string passphrase)
      : plain_(plain), passphrase_(std::move(passphrase)) {}

  void key(const std::filesystem::path& path, const protocol::key_pair& x) const;
  void share(const std::filesystem::path& path, const protocol::coin_dealing& coin,
             std::uint32_t author) const;

private:
  bool plain_;
  std::string passphrase_;
};

}  // namespace datagen::tools
