#pragma once
// A cheat for development chains: stands in front of a kernel worker, answers Echo honestly, since
// a wrong answer never wins a pairing, and changes the output of every other job.

#include "messages/interfaces.hpp"

namespace datagen {

kernel_worker_actor::behavior_type lying_worker(kernel_worker_actor::pointer self,
                                                kernel_worker_actor honest);

}  // namespace datagen
