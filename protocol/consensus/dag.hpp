#pragma once
// The accepted vertices: causally closed above the floor, indexed by round, each with the support
// table that makes votes O(1) (consensus.md 2.3, 2.6).

#include "protocol/consensus/vertex.hpp"

#include <deque>

namespace datagen::protocol::consensus {

/// An accepted vertex. Pointers to rounds at or below the floor dangle: check the round first.
struct node {
  vertex_ptr v;
  std::vector<const node*> parents;  ///< Aligned with `v->body.ancestors`; null below the floor.
  std::vector<const node*>
    support;  ///< Row d holds, per author, its supported vertex of round-1-d.
  bool committed = false;
  round_number round() const { return v->ref.round; }
  author_index author() const { return v->ref.author; }
};

/// The accepted vertices of one round.
struct dag_row {
  std::vector<std::unique_ptr<node>> nodes;  ///< In order of acceptance, twins included.
  std::vector<const node*> first;            ///< Per author the one accepted first, or null.
  std::size_t authors = 0;                   ///< Distinct authors.
};

class dag {
public:
  dag(std::size_t authors, const engine_params& params);

  /// Stores `v` and computes its support table. @pre every ancestor `is_settled`; not yet accepted.
  const node& accept(vertex_ptr v);
  /// Accepted, or too old to matter (round 0 included).
  bool is_settled(const vertex_ref& ref) const { return ref.round <= floor_ || find(ref); }
  const node* find(const vertex_ref& ref) const;
  /// The author's first accepted vertex of a round, or null.
  const node* first(round_number round, author_index author) const;
  /// The vertices of a round; empty for rounds not present.
  const dag_row& row(round_number round) const;
  /// Distinct authors at `round`; all of them at round 0.
  std::size_t authors_at(round_number round) const;
  /// Do q authors stand at the decision round of `slot`? Then its coin can be combined (2.5).
  bool coin_known(round_number slot) const;
  /// support(b, a, r) of 2.6 for rounds b.round - (w-2) .. b.round - 1; null when absent.
  const node* support(const node& b, author_index author, round_number round) const {
    return b.support[(b.round() - 1 - round) * authors_ + author];
  }

  round_number floor() const { return floor_; }
  round_number highest_round() const { return highest_; }
  round_number highest_of(author_index author) const { return highest_of_[author]; }
  std::size_t size() const { return size_; }
  std::size_t authors() const { return authors_; }
  std::size_t quorum() const { return authors_ - (authors_ - 1) / 3; }
  const engine_params& params() const { return params_; }

  void mark_committed(const node& n);
  /// Raises the floor and hands back what falls below it (2.10).
  std::vector<std::unique_ptr<node>> collect(round_number floor);

private:
  void build_support(node& b) const;

  std::size_t authors_;
  engine_params params_;
  std::deque<dag_row> rows_;  ///< rows_[0] is round floor_ + 1.
  std::vector<round_number> highest_of_;
  round_number floor_ = 0;
  round_number highest_ = 0;
  std::size_t size_ = 0;
};

}  // namespace datagen::protocol::consensus
