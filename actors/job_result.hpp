#pragma once
// What a kernel's answer to a ticket comes to, the same for the paired validator and its checkers.

#include "messages/work.hpp"

namespace datagen {

/// @pre the kernel took the job: it did not time out, and was not busy
inline protocol::result_header result_of(const protocol::ticket& order, const v1::kernel_done& done) {
  using enum protocol::exit_status;
  return {.kernel = order.kernel,
          .parameters = order.parameters,
          .input = order.input,
          .exit = done.code == ec::ok               ? done.exit
                  : done.code == ec::units_exceeded ? limit
                                                    : refused,
          .units = done.units,
          .root = protocol::result_root(done.output.view())};
}

/// Of a promise of the last run: results are not on disk, and come out again.
inline bool lacks_output(const v1::job_reply& x) {
  return x.output.size() == 0 && x.result.root != protocol::result_root({});
}

}  // namespace datagen
