#pragma once
// A Byzantine author. It runs no engine: it sees everything that was ever signed, at once, and
// signs whatever vertices are valid, several per round, on parents of its choice, shown to whom it
// likes.

#include "tests/simulation/stage.hpp"

namespace datagen::simulation {

class forger {
public:
  forger(stage& s, author_index self, forger_habits habits)
      : stage_(s), self_(self), habits_(habits) {}
  forger(const forger&) = delete;
  forger& operator=(const forger&) = delete;

  void start() { look(); }
  /// Answers questions, if it does at all.
  void deliver(const any_event& e);
  round_number round() const { return round_; }

private:
  void look();
  void forge(round_number round);
  std::optional<vertex> draw(round_number round);
  std::optional<vertex_ref> own_below(round_number round);
  std::optional<vertex_ref> pick(round_number round, author_index a);
  void show(const vertex_ptr& v);
  std::uint64_t dice(std::uint64_t sides) { return stage_.random() % sides; }

  stage& stage_;
  author_index self_;
  forger_habits habits_;
  round_number round_ = 0;        ///< The last one it signed for.
  std::vector<vertex_ptr> made_;  ///< In order of making; hidden ones included.
  std::set<vertex_ref> hidden_;
  std::uint64_t salt_ = 0;
};

}  // namespace datagen::simulation
