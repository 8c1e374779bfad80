#pragma once
// Why a request was refused. Numbered: append, never renumber; the gateway maps them to HTTP.

#include "protocol/codec.hpp"

namespace datagen {

enum class ec : std::uint16_t {
  ok = 0,
  busy = 1,               ///< A queue limit is reached; try again.
  bad_signature = 2,      ///< The ticket is not signed by the session's key.
  unknown_session = 3,    ///< No such open session on the settled Heavy Chain.
  wrong_validator = 4,    ///< The ticket names another validator, or one not paired with it.
  replayed_ticket = 5,    ///< This job and attempt was already accepted with another content.
  lane_overdrawn = 6,     ///< The escrow lane does not cover the ticket's price.
  value_cap_reached = 7,  ///< The validator's unmatured value would exceed its cap.
  wrong_digest = 8,       ///< Input or parameters are not what the ticket names.
  unknown_kernel = 9,
  bad_parameters = 10,    ///< The kernel refuses the parameters.
  bad_input = 11,         ///< The kernel refuses the input.
  too_large = 12,         ///< Input over the limit.
  deadline_passed = 13,
  price_too_low = 14,     ///< The ticket's unit price is below the validator's ask.
  not_serving = 15,       ///< The validator is frozen, leaving or expelled.
  units_exceeded = 16,    ///< The job needs more units than the ticket buys.
  wrong_chain = 17,       ///< A statement for another network.
  timed_out = 18,
  storage_failed = 19,    ///< The disk refused; nothing was promised.
  bad_receipt = 20,       ///< The validator's answer does not hold.
  unknown_content = 21,   ///< No bytes with this digest here.
  not_paired = 22,        ///< The session has no validator yet: run an Echo.
  malformed = 23,         ///< The bytes do not decode.
  refused_by_chain = 24,  ///< A transaction did not pass its checks.
  outside_window = 25,    ///< The sequence runs too far ahead of the session's lowest unpaid one.
  cancelled = 26,         ///< Whoever asked for it does not need it any more.
  unreachable = 27,       ///< There is no link to the validator's host.
  kernel_suspended = 28,  ///< Its audits ended without an answer: leaves of it are not ordered.
  price_above_bid = 29,   ///< The ticket pays more per unit than its session bids.
};
constexpr ec max_value(ec) { return ec::price_above_bid; }
/// Stable name, e.g. "lane_overdrawn": what the API calls `code`.
const char* to_string(ec x);
/// A refusal that says nothing against the job: another validator may take it.
bool another_may_take(ec x);

}  // namespace datagen
