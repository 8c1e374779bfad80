#pragma once
// The door of the DAG: vertices wait here until their ancestors are in, twins and floods stay
// outside (consensus.md 2.3).

#include "protocol/consensus/dag.hpp"

namespace datagen::protocol::consensus {

enum class admission_outcome : std::uint8_t {
  accepted,
  suspended,     ///< Waits for ancestors; `take_wanted` names those worth fetching.
  known,         ///< Already in, or already waiting.
  too_old,       ///< At or below the floor.
  too_far,       ///< More than `rounds_ahead_max` above the highest accepted round, unrequested.
  twin_refused,  ///< A second vertex of its author and round that nobody else refers to.
  author_full,   ///< The author already has 2 * gc_depth vertices waiting.
};

/// A reference worth fetching, and who must have it: a peer that sent something standing on it.
/// Named again for every further such peer, since the first one may be lying.
struct wanted_ref {
  vertex_ref ref;
  author_index holder = 0;
};

class admission {
public:
  explicit admission(dag& d) : dag_(d), waiting_of_(d.authors(), 0) {}

  /// Restores `v` from storage: it was let in before, so the limits have been applied.
  void restore(const vertex_ptr& v) { enter(v, v->ref.author); }
  /// Lets `v`, sent by `from`, in or makes it wait.
  admission_outcome offer(const vertex_ptr& v, author_index from);
  /// To be called after the floor rose: forgets what is too old, lets in what waited for it.
  void release();

  /// What was accepted since the last call, ancestors first.
  std::vector<const node*> take_accepted() { return std::exchange(accepted_, {}); }
  /// What became wanted since the last call.
  std::vector<wanted_ref> take_wanted() { return std::exchange(wanted_, {}); }
  /// Is `ref` missing and worth fetching?
  bool wants(const vertex_ref& ref) const;
  /// A vertex held for the same author and round as `ref`, but another one; null if none.
  vertex_ptr twin_of(const vertex_ref& ref) const;
  std::size_t waiting() const { return waiting_.size(); }

private:
  struct waiter {
    vertex_ptr v;
    std::size_t missing = 0;
  };
  struct absence {
    std::vector<vertex_ref> waiters;
    bool wanted = false;
    std::set<author_index> named;  ///< Peers that must have it, each told to the synchroniser once.
  };

  admission_outcome enter(const vertex_ptr& v, author_index from);
  void suspend(const vertex_ptr& v, const std::vector<vertex_ref>& missing, author_index from);
  void want(const vertex_ref& ref, author_index from);
  void accept(std::vector<vertex_ptr> ready);
  void settle(const absence& gone, std::vector<vertex_ptr>& ready);

  dag& dag_;
  std::map<vertex_ref, waiter> waiting_;
  std::map<vertex_ref, absence> absent_;  ///< By missing (or itself waiting) ancestor.
  std::vector<std::size_t> waiting_of_;
  std::vector<const node*> accepted_;
  std::vector<wanted_ref> wanted_;
};

}  // namespace datagen::protocol::consensus
