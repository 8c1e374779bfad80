#pragma once
// One job from ticket to acknowledged result (protocol.md section 2, step 5): nothing is believed
// that this machine did not check.

#include "tools/datagen/customer.hpp"
#include "tools/datagen/job_input.hpp"
#include "tools/datagen/receipt_file.hpp"

namespace datagen::tools {

struct job_wish {
  std::string output;                ///< Path of the result; the receipt goes beside it.
  std::uint64_t units_max = ~0ULL;   ///< Refuse to buy more.
  std::uint64_t declared_value = 0;  ///< 10^-9 DG.
  std::uint64_t timeout_ms = 300'000;
  std::string receipt() const { return output + ".receipt.json"; }
};

struct finished_job {
  protocol::signed_ticket order;  ///< Of the attempt that was answered.
  served_by validator;            ///< Who answered it.
  checked_receipt paper;
  std::uint64_t latency_us = 0;     ///< As the gateway measured it.
  std::uint64_t round_trip_us = 0;  ///< From sending the ticket to knowing the answer.
  std::string id() const { return to_hex(paper.content.held.content.job); }
};

/// What the ticket buys: what the job declares, or for one that cannot tell, what the user allows.
/// Throws `failure`: to be asked before any money is locked.
std::uint64_t units_to_buy(const job_input& input, const job_wish& wish);

/// Uploads, orders, waits, checks, writes output and receipt, acknowledges. Where a validator gives
/// no sign of life or cannot take the job, its stand-ins are asked in turn. Throws `failure`; then
/// neither file is written.
finished_job run_job(const customer& who, const paired_session& session, const job_input& input,
                     const job_wish& wish);

/// The receipt of `order` as the server knows it now, checked; throws `failure`.
checked_receipt fetch_receipt(const customer& who, const protocol::signed_ticket& order);
void write_receipt(const job_wish& wish, const checked_receipt& x);

/// Where the leaf was ordered, e.g. "Fast block 812", waiting `wait_ms` at most; else empty.
std::string find_ordered(const customer& who, const finished_job& job, std::uint64_t wait_ms);

struct audit_end {
  std::string state;  ///< The job's last state.
  std::string text;   ///< A sentence.
  exit_code code = exit_ok;
};
/// Follows the job until nothing more can be learned, and keeps the receipt file at its best.
audit_end watch_audit(const customer& who, finished_job& job, const job_wish& wish,
                      std::uint64_t timeout_ms);

}  // namespace datagen::tools
