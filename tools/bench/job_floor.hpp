#pragma once
// The least that one job must cost: its signatures, verifications and hashes one after the other on
// one thread, and one durable commit of its receipt. What the job path takes more is actors, hops,
// waiting and other people's work.

#include "actors/storage/store.hpp"

#include "protocol/job/job.hpp"

#include <string>

namespace datagen::bench {

/// What one job's floor consists of, as its code does it.
struct floor_counts {
  std::uint32_t signatures = 0;
  std::uint32_t verifications = 0;
  std::uint32_t hashes = 0;  ///< SHA-256 over the statements; those within Ed25519 not.
  std::uint32_t commits = 0;
  std::uint64_t receipt_bytes = 0;  ///< Written by the commit.
};

/// Microseconds of one pass.
struct floor_times {
  double sign_us = 0;
  double verify_us = 0;
  double hash_us = 0;  ///< Statements, digests, encoding.
  double commit_us = 0;
  double total_us() const { return sign_us + verify_us + hash_us + commit_us; }
};

class job_floor {
public:
  /// Opens its own database in `data_dir`. @returns nothing and sets `why` where it cannot
  static std::optional<job_floor> open(const std::string& data_dir, std::string& why);

  floor_times run(const protocol::kernel_ref& kernel, protocol::byte_view input);
  const floor_counts& counts() const { return counts_; }

private:
  explicit job_floor(storage::store store);

  storage::store store_;
  protocol::key_pair user_;
  protocol::key_pair validator_;
  std::uint32_t sequence_ = 0;
  floor_counts counts_;  ///< Of the last pass.
};

}  // namespace datagen::bench
