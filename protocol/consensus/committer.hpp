#pragma once
// The decision rule: which leader slots are committed or skipped (consensus.md 2.5, 2.7). A
// function of the accepted set alone: order of arrival, time and randomness do not enter.

#include "protocol/consensus/coin.hpp"
#include "protocol/consensus/dag.hpp"

namespace datagen::protocol::consensus {

enum class slot_decision : std::uint8_t {
  undecided = 0,
  direct_commit = 1,
  indirect_commit = 2,
  direct_skip = 3,
  indirect_skip = 4,
};
std::string_view to_text(slot_decision d);
inline bool is_commit(slot_decision d) {
  return d == slot_decision::direct_commit || d == slot_decision::indirect_commit;
}

/// One leader slot. `leader` is set when it is committed and stays valid while the dag holds it.
struct slot {
  round_number round = 0;
  std::uint32_t offset = 0;
  author_index author = 0;
  slot_decision decision = slot_decision::undecided;
  const node* leader = nullptr;
  digest coin{};
};

/// The first slot not yet output: skips move it like commits do.
struct slot_cursor {
  round_number round = 1;
  std::uint32_t offset = 0;
  friend auto operator<=>(const slot_cursor&, const slot_cursor&) = default;
};

class committer {
public:
  explicit committer(slot_cursor from = {}) : cursor_(from) {}

  /// Decides what can be decided and returns the slots that now extend the decided prefix, in
  /// order. Decisions are final; calling again without new vertices returns nothing.
  std::vector<slot> advance(const dag& d, const elector& e);
  /// The slots whose leaders are known but which no prefix covers yet.
  std::vector<slot> pending() const;
  slot_cursor cursor() const { return cursor_; }
  /// F of 2.4: every slot of rounds up to here is decided.
  round_number decided_round() const { return cursor_.round - 1; }
  /// A second certified twin was seen: more than f faults. No slot is output any more (2.7).
  bool conflict() const { return conflict_; }

private:
  using round_slots = std::vector<slot>;  ///< Empty while the leaders are unknown.

  void extend(const dag& d, const elector& e);
  void decide_direct(const dag& d, slot& s);
  void decide_indirect(const dag& d, slot& s);
  const node* anchor_of(const slot& s, std::uint32_t wave) const;
  void commit(slot& s, const std::vector<const node*>& certified, slot_decision how);

  std::deque<round_slots> rounds_;  ///< rounds_[0] is cursor_.round.
  slot_cursor cursor_;
  bool conflict_ = false;
};

/// Does `c` certify `leader`? q of its ancestors at the voting round vote for it; weak links to
/// older rounds do not count (2.6).
bool certifies(const dag& d, const node& c, const node& leader);

}  // namespace datagen::protocol::consensus
