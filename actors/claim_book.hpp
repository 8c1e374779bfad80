#pragma once
// What a validator knows of its own claims: its payable leaves where the Fast Chain counts them, so
// that it can show any job of an entry when Heavy asks for it (protocol.md section 2, step 9).

#include "protocol/fast/events.hpp"

#include <map>

namespace datagen {

class claim_book {
public:
  /// @param leaves_max kept; the oldest go first, long after their claims are paid
  explicit claim_book(std::size_t leaves_max = 1U << 16) : leaves_max_(leaves_max) {}

  /// One of its payable leaves has a place.
  void ordered(const protocol::fast::happened::leaf_ordered& x);
  /// Heavy ordered a checkpoint: its leaves belong to that claim epoch.
  void settled(const protocol::ledger::tx::checkpoint_content& x);
  /// Checkpoints above `sequence` count for nothing.
  void rewound(std::uint64_t sequence);
  /// @param entry a claim over one entry. @returns nothing where these leaves do not lead to it
  std::optional<protocol::ledger::tx::show_count> answer(const protocol::ledger::tx::claim& entry,
                                                         std::uint32_t job) const;

private:
  using place = std::pair<std::uint64_t, std::uint32_t>;  ///< Checkpoint and index.
  std::size_t leaves_max_;
  std::map<place, protocol::leaf> leaves_;
  std::map<std::uint64_t, std::uint64_t> epochs_;  ///< By checkpoint.
};

}  // namespace datagen
