#pragma once

namespace datagen::bench {

/// Prints sim.nbody's pairs per second beside what the device does of the same operations (fused
/// and plain ones, a square root, a division) on numbers that stay in registers.
void print_nbody_rows();

}  // namespace datagen::bench
