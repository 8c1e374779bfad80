#pragma once

#include <string>

#include "registry.hpp"

namespace datagen::kernels {

/// The kernels that have a known answer.
std::vector<std::string> known_answers();

/// Computes the known answer of every kernel on one device. Memory that flips bits, a driver that
/// miscompiles or a processor that lies shows here before it costs stake.
/// @param threads of each job on a CPU; 0 = one per processor
/// @returns empty when all hold, else which kernel gave what instead of what
std::string self_test(const registry& kernels, const device_info& device,
                      std::uint32_t threads = 0);

}  // namespace datagen::kernels
