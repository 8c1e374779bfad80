#include "actors/echo_work.hpp"

#include "protocol/job/echo.hpp"

namespace datagen {

using namespace protocol;

v1::kernel_run echo_job(const v1::echo_package& package) {
  return {.kernel = {echo_kernel, 0},
          .parameters = blob{bytes{}},
          .input = blob{echo_input({package.chain, package.session, package.nonce})},
          .units_max = ~0ULL,
          .urgency = v1::kernel_urgency::echo};
}

digest echo_digest(const v1::echo_package& package) {
  return digest_of(echo_question{package.chain, package.session, package.nonce});
}

digest echo_result(const v1::kernel_done& done) { return result_root(done.output.view()); }

}  // namespace datagen
