#pragma once
// When to propose, and on top of what (consensus.md 2.4, the liveness-critical rule).

#include "protocol/consensus/dag.hpp"

namespace datagen::protocol::consensus {

/// What the engine knows besides the DAG.
struct proposal_view {
  round_number decided_round = 0;  ///< F
  round_number lag = 0;            ///< Highest accepted round minus last committed leader round.
  bool work = false;               ///< Something waits to be ordered: no idle pause.
};

struct proposal_moment {
  round_number round = 0;  ///< max(o, F) + 1
  bool ready = false;
  bool catch_up = false;  ///< Others are rounds ahead: propose at once and without payload.
  std::uint64_t wake_ms = ~std::uint64_t{0};  ///< When to look again; never without new vertices.
};

class proposer {
public:
  proposer(const engine_params& params, author_index self, const std::vector<vertex_ref>& genesis)
      : params_(params),
        self_(self),
        genesis_(genesis),
        own_(genesis[self]),
        next_link_(genesis.size(), 0),
        exposed_(genesis.size(), false),
        delay_ms_(params.min_round_delay_ms) {}

  proposal_moment when(const dag& d, const proposal_view& view, std::uint64_t now_ms);
  /// Own previous vertex first, then each author's newest vertex below `round` that is new to us.
  std::vector<vertex_ref> ancestors(const dag& d, round_number round) const;
  /// `own` is durable (now, or found in storage); `at_ms` is when it was proposed. Each one that is
  /// `strained` doubles the pause before the next (2.14).
  void remember(const sealed_vertex& own, std::uint64_t at_ms, bool strained);
  /// Stop referring to an author with an equivocation proof, as long as q others remain (2.11).
  void expose(author_index author) { exposed_[author] = true; }
  round_number own_round() const { return own_.round; }
  std::uint64_t own_timestamp_ms() const { return own_timestamp_ms_; }

private:
  bool active_authors_are_here(const dag& d, round_number round) const;

  engine_params params_;
  author_index self_;
  std::vector<vertex_ref> genesis_;
  vertex_ref own_;
  std::uint64_t own_timestamp_ms_ = 0;
  std::vector<round_number> next_link_;  ///< Per author the lowest round not yet referred to.
  std::vector<bool> exposed_;
  std::optional<std::uint64_t> last_ms_;  ///< When the last own vertex was proposed.
  std::uint64_t delay_ms_;
  round_number candidate_ = 0;  ///< The round `since_ms_` is about.
  std::uint64_t since_ms_ = 0;  ///< When its quorum was first seen.
};

}  // namespace datagen::protocol::consensus
