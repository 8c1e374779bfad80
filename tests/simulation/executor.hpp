#pragma once
// A member's state machine: executes its blocks in order, takes its time, and remembers across
// crashes what it has done. Its state is a hash chain over the transactions executed.

#include "tests/simulation/stage.hpp"

#include <deque>

namespace datagen::simulation {

class executor {
public:
  /// `done` is told when a block is executed.
  using listener = std::function<void(const event::commit_executed&)>;
  executor(stage& s, judge::dossier& d, listener done)
      : stage_(s), dossier_(d), done_(std::move(done)) {}

  /// Executes `block` after those before it; one executed before is only answered.
  void take(const effect::output& block);
  /// At once, without an answer: what the log holds beyond the state, before a start.
  void replay(const effect::output& block);
  void crash();
  /// State and position, as a peer hands them over.
  struct snapshot {
    commit_index index = 0;
    digest root{};
    std::set<bytes> applied;
    std::map<std::uint64_t, std::map<author_index, bytes>> shares;
    bool epoch_over = false;
  };
  const snapshot& state() const { return state_; }
  void restore(snapshot s) { state_ = std::move(s); }
  /// Overrides the time one block takes; nothing returns to the options'.
  void set_pace(std::optional<std::uint64_t> ms) { pace_ms_ = ms; }
  std::size_t backlog() const { return queue_.size(); }

private:
  void next();
  event::commit_executed execute(const effect::output& block);
  void collect_shares(const effect::output& block);

  stage& stage_;
  judge::dossier& dossier_;
  listener done_;
  snapshot state_;
  std::deque<effect::output> queue_;
  bool busy_ = false;
  std::uint64_t life_ = 0;
  std::optional<std::uint64_t> pace_ms_;
};

}  // namespace datagen::simulation
