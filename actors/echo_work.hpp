#pragma once
// The standard job of an Echo as a message to a kernel worker (the job itself: protocol/job/echo.hpp).

#include "messages/echo.hpp"
#include "messages/work.hpp"

namespace datagen {

/// `merkle.root` over 1 KiB that nobody could compute before the nonce was known.
v1::kernel_run echo_job(const v1::echo_package& package);
protocol::digest echo_digest(const v1::echo_package& package);
/// The digest that goes into the reply and the report.
protocol::digest echo_result(const v1::kernel_done& done);

}  // namespace datagen
