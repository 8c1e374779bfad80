#pragma once

#include "kernels/registry.hpp"

namespace datagen::tools {

/// Small jobs on two threads while a process of low priority keeps a processor busy: what a host
/// that also does something else makes its customers wait.
void print_busy_rows(const kernels::registry& kernels);

}  // namespace datagen::tools
