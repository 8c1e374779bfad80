#include "tests/simulation/simulation.hpp"

#include <algorithm>

namespace datagen::simulation {

std::string_view to_text(verdict v) {
  static constexpr std::string_view names[] = {"pass", "no_progress", "diverged"};
  return names[static_cast<std::size_t>(v)];
}

simulation::simulation(simulation_options o) : stage_(std::move(o)) {
  const auto& options = stage_.options;
  nodes_.resize(stage_.member_count());
  forgers_.resize(options.n);
  for (const auto& [author, habits] : options.forgers)
    forgers_[author] = std::make_unique<forger>(stage_, author, habits);
  for (member_id m = 0; m < stage_.member_count(); ++m) {
    const auto author = stage_.author_of(m);
    if (!options.dead.contains(author) && !options.forgers.contains(author))
      nodes_[m] = std::make_unique<node_process>(stage_, m);
  }
  stage_.net.attach([this](member_id to, const any_event& e) {
    stage_.note(to * 16 + e.index());
    if (nodes_[to])
      nodes_[to]->deliver(e);
    else if (to < forgers_.size() && forgers_[to])
      forgers_[to]->deliver(e);
  });
  for (member_id m = 0; m < stage_.member_count(); ++m)
    if (nodes_[m]) {
      at(stage_.random() % 5, [this, m] { nodes_[m]->boot(); });
      if (options.submit_every_ms)
        at(stage_.random() % options.submit_every_ms, [this, m] { submit(m); });
    }
  for (const auto& f : forgers_)
    if (f)
      at(stage_.random() % 5, [&f] { f->start(); });
}

void simulation::run(std::uint64_t until_ms) {
  stage_.time.run(until_ms, [this] { return !stage_.rules.broken().empty(); });
}

verdict simulation::settle(std::uint64_t limit_ms) {
  const auto limit = stage_.time.now() + limit_ms;
  const auto goal = height() + 1;
  auto look_for_lost = stage_.time.now();
  while (stage_.time.now() < limit && !converged(goal) && stage_.rules.broken().empty()) {
    if (stage_.time.now() >= look_for_lost) {
      rebuild_the_lost();
      leave_the_overloaded();
      look_for_lost += 500;
    }
    run(std::min(limit, stage_.time.now() + 50));
  }
  if (stage_.rules.broken().empty())
    check_at_end();
  if (!stage_.rules.broken().empty())
    return verdict::diverged;
  return converged(goal) ? verdict::pass : verdict::no_progress;
}

void simulation::submit(member_id m) {
  if (stage_.time.now() >= stage_.options.quiet_ms)
    return;
  const auto transaction = encode(m, ++transactions_);
  if (nodes_[m]->running()) {
    stage_.submitted.emplace(transaction, m);
    nodes_[m]->submit(transaction);
  }
  stage_.time.after(stage_.options.submit_every_ms, [this, m] { submit(m); });
}

void simulation::heal() {
  stage_.net.heal();
  stage_.net.hold(nullptr);
  stage_.options.loss_permille = 0;
  for (const auto& n : nodes_)
    for (author_index peer = 0; n && peer < stage_.options.n; ++peer)
      n->deliver(event::peer_up{peer});
}

void simulation::inject(author_index from, member_id to, const vertex_ptr& v) {
  stage_.publish(v);
  if (stage_.valid(v))
    stage_.net.send(from, to, event::vertices_verified{from, {v}});
}

// Who is more than a window behind takes over the state of another (2.15); nobody else may need it.
const node_process* simulation::ahead_of(const node_process& lost) const {
  const auto mine = lost.status();
  const node_process* result = nullptr;
  for (const auto m : correct_members()) {
    if (!nodes_[m]->running())
      continue;
    const auto theirs = nodes_[m]->status();
    if (theirs.commits > mine.commits && theirs.gc_floor > mine.decided_round &&
        (!result || theirs.commits > result->status().commits))
      result = nodes_[m].get();
  }
  return result;
}

std::size_t simulation::rebuild_the_lost() {
  std::size_t result = 0;
  for (const auto m : correct_members()) {
    auto& n = *nodes_[m];
    if (!n.running() || n.status().commits > std::exchange(seen_at_[m], n.status().commits))
      continue;
    if (const auto* peer = ahead_of(n)) {
      n.rebuild(*peer);
      ++result;
    }
  }
  return result;
}

// 2.14: a client that waits in vain goes to another member. Here only from one that executes more
// slowly than the others order, and so may propose nothing: whatever else is lost shall show.
void simulation::leave_the_overloaded() {
  const auto members = correct_members();
  const auto overloaded = [this](member_id m) {
    return nodes_[m]->machine().backlog() > stage_.options.params.backlog_max;
  };
  const auto free = std::find_if(members.begin(), members.end(), [&](member_id m) {
    return nodes_[m]->running() && !nodes_[m]->observes() && !overloaded(m);
  });
  if (free == members.end())
    return;
  for (const auto& [transaction, m] : stage_.submitted)
    if (is_correct(m) && overloaded(m) && !stage_.rules.committed().contains(transaction) &&
        moved_.insert(transaction).second)
      nodes_[*free]->submit(transaction);
}

std::vector<member_id> simulation::correct_members() const {
  std::vector<member_id> result;
  for (member_id m = 0; m < stage_.options.n; ++m)
    if (is_correct(m))
      result.push_back(m);
  return result;
}

commit_index simulation::lowest_commit() const {
  auto result = ~commit_index{0};
  for (const auto m : correct_members())
    if (nodes_[m]->running())
      result = std::min(result, nodes_[m]->status().commits);
  return result;
}

std::size_t simulation::uncommitted() const {
  std::size_t result = 0;
  for (const auto& [transaction, m] : stage_.submitted)
    result +=
      is_correct(m) && !nodes_[m]->observes() && !stage_.rules.committed().contains(transaction);
  return result;
}

bool simulation::converged(commit_index goal) const {
  if (uncommitted() > 0)
    return false;
  const auto members = correct_members();
  return std::all_of(members.begin(), members.end(), [&](member_id m) {
    return nodes_[m]->running() && nodes_[m]->machine().state().index >= goal;
  });
}

void simulation::check_at_end() {
  auto& rules = stage_.rules;
  const auto coins = stage_.electing();
  rules.replay(stage_.everything.shuffled(stage_.random), coins);
  if (!stage_.options.real_coin)
    return;
  // S8: whoever combines whichever quorum of a block's shares gets the block's value.
  const auto q = stage_.members.quorum();
  for (const auto& block : rules.chain()) {
    named_shares all;
    const auto& row =
      stage_.everything.graph().row(stage_.options.params.decision_round(block.leader.round));
    for (const auto& n : row.nodes)
      if (std::none_of(all.begin(), all.end(), [&](auto& x) { return x.first == n->author(); }))
        all.emplace_back(n->author(), n->v->body.coin_share);
    std::vector<bool> chosen(all.size(), false);
    std::fill(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(q), true);
    do {
      named_shares some;
      for (std::size_t i = 0; i < all.size(); ++i)
        if (chosen[i])
          some.push_back(all[i]);
      const auto value = stage_.coin_of(0)->value(coin_domain::leaders, block.leader.round, some);
      rules.require(value == block.coin, "S8: two quorums of shares make different coins");
    } while (std::prev_permutation(chosen.begin(), chosen.end()));
  }
}

std::string simulation::broken() const {
  if (stage_.rules.broken().empty())
    return "";
  return stage_.rules.broken() + " (seed " + std::to_string(stage_.options.seed) + ", n " +
         std::to_string(stage_.options.n) + ", w " + std::to_string(stage_.options.params.wave) +
         ", at " + std::to_string(stage_.time.now()) + " ms)";
}

}  // namespace datagen::simulation
