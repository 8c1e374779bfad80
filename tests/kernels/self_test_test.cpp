// What a device must compute before it gets jobs.
#include "kernels/self_test.hpp"

#include <algorithm>
#include <filesystem>

#include "support.hpp"

using namespace datagen::kernels;
using namespace datagen::kernels::testing;

namespace {

/// The modules of this build beside a back end "cuda" whose device miscomputes one kernel. A bundle
/// for another machine has that one beside the modules.
registry with_broken_device() {
  const auto modules = registry::module_directories().front();
  const std::filesystem::path built = std::filesystem::path(DATAGEN_BROKEN_DEVICE).parent_path();
  return registry::load({exists(built) ? built : modules / "broken_device", modules});
}

}  // namespace

TEST_CASE("self-test: every module of this machine gives the known answers, the baseline too") {
  for (const auto& device : loaded().devices()) {
    CAPTURE(device.name);
    CHECK(self_test(loaded(), device) == "");
  }
  for (const auto& module : loaded().modules())
    CHECK(self_test(loaded(), device_info{module, module, 0, module, 0}) == "");
  const auto oracle = registry::load_oracle();
  REQUIRE_MESSAGE(oracle.ok(), oracle.error());
  CHECK(self_test(oracle, device_info{"cpu-baseline", "cpu-baseline", 0, "the oracle", 0}) == "");
}

TEST_CASE("self-test: there is a known answer for every kernel") {
  const auto kernels = loaded().kernels();
  const auto names = known_answers();
  for (const auto& kernel : kernels)
    if (kernel.id != "pipeline")
      CHECK_MESSAGE(std::count(names.begin(), names.end(), kernel.id) == 1, kernel.id);
}

TEST_CASE("self-test: a device that computes wrong is found, with what it gave and what is known") {
  const auto kernels = with_broken_device();
  REQUIRE_MESSAGE(kernels.ok(), kernels.error());
  const auto devices = kernels.devices();
  REQUIRE(devices.size() >= 2);
  REQUIRE(devices[0].backend == "cuda");
  const auto failure = self_test(kernels, devices[0]);
  CHECK_MESSAGE(failure.find("merkle.root: byte 0 on is ead699e5") == 0, failure);
  CHECK(self_test(kernels, devices[1]) == "");
}
