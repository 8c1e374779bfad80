#pragma once

#include "kernel.hpp"

namespace datagen::kernels {

/// `topk`: the largest keys and where they stood.
///
/// Params: `k`, 1 to 65536, default 10; with fewer keys than k all of them are given.
/// Input: "DSU1", u32 zero, u64 count, then `count` u64 keys, little-endian.
/// Output: min(k, count) entries of u64 key, u32 place: keys descending, equal keys by ascending
/// place (profile rule 8).
/// Units: 1 + count / 256 + k / 16.
extern const kernel_definition topk;

}  // namespace datagen::kernels
