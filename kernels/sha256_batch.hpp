#pragma once

#include "kernel.hpp"

namespace datagen::kernels {

/// `sha256.batch`: the SHA-256 digest (FIPS 180-4) of each of many messages.
///
/// Params: none.
/// Input, little-endian: "DHS1", u32 count, u32 length, u32 zero. With length > 0 then count
/// messages of `length` bytes each. With length 0 then count u32 sizes in bytes, then the messages,
/// one behind the other without gaps.
/// Output: count digests of 32 bytes, in order.
/// Units: 1 + blocks / 32, a block being 64 bytes of a padded message.
extern const kernel_definition sha256_batch;

}  // namespace datagen::kernels
