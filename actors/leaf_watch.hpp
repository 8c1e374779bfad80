#pragma once
// A user's eye on its receipts (protocol.md section 2, step 6, no dodging): asks where each leaf was
// ordered, has Heavy ask for one that is not there when it is due, and shows both signatures where
// another of the same job was drawn.

#include "messages/audit.hpp"

#include "actors/oldest_first.hpp"
#include "actors/settled_checkpoints.hpp"

namespace datagen {

struct leaf_watch_limits {
  std::uint64_t retry_ms = 2'000;        ///< Then the next Fast author is asked.
  std::uint32_t questions_max = 64;      ///< In one go.
  std::uint32_t complaints_max = 3;      ///< Times that Heavy is told of one leaf.
  std::size_t receipts_max = 100'000;    ///< Watched; the oldest go first.
};

class leaf_watch {
public:
  explicit leaf_watch(leaf_watch_limits limits = {})
      : limits_(limits), held_(limits.receipts_max) {}

  /// The user was given this receipt, which holds.
  void holds(const protocol::receipt& x, std::uint64_t now_ms);
  /// Every event of the Heavy Chain, in order.
  void hear(const protocol::ledger::event& what);

  /// Leaves that a Fast author is to be asked for now.
  std::vector<v1::leaf_place_query> due(std::uint64_t now_ms);
  /// An author's answer: proof of where the leaf is, or nothing.
  void judge(const v1::leaf_place& x, const settled_checkpoints& settled);
  /// What Heavy is to be told now, at `live_ms` of its time. Asking for a leaf costs a deposit: it
  /// waits until each of `members` Fast authors had its turn.
  std::vector<protocol::ledger::transaction_body> complaints(std::uint64_t now_ms,
                                                             std::uint64_t live_ms,
                                                             std::size_t members);
  std::size_t watched() const { return held_.size(); }

private:
  struct held {
    protocol::receipt paper;
    std::uint64_t next_ms = 0;
    std::size_t asked = 0;        ///< Fast authors.
    std::optional<protocol::receipt> other;  ///< That the chain has for the same attempt.
    std::uint32_t complaints = 0;
    std::uint64_t complain_ms = 0;
  };

  leaf_watch_limits limits_;
  oldest_first<std::pair<protocol::job_id, std::uint8_t>, held> held_;
};

}  // namespace datagen
