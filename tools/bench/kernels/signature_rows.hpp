#pragma once

#include "kernels/registry.hpp"

namespace datagen::tools {

/// Prints ed25519.verify over 2,000 signatures of 100-byte messages beside libsodium's
/// crypto_sign_verify_detached (RFC 8032 with its own extra checks), one thread and all.
void print_signature_rows(const kernels::registry& kernels);

}  // namespace datagen::tools
