#include "messages/error.hpp"

namespace datagen {

const char* to_string(ec x) {
  switch (x) {
    case ec::ok: return "ok";
    case ec::busy: return "busy";
    case ec::bad_signature: return "bad_signature";
    case ec::unknown_session: return "unknown_session";
    case ec::wrong_validator: return "wrong_validator";
    case ec::replayed_ticket: return "replayed_ticket";
    case ec::lane_overdrawn: return "lane_overdrawn";
    case ec::value_cap_reached: return "value_cap_reached";
    case ec::wrong_digest: return "wrong_digest";
    case ec::unknown_kernel: return "unknown_kernel";
    case ec::bad_parameters: return "bad_parameters";
    case ec::bad_input: return "bad_input";
    case ec::too_large: return "too_large";
    case ec::deadline_passed: return "deadline_passed";
    case ec::price_too_low: return "price_too_low";
    case ec::not_serving: return "not_serving";
    case ec::units_exceeded: return "units_exceeded";
    case ec::wrong_chain: return "wrong_chain";
    case ec::timed_out: return "timed_out";
    case ec::storage_failed: return "storage_failed";
    case ec::bad_receipt: return "bad_receipt";
    case ec::unknown_content: return "unknown_content";
    case ec::not_paired: return "not_paired";
    case ec::malformed: return "malformed";
    case ec::refused_by_chain: return "refused_by_chain";
    case ec::outside_window: return "outside_window";
    case ec::cancelled: return "cancelled";
    case ec::unreachable: return "unreachable";
    case ec::kernel_suspended: return "kernel_suspended";
    case ec::price_above_bid: return "price_above_bid";
  }
  return "unknown";
}

/// A deadline that has passed by the clock of one may lie ahead by everybody else's, and what is too
/// little for one who raised its ask may be enough for its stand-in.
bool another_may_take(ec x) {
  return x == ec::deadline_passed || x == ec::busy || x == ec::not_serving || x == ec::storage_failed ||
         x == ec::value_cap_reached || x == ec::timed_out || x == ec::lane_overdrawn ||
         x == ec::unreachable || x == ec::price_too_low;
}

}  // namespace datagen
