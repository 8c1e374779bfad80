#include "actors/echo_work.hpp"

namespace datagen {

using namespace protocol;

v1::kernel_run echo_job(const v1::echo_package& package) {
  bytes input;
  for (std::uint32_t i = 0; input.size() < echo_input_bytes; ++i) {
    const auto word = hash("echo-input", package.chain, package.session, package.nonce, i);
    input.insert(input.end(), word.value.begin(), word.value.end());
  }
  return {.kernel = {"merkle.root", 0},
          .parameters = blob{bytes{}},
          .input = blob{std::move(input)},
          .units_max = ~0ULL};
}

digest echo_digest(const v1::echo_package& package) { return hash("echo-package", package); }

digest echo_result(const v1::kernel_done& done) { return result_root(done.output.view()); }

}  // namespace datagen
