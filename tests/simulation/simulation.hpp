#pragma once
// One run: a committee of real cores in a simulated network. One seed replays everything.

#include "tests/simulation/forger.hpp"
#include "tests/simulation/node.hpp"

namespace datagen::simulation {

enum class verdict { pass, no_progress, diverged };
std::string_view to_text(verdict v);

class simulation {
public:
  explicit simulation(simulation_options o);

  /// Runs until virtual time `until_ms`, or until an invariant breaks.
  void run(std::uint64_t until_ms);
  /// Runs on until everybody is past where the top stands now, or until `limit_ms` have passed.
  verdict settle(std::uint64_t limit_ms);
  void at(std::uint64_t time_ms, std::function<void()> action) {
    stage_.time.at(time_ms, std::move(action));
  }

  node_process& member(member_id m) { return *nodes_[m]; }
  const node_process& member(member_id m) const { return *nodes_[m]; }
  void partition(std::set<member_id> side) { stage_.net.partition(std::move(side)); }
  /// Ends partitions, holds and loss; every link comes up anew.
  void heal();
  /// Delivers to member `to` what author `from` sends outside the rules; invalid vertices are
  /// dropped by its verifier first.
  void inject(author_index from, member_id to, const vertex_ptr& v);
  /// Members that stand still for want of what a peer ahead of them keeps no more start again from
  /// that peer (2.15); a stand-in for commit sync. To be called now and then.
  std::size_t rebuild_the_lost();
  void leave_the_overloaded();

  bool is_correct(member_id m) const {
    return m < stage_.options.n && stage_.rules.correct(static_cast<author_index>(m));
  }
  std::vector<member_id> correct_members() const;
  /// The lowest height among the correct members that run.
  commit_index lowest_commit() const;
  commit_index height() const { return stage_.rules.chain().size(); }
  /// Transactions that correct members took in, and may still propose, but no block holds.
  std::size_t uncommitted() const;
  /// Everybody correct has executed block `goal`, and every transaction is in a block.
  bool converged(commit_index goal) const;
  /// Checks that cost too much to make after every event (S7, S8); once, at the end.
  void check_at_end();
  /// What broke, with the line that replays it; "" when nothing did.
  std::string broken() const;

  simulation_options& options() { return stage_.options; }
  const simulation_options& options() const { return stage_.options; }
  stage& scene() { return stage_; }
  const stage& scene() const { return stage_; }

private:
  void submit(member_id m);
  const node_process* ahead_of(const node_process& lost) const;

  stage stage_;
  std::vector<std::unique_ptr<node_process>> nodes_;  ///< Null for the dead and the forgers.
  std::vector<std::unique_ptr<forger>> forgers_;      ///< By author; null for the others.
  std::uint64_t transactions_ = 0;
  std::map<member_id, commit_index> seen_at_;  ///< Heights when the lost were last looked for.
  std::set<bytes> moved_;  ///< Transactions whose clients went to another member.
};

}  // namespace datagen::simulation
