#include "tests/simulation/judge.hpp"

#include "protocol/consensus/linearizer.hpp"

#include <algorithm>

namespace datagen::simulation {

bool judge::correct(author_index a) const {
  return !options_.dead.contains(a) && !options_.forgers.contains(a) &&
         std::find(options_.doubled.begin(), options_.doubled.end(), a) == options_.doubled.end();
}

void judge::fail(const std::string& rule) {
  if (broken_.empty())
    broken_ = rule;
}

void judge::proposed(dossier& d, const effect::persist& e, const core_status& s) {
  if (!correct(d.author))
    return;
  require(!d.observer, "2.12: an author without its store proposed");
  require(e.own->ref.round == std::max(d.own_round, s.decided_round) + 1,
          "S12: own rounds advance by max(o, F) + 1");
  for (const auto& share : e.own->body.beacon_shares)
    require(d.shares_due.contains(share.height),
            "S9: a beacon share before its block was output and executed");
}

void judge::sent(dossier& d, const sealed_vertex& v) {
  require(d.durable.contains(v.ref.id), "2.12: an own vertex leaves before its record is durable");
  const auto found = d.sent.emplace(v.ref.round, v.ref.id).first;
  if (correct(d.author))
    require(found->second == v.ref.id, "S5: two own vertices for one round");
}

void judge::evidence(const effect::evidence& e) {
  ++evidence_;
  require(!correct(e.first->ref.author), "2.11: evidence against a correct author");
  require(e.first->ref.round == e.second->ref.round && e.first->ref.id != e.second->ref.id &&
            e.first->ref.author == e.second->ref.author,
          "2.11: evidence is two vertices of one author and round");
}

void judge::alarmed(const dossier& d, const effect::alarm& e) {
  if (correct(d.author) && e.kind != alarm_kind::suspended_full)
    fail("an alarm at a correct member: " + std::to_string(static_cast<int>(e.kind)));
}

void judge::executed(const dossier& d, commit_index index, const digest& state_root) {
  if (correct(d.author))
    require(roots_.emplace(index, state_root).first->second == state_root,
            "S3: two correct members reach different states");
}

void judge::beacon(const dossier& d, std::uint64_t height, const beacon_record& found) {
  if (correct(d.author))
    require(beacons_.emplace(height, found).first->second == found,
            "3.4: two correct members see different beacons");
}

round_number judge::floor_before(commit_index index) const {
  const auto depth = options_.params.gc_depth;
  const round_number leader = index < 2 ? 0 : chain_[index - 2].leader.round;
  return leader > depth ? leader - depth : 0;
}

void judge::output(dossier& d, const effect::output& e, std::uint64_t now_ms) {
  const auto& block = e.block;
  require(block.index == ++d.output, "S2: heights count up by one");
  if (block.index > d.blocks.size())
    d.blocks.push_back(block);
  require(d.blocks[block.index - 1] == block, "S7: a restart decides otherwise");
  if (!correct(d.author))
    return;
  if (block.index <= chain_.size())
    require(chain_[block.index - 1] == block, "S1: two correct members disagree on a block");
  else
    extend(e, now_ms);
}

// S2, S4 and S10, judged once per height.
void judge::extend(const effect::output& e, std::uint64_t now_ms) {
  const auto& block = e.block;
  const auto floor = floor_before(block.index);
  require(block.previous == (chain_.empty() ? members_.previous_commit : digest_of(chain_.back())),
          "S2: a block names the one before");
  require(std::is_sorted(block.vertices.begin(), block.vertices.end()), "2.8: order");
  require(block.vertices.size() == e.vertices.size(), "2.8: vertices and references match");
  for (const auto& ref : block.vertices) {
    require(committed_.insert(ref).second, "S4: a vertex in two blocks");
    require(ref.round > floor, "2.10: a vertex at or below the floor in a block");
  }
  const bool counts =
    options_.last_commit_of_epoch == 0 || block.index <= options_.last_commit_of_epoch;
  for (std::size_t k = 0; k < e.vertices.size(); ++k) {
    const auto& body = e.vertices[k]->body;
    require(e.vertices[k]->ref == block.vertices[k], "2.8: vertices and references match");
    for (const auto& ancestor : body.ancestors)
      require(ancestor.round <= floor || committed_.contains(ancestor),
              "S4: a committed vertex whose ancestor above the floor is not");
    if (counts)
      committed_transactions_.insert(body.transactions.begin(), body.transactions.end());
  }
  check_time(block, now_ms);
  chain_.push_back(block);
}

// S10: between the correct clocks of the round below the leader, or where the block before stood.
void judge::check_time(const commit& block, std::uint64_t now_ms) {
  const auto before = chain_.empty() ? members_.genesis_time_ms : chain_.back().timestamp_ms;
  require(block.timestamp_ms >= before, "S10: time runs backwards");
  require(block.timestamp_ms <= unix_of(now_ms, static_cast<author_index>(options_.n)),
          "S10: time from the future");
  const auto* leader = world_.graph().find(block.leader);
  require(leader != nullptr, "a leader nobody signed");
  if (!leader || block.timestamp_ms == before)
    return;
  std::uint64_t low = ~std::uint64_t{0}, high = 0;
  for (const auto* parent : leader->parents)
    if (parent && parent->round() + 1 == leader->round() && clock_is_right(parent->author())) {
      low = std::min(low, parent->v->body.timestamp_ms);
      high = std::max(high, parent->v->body.timestamp_ms);
    }
  require(low <= block.timestamp_ms && block.timestamp_ms <= high,
          "S10: a block's time outside the correct clocks");
}

void judge::look(dossier& d, const core_status& s) {
  if (!correct(d.author))
    return;
  // S1 and S7 on slots: which leaders of a decided round were committed, skips therefore included.
  // A member behind a peer's hand-over knows the blocks it was handed, so nothing is special.
  for (; d.judged_round < s.decided_round && !s.closed; ++d.judged_round) {
    std::vector<vertex_ref> leaders;
    for (auto block = d.blocks.rbegin();
         block != d.blocks.rend() && block->leader.round > d.judged_round; ++block)
      if (block->leader.round == d.judged_round + 1)
        leaders.insert(leaders.begin(), block->leader);
    require(decided_.emplace(d.judged_round + 1, leaders).first->second == leaders,
            "S1: two correct members disagree on a slot");
  }
  const auto& p = options_.params;
  const std::size_t lag = s.highest_round - s.committed_round;
  require(s.accepted <= options_.n * (p.gc_depth + lag) + world_.twins(),
          "S11: more vertices accepted than the window holds");
  require(s.bygone <= options_.n * p.gc_depth + world_.twins(),
          "S11: more collected vertices kept than one window holds");
  require(s.suspended <= 2 * std::size_t{p.gc_depth} * options_.n + world_.twins(),
          "S11: more vertices suspended than the limit allows");
}

void judge::replay(const std::vector<vertex_ptr>& order, const elector& coins) {
  auto params = options_.params;
  dag graph{options_.n, params};
  committer rule;
  linearizer blocks{1, members_.previous_commit, members_.genesis_time_ms};
  std::size_t index = 0;
  const auto advance = [&] {
    for (const auto& s : rule.advance(graph, coins))
      if (s.leader) {
        const auto block = blocks.take(graph, s).block;
        if (index < chain_.size())
          require(chain_[index] == block, "S7: another order of arrival decides otherwise");
        ++index;
      }
    require(!rule.conflict(), "S6: two certified twins in the whole world");
  };
  for (std::size_t i = 0; i < order.size(); ++i) {
    graph.accept(order[i]);
    if (i % 7 == 0)
      advance();
  }
  advance();
  require(index >= chain_.size(), "S7: the whole world decides less than one of its members");
  require(rule.advance(graph, coins).empty(), "S7: deciding again decides more");
}

}  // namespace datagen::simulation
