#pragma once
// How a role follows the Heavy Chain: asks one author for news, checks every certificate, and turns
// to the next author when one falls silent or no longer leads on. Where no author can tell the chain
// from where the role stands, it goes on from a whole state (`heavy_start.hpp`). Part of each role
// that needs settled Heavy state.

#include "actors/heavy_start.hpp"

#include "protocol/ledger/view.hpp"

namespace datagen {

/// How long a follower waits for what, ms.
struct follower_patience {
  std::uint64_t silence = 3'000;  ///< For news, then for an answer: a quiet chain sends none.
  std::uint64_t stall = 10'000;   ///< For news of an author that does answer: others may have some.
  std::uint64_t renewal = 20'000; ///< Authors forget who does not ask again (`follower_lease_ms`).
};

class heavy_follower {
public:
  heavy_follower() = default;
  heavy_follower(const peer& self, const role_context& context, follower_patience patience = {});

  /// Checks and applies `news`. @returns the blocks that are new, in order; empty when the news is
  /// old, has a gap (then the gap is asked for, once: whoever answers with a gap again is no help,
  /// and counts as silent) or is not proven.
  std::vector<protocol::ledger::block_events> take(const v1::heavy_news& news);
  /// An author knows the chain only from later on, or sends a piece of its state. @returns what is
  /// under way, as one block, once this follower stands where that state is; else nothing.
  std::vector<protocol::ledger::block_events> take(const peer& from, const v1::snapshot_piece& x);
  /// Call about once a second: asks when the silence has lasted too long.
  void wake();

  const protocol::ledger::view& view() const { return view_; }
  std::uint64_t live_ms() const { return view_.live_ms; }
  /// Heavy's hand-overs from genesis to the state that this follower went on from, if it did.
  const std::vector<protocol::consensus::hand_over>& passed() const { return start_.passed(); }
  /// A member of the committee that this follower knows, to send transactions to: the one that is
  /// asked at present, if it is a member.
  peer author() const { return author(0); }
  /// The one `turn` places after it.
  peer author(std::uint32_t turn) const;
  /// Whom this follower asks: the committee that it knows, in turn, and then, where none of that is
  /// of help any more, every other author that has an address.
  peer asked() const;

private:
  std::vector<std::uint32_t> outsiders() const;
  void ask();
  void ask_next();
  void knows_only_from(const peer& author, std::uint64_t height);

  peer self_;
  role_context context_;
  follower_patience patience_;
  protocol::ledger::view view_;
  std::uint32_t turn_ = 0;  ///< How often it went on to the next one.
  std::uint64_t asked_ms_ = 0;
  std::uint64_t heard_ms_ = 0;   ///< Anything that this follower does not know better.
  std::uint64_t led_on_ms_ = 0;  ///< News.
  bool answered_ = false;        ///< Since it was asked last.
  bool gap_asked_ = false;       ///< Since the last news. Asking more often would not help.
  std::size_t too_late_ = 0;     ///< Members in a row that know the chain only from later on.
  heavy_start start_;
};

}  // namespace datagen
