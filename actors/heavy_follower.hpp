#pragma once
// How a role follows the Heavy Chain: asks one author for news, checks every certificate, and turns
// to the next author when one falls silent. Part of each role that needs settled Heavy state.

#include "messages/chain.hpp"

#include "actors/transport.hpp"

#include "protocol/ledger/view.hpp"

namespace datagen {

class heavy_follower {
public:
  heavy_follower() = default;
  /// @param silence_ms after which another author is asked.
  heavy_follower(const peer& self, const role_context& context, std::uint64_t silence_ms = 3000);

  /// Checks and applies `news`. @returns the blocks that are new, in order; empty when the news is
  /// old, has a gap (then the gap is asked for, once: whoever answers with a gap again is no help,
  /// and counts as silent) or is not proven.
  std::vector<protocol::ledger::block_events> take(const v1::heavy_news& news);
  /// Call about once a second: asks when the silence has lasted too long.
  void wake();

  const protocol::ledger::view& view() const { return view_; }
  std::uint64_t live_ms() const { return view_.live_ms; }
  /// The author that is asked at present: also a good one to send transactions to.
  peer author() const { return author(0); }
  /// The one `turn` places after it.
  peer author(std::uint32_t turn) const;

private:
  void ask();

  peer self_;
  role_context context_;
  std::uint64_t silence_ms_ = 3000;
  protocol::ledger::view view_;
  std::uint32_t author_ = 0;
  std::uint64_t heard_ms_ = 0;
  bool asked_ = false;  ///< Since the last news that led on. Asking more often would not help.
};

}  // namespace datagen
