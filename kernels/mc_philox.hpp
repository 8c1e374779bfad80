#pragma once

#include "kernel.hpp"

namespace datagen::kernels {

/// `mc.philox`: price of an option by Monte Carlo under geometric Brownian motion.
///
/// Params: `kind` call, put or asian-call (arithmetic mean over the steps); `spot`, `strike`;
/// `rate` (continuously compounded, per year), `volatility` (per square root of a year), `years`;
/// `paths`, `steps` per path, `seed`. Reals are decimals, read with correct rounding.
/// Input: none; bytes are refused.
/// Output: JSON text, see price_text(): exact integer sums, and from them price and standard error.
/// Order: path p, step s uses word s mod 4 of Philox(p, 0, s / 4, 0) under key `seed`; discounted
/// payoffs are rounded to 2^-40 and added as integers, so the order of the paths is free. Payoffs
/// above 2^30 count as 2^30 and are counted in "saturated".
/// Units: 1 + paths * steps / 32.
extern const kernel_definition mc_philox;

}  // namespace datagen::kernels
