#pragma once

#include "kernel.hpp"

namespace datagen::kernels {

/// `sort.u64`: keys in ascending order, or the stable order itself.
///
/// Params: `output` keys (default) or order.
/// Input: "DSU1", u32 zero, u64 count, then `count` u64 keys, little-endian.
/// Output: keys: `count` u64; order: `count` u32, the original places of the sorted keys, equal keys
/// by ascending place (profile rule 8).
/// Units: 1 + count / 32, twice that for the order.
extern const kernel_definition sort_u64;

}  // namespace datagen::kernels
