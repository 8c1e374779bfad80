#pragma once
// The standard job of an Echo, grown from the package's nonce: what a validator computes and what a
// user's edge compares with.

#include "messages/echo.hpp"
#include "messages/work.hpp"

namespace datagen {

inline constexpr std::size_t echo_input_bytes = 1024;

/// `merkle.root` over 1 KiB that nobody could compute before the nonce was known.
v1::kernel_run echo_job(const v1::echo_package& package);
protocol::digest echo_digest(const v1::echo_package& package);
/// The digest that goes into the reply and the report.
protocol::digest echo_result(const v1::kernel_done& done);

}  // namespace datagen
