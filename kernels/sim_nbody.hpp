#pragma once

#include "kernel.hpp"

namespace datagen::kernels {

/// `sim.nbody`: bodies under their mutual gravity, all pairs, in single precision.
///
/// Params: `dt` time step (may be negative), `gravity` the constant G, `softening` length added to
/// every distance as in Plummer's potential, `steps`. All are rounded to f32.
/// Input: a `.npy` file of f32, shape (bodies, 7): x, y, z, vx, vy, vz, mass.
/// Output: a `.npy` file of the same shape after `steps` steps; NaNs leave as 0x7fc00000.
/// Step (leapfrog, drift-kick-drift; every product-sum is one fused operation):
///   p = v*(dt/2) + p;  v = a*(G*dt) + v, a taken at the new p of all bodies;  p = v*(dt/2) + p.
/// a of body i (profile rule 3): j ascending in tiles of 512; in each tile sums from +0 of d*w with
/// d = p_j - p_i, r2 = dx*dx + (dy*dy + (dz*dz + softening^2)) and w = m_j / (r2 * sqrt(r2)) where
/// r2 > 0, else 0 (a body and itself, bodies in one place); a is the first tile's sum, then the
/// others are added ascending.
/// Units: 1 + steps * (1 + bodies^2 / 3072).
extern const kernel_definition sim_nbody;

inline constexpr std::uint32_t nbody_tile = 512;  ///< bodies j per partial sum, profile rule 3

}  // namespace datagen::kernels
