#include "protocol/consensus/committer.hpp"

#include <unordered_set>

namespace datagen::protocol::consensus {

namespace {

/// Counts distinct authors among the vertices of a row that satisfy `property`.
template <class Property>
std::size_t count_authors(const dag& d, const dag_row& row, Property property) {
  std::vector<bool> counted(d.authors(), false);
  std::size_t result = 0;
  for (const auto& n : row.nodes)
    if (!counted[n->author()] && property(*n)) {
      counted[n->author()] = true;
      ++result;
    }
  return result;
}

/// The vertices of round `bottom` in the causal history of `anchor`.
std::vector<const node*> history_at(const node& anchor, round_number bottom) {
  std::vector<const node*> result;
  std::vector<const node*> open{&anchor};
  std::unordered_set<const node*> seen{&anchor};
  while (!open.empty()) {
    const auto* n = open.back();
    open.pop_back();
    if (n->round() == bottom) {
      result.push_back(n);
      continue;
    }
    for (std::size_t i = 0; i < n->parents.size(); ++i)
      if (n->v->body.ancestors[i].round >= bottom && seen.insert(n->parents[i]).second)
        open.push_back(n->parents[i]);
  }
  return result;
}

}  // namespace

std::string_view to_text(slot_decision d) {
  static constexpr std::string_view names[] = {"undecided", "direct_commit", "indirect_commit",
                                               "direct_skip", "indirect_skip"};
  return names[static_cast<std::size_t>(d)];
}

bool certifies(const dag& d, const node& c, const node& leader) {
  const auto vote_round = d.params().vote_round(leader.round());
  std::size_t votes = 0;
  for (std::size_t i = 0; i < c.parents.size(); ++i)
    votes += c.v->body.ancestors[i].round == vote_round &&
             d.support(*c.parents[i], leader.author(), leader.round()) == &leader;
  return votes >= d.quorum();
}

std::vector<slot> committer::advance(const dag& d, const elector& e) {
  std::vector<slot> result;
  if (conflict_)
    return result;
  extend(d, e);
  for (auto round = rounds_.rbegin(); round != rounds_.rend(); ++round)
    for (auto s = round->rbegin(); s != round->rend(); ++s) {
      if (s->decision == slot_decision::undecided)
        decide_direct(d, *s);
      if (s->decision == slot_decision::undecided)
        decide_indirect(d, *s);
    }
  if (conflict_)
    return result;
  while (!rounds_.empty() && !rounds_.front().empty()) {
    const auto& front = rounds_.front();
    for (; cursor_.offset < front.size(); ++cursor_.offset) {
      if (front[cursor_.offset].decision == slot_decision::undecided)
        return result;
      result.push_back(front[cursor_.offset]);
    }
    rounds_.pop_front();
    cursor_ = {cursor_.round + 1, 0};
  }
  return result;
}

std::vector<slot> committer::pending() const {
  std::vector<slot> result;
  for (const auto& round : rounds_)
    for (const auto& s : round)
      if (slot_cursor{s.round, s.offset} >= cursor_)
        result.push_back(s);
  return result;
}

// Looks up the leaders of rounds whose coin has become known.
void committer::extend(const dag& d, const elector& e) {
  for (auto r = cursor_.round + static_cast<round_number>(rounds_.size()); d.coin_known(r); ++r) {
    rounds_.emplace_back();
    if (const auto elected = e.elect(d, r))
      for (std::uint32_t i = 0; i < elected->leaders.size(); ++i)
        rounds_.back().push_back(
          {r, i, elected->leaders[i], slot_decision::undecided, nullptr, elected->coin});
  }
}

// 2.7, direct: blame is per slot, never per twin; a commit needs certificates of q authors.
void committer::decide_direct(const dag& d, slot& s) {
  const auto blames = [&](const node& b) { return !d.support(b, s.author, s.round); };
  const auto& voters = d.row(d.params().vote_round(s.round));
  if (count_authors(d, voters, blames) >= d.quorum()) {
    s.decision = slot_decision::direct_skip;
    return;
  }
  const auto& deciders = d.row(d.params().decision_round(s.round));
  std::vector<const node*> certified;
  for (const auto& candidate : d.row(s.round).nodes) {
    const auto agrees = [&](const node& c) { return certifies(d, c, *candidate); };
    if (candidate->author() == s.author && count_authors(d, deciders, agrees) >= d.quorum())
      certified.push_back(candidate.get());
  }
  if (!certified.empty())
    commit(s, certified, slot_decision::direct_commit);
}

// 2.7, indirect: the first committed slot at least w rounds up decides, from its history alone.
void committer::decide_indirect(const dag& d, slot& s) {
  const auto* anchor = anchor_of(s, d.params().wave);
  if (!anchor)
    return;
  const auto deciders = history_at(*anchor, d.params().decision_round(s.round));
  std::vector<const node*> certified;
  for (const auto& candidate : d.row(s.round).nodes)
    if (candidate->author() == s.author)
      for (const auto* c : deciders)
        if (certifies(d, *c, *candidate)) {
          certified.push_back(candidate.get());
          break;
        }
  if (certified.empty())
    s.decision = slot_decision::indirect_skip;
  else
    commit(s, certified, slot_decision::indirect_commit);
}

// Skipped slots are passed over; an undecided slot, or a round without known leaders, ends the
// scan.
const node* committer::anchor_of(const slot& s, std::uint32_t wave) const {
  for (auto r = s.round + wave; r < cursor_.round + rounds_.size(); ++r) {
    const auto& round = rounds_[r - cursor_.round];
    if (round.empty())
      return nullptr;
    for (const auto& candidate : round) {
      if (candidate.decision == slot_decision::undecided)
        return nullptr;
      if (candidate.leader)
        return candidate.leader;
    }
  }
  return nullptr;
}

void committer::commit(slot& s, const std::vector<const node*>& certified, slot_decision how) {
  conflict_ = conflict_ || certified.size() > 1;
  s.decision = how;
  s.leader = certified.front();
}

}  // namespace datagen::protocol::consensus
