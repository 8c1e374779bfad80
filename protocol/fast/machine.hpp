#pragma once
// The Fast Chain's state machine (protocol.md section 5): orders leaves, Echo roots and Heavy's
// decisions, and makes the checkpoints that settle on Heavy.

#include "protocol/chain/state_machine.hpp"
#include "protocol/fast/checkpoints.hpp"
#include "protocol/fast/claims.hpp"
#include "protocol/fast/leaves.hpp"

namespace datagen::protocol::fast {

class fast_machine : public chain::state_machine {
public:
  /// `signatures` must outlive the machine; a process may share one that remembers.
  fast_machine(const genesis& start, const signature_checker& signatures);

  admission check(byte_view transaction) const override;
  chain::block_result execute(const chain::block_input& block) override;
  digest state_root() const override;
  std::uint64_t height() const override { return now_.height; }
  /// The root vouches for it every `snapshot_blocks` blocks; in between it is for the own disk.
  bytes snapshot() const override;
  bool restore(byte_view data) override;

  /// The state itself: validators, sessions and lanes as Heavy announced them.
  const state& now() const { return now_; }
  /// Leaf hashes of the state's sections after the last block.
  const std::vector<digest>& sections() const { return sections_; }
  /// The last block's checkpoint, if it made one, as Heavy wants to see it but for the certificate,
  /// which the block author fills in.
  std::optional<ledger::tx::checkpoint> checkpoint_made() const;
  /// The newest checkpoint made, not necessarily in the last block.
  std::optional<ledger::tx::checkpoint_content> last_checkpoint() const;

  /// See `checkpoints.hpp`, `claims.hpp`, `leaves.hpp`.
  std::optional<ledger::tx::open_leaf> open_leaf(std::uint64_t sequence,
                                                 std::uint32_t index) const {
    return fast::open_leaf(now_, sequence, index);
  }
  std::optional<std::vector<digest>> leaf_path(std::uint64_t sequence, std::uint32_t index) const {
    return fast::leaf_path(now_, sequence, index);
  }
  std::vector<ledger::tx::claim> claims_of(validator_id validator) const {
    return fast::claims_of(now_, validator);
  }
  fast::leaf_status leaf_status(const job_id& job, std::uint8_t attempt) const {
    return status_of(now_, job, attempt);
  }

private:
  struct executing;  ///< One block's results while it runs.

  /// The first block of a new committee ends the closing of the one before. Epochs in between,
  /// whose committees ordered nothing that counts, are skipped.
  void begin_epoch(std::uint32_t epoch);
  void run(executing& block, byte_view raw);
  ruling run(executing& block, const tx::submit_leaf& x);
  void run_posted(executing& block, const receipt& x);
  ruling settle(executing& block, const tx::submit_leaf& x, ruling verdict);
  ruling run(executing& block, const tx::echo_root& x);
  ruling run(executing& block, const tx::heavy_events& x);

  setting rules_;
  const signature_checker& signatures_;
  state now_;
  std::vector<digest> sections_;
};

}  // namespace datagen::protocol::fast
