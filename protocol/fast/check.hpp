#pragma once
// Why a Fast transaction is refused. Numbers are stored and sent: append, never renumber.

#include "protocol/types.hpp"

namespace datagen::protocol::fast {

enum class [[nodiscard]] transaction_check : std::uint16_t{
  ok = 0,
  too_large = 1,           ///< `transaction_bytes_max`.
  malformed = 2,           ///< Not the canonical bytes of a transaction.
  wrong_chain = 3,         ///< The ticket's escrow is on another Heavy Chain.
  unknown_session = 4,     ///< Not yet: Heavy's event has not arrived here.
  unknown_validator = 5,   ///< Not yet, likewise.
  no_lane = 6,             ///< Not yet: no escrow is reserved for this payee (section 2, step 4).
  session_closed = 7,      ///< Receipts of a closed session have `leaf_deadline_ms` to get here.
  validator_expelled = 8,  ///< Section 2, step 1; frozen and leaving ones may settle what they did.
  bad_receipt = 9,         ///< `receipt_check` names the rule (section 2, step 6).
  already_ordered = 10,    ///< The same leaf again; nothing to do.
  equivocated = 11,        ///< The first leaf of (job, attempt, validator) counts (step 6).
  attempts_full = 12,      ///< `job_leaves_max` leaves of one job.
  already_paid = 13,       ///< The job was paid in a checkpoint no longer kept (section 7.3).
  outside_window = 14,     ///< `paid_window`.
  lane_exceeded = 15,      ///< Section 7.3: a session never pays more than its escrow.
  units_exceeded = 16,     ///< `leaf_units_max`, or the claim epoch's sum would overflow.
  backlog_full = 17,       ///< Not yet: `undrawn_leaves_max` leaves wait for Heavy's draw.
  bad_echo_signature = 18,  ///< Not signed by the session's user.
  echo_known = 19,          ///< The same root again; nothing to do.
  echo_roots_full = 20,     ///< `echo_roots_max` of one session.
  events_known = 21,        ///< Heavy's blocks are known; nothing to do.
  events_gap = 22,          ///< Not yet: blocks before these are missing, or differ.
  events_unproven = 23,     ///< No quorum of Heavy authors stands behind them.
  value_cap_reached = 24,   ///< Not yet: the validator's unmatured value would exceed V (section 4).
  user_share_reached = 25,  ///< Not yet: nor may one user fill more than a share of V.
  kernel_suspended = 26,    ///< Section 3: audits of this kernel version end without an answer.
  price_above_bid = 27,     ///< Section 2, step 3: nobody is served at a price above the session's bid.
};

/// A rule's answer: the first failing rule with its sentence, figures included.
struct ruling {
  transaction_check code = transaction_check::ok;
  std::string reason;
  bool holds() const { return code == transaction_check::ok; }
};

/// Refused only because Heavy's decisions, draws or earlier events are still on their way?
constexpr bool may_hold_later(transaction_check x) {
  return x == transaction_check::unknown_session || x == transaction_check::unknown_validator ||
         x == transaction_check::no_lane || x == transaction_check::backlog_full ||
         x == transaction_check::events_gap || x == transaction_check::value_cap_reached ||
         x == transaction_check::user_share_reached;
}

}  // namespace datagen::protocol::fast
