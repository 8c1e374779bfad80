#pragma once
// What a chain's engine room needs of the rules it runs: Heavy (`protocol/ledger`) and Fast
// (`protocol/fast`) implement it, the block author executes it. Deterministic: the same blocks give
// the same roots on every node.

#include "protocol/consensus/events.hpp"

namespace datagen::protocol::chain {

/// One ordered block, ready to execute. Transactions and beacon shares are in `vertices`, in order.
struct block_input {
  std::uint32_t epoch = 0;         ///< Whose committee ordered it.
  std::uint64_t height = 0;
  digest block;                    ///< `digest_of(commit)`.
  std::uint64_t timestamp_ms = 0;  ///< Unix time, never decreasing.
  std::vector<consensus::vertex_ptr> vertices;
};

/// What became of one transaction: `code` 0 means applied; others are the state machine's numbered
/// check results, `reason` their sentence.
struct transaction_outcome {
  digest transaction;  ///< SHA-256 of its canonical bytes.
  std::uint16_t code = 0;
  std::string reason;
};
template <class Archive>
void describe(Archive& ar, transaction_outcome& x) {
  ar(x.transaction, x.code, x.reason);
}

struct block_result {
  digest state_root;
  std::vector<transaction_outcome> outcomes;
  std::vector<bytes> events;  ///< Canonical events, in order; their type is the chain's own.
  /// True when something happened: the block gets a finality vote. Empty blocks get none, so an
  /// idle chain stays idle.
  bool worth_certifying = false;
  /// Heights of beacon requests opened by this block: an author releases its share for each of
  /// them in the next vertex it makes, never before it has output this block (consensus.md 3.4).
  std::vector<std::uint64_t> beacon_requests;
  /// Set by the last block of an epoch (consensus.md 2.13): who follows. Such a block is always
  /// worth certifying; what the committee outputs after it is void.
  std::optional<consensus::roster> next;
};

class state_machine {
public:
  virtual ~state_machine() = default;
  /// Would `transaction` (canonical bytes) be applied now? Mempool admission; changes nothing.
  /// `code` 0 = yes. `later` = not yet, but keep it (e.g. a leaf whose session is still on its way).
  struct admission {
    std::uint16_t code = 0;
    std::string reason;
    bool later = false;
  };
  virtual admission check(byte_view transaction) const = 0;
  /// Executes the next block. Bad transactions are outcomes, never failures.
  virtual block_result execute(const block_input& block) = 0;
  virtual digest state_root() const = 0;
  virtual std::uint64_t height() const = 0;  ///< Of the last executed block.
  virtual bytes snapshot() const = 0;
  /// @returns false, unchanged, when `data` is not a snapshot of this chain and version.
  virtual bool restore(byte_view data) = 0;
};

}  // namespace datagen::protocol::chain
