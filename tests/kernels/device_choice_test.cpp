#include "kernels/device_choice.hpp"

#include "support.hpp"

using datagen::kernels::processor_is_faster;

TEST_CASE("device choice: a processor of sixteen threads keeps topk, whose keys are read once") {
  CHECK(processor_is_faster("topk", 16));
  CHECK(processor_is_faster("topk", 64));
}

TEST_CASE("device choice: a GPU gets topk from a processor of few threads, and all other kernels") {
  CHECK_FALSE(processor_is_faster("topk", 15));
  for (const auto& kernel : datagen::kernels::testing::loaded().kernels())
    if (kernel.id != "topk")
      CHECK_FALSE(processor_is_faster(kernel.id, 64));
}
