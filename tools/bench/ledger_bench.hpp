#pragma once
// The Heavy ledger's check, apply and root on one core, beside what its hashes and signatures must
// cost and beside the same balances kept in SQLite by plain SQL; and what a job leaves on chain.

#include <cstdint>
#include <string>

namespace datagen::bench {

struct ledger_options {
  std::uint32_t accounts = 10'000;
  std::uint32_t per_block = 1'000;
  std::uint32_t blocks = 12;
  std::string database = ":memory:";  ///< Or a file.
};

/// Processor time of one transaction, microseconds; rounds of the three are interleaved.
struct ledger_costs {
  double ledger_us = 0;   ///< Decode, check, apply and the block's root.
  double bound_us = 0;    ///< (a) its SHA-256 over bytes and statement, and its Ed25519 verification.
  double sql_us = 0;      ///< (b) two updates of balances, in one SQL transaction a block.
  double of_bound() const { return bound_us / ledger_us; }
};

/// Bytes of one unaudited job where blocks hold `jobs_per_block`.
struct bytes_per_job {
  std::uint32_t jobs_per_block = 0;
  std::uint64_t leaf = 0;         ///< What the Fast Chain keeps and commits to.
  std::uint64_t submitted = 0;    ///< The transaction that brings it: ticket, receipt, signatures.
  double heavy = 0;               ///< Its share of a checkpoint of K blocks with its certificate.
  double heavy_claim = 0;         ///< Its share of one claim for all sessions of its validator.
};

/// @returns a sentence why not, or an empty one
std::string measure_ledger(const ledger_options& options, ledger_costs& costs);

/// @param checkpoint_blocks K
/// @param authors of the Fast Chain: q of them sign a checkpoint
/// @param sessions_per_checkpoint sessions of the one validator whose jobs a checkpoint holds
bytes_per_job measure_bytes(std::uint32_t jobs_per_block, std::uint32_t checkpoint_blocks,
                            std::uint32_t authors, std::uint32_t sessions_per_checkpoint);

}  // namespace datagen::bench
