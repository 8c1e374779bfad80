#pragma once

#include "kernel.hpp"

namespace datagen::kernels {

/// `ed25519.verify`: which of a batch of Ed25519 signatures are valid under ZIP-215.
///
/// Params: none.
/// Input, little-endian: "DED1", u32 count, then per signature 32 bytes of key, 64 of signature,
/// u32 length of its message; then the messages, one after the other. Output: one byte per
/// signature, 1 valid or 0. Each is checked alone, with the cofactor, so the answer does not depend
/// on the batch; ZIP-215 fixes the cases on which libraries disagree. Units: 1 + 40 * count + bytes
/// of messages / 400. A processor does it in every module: there is no GPU version yet.
extern const kernel_definition ed25519_verify;

}  // namespace datagen::kernels
