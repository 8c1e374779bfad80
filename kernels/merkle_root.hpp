#pragma once

#include "kernel.hpp"

namespace datagen::kernels {

/// `merkle.root`: the Merkle tree hash of any file, shaped as RFC 6962 section 2.1.
///
/// Params: `chunk` bytes per leaf, a power of two from 1024 to 1048576, default 65536.
/// Input: any bytes, the last chunk may be short, empty is allowed (SHA-256 of nothing).
/// Output: 32 bytes. Leaf = SHA-256(0x00 || chunk), node = SHA-256(0x01 || left || right).
/// Units: 1 + compressions / 32, a compression being one 64-byte block of a leaf or node.
extern const kernel_definition merkle_root;

}  // namespace datagen::kernels
