#include "protocol/consensus/dag.hpp"

namespace datagen::protocol::consensus {

dag::dag(std::size_t authors, const engine_params& params)
    : authors_(authors), params_(params), highest_of_(authors, 0) {
  invariant(authors >= 1 && params.wave >= 3, "a committee has authors and a wave three rounds");
  invariant(params.leaders >= 1 && params.leaders <= authors, "a round has 1..n leaders");
}

const dag_row& dag::row(round_number round) const {
  static const dag_row nothing;
  return round > floor_ && round - floor_ <= rows_.size() ? rows_[round - floor_ - 1] : nothing;
}

std::size_t dag::authors_at(round_number round) const {
  return round == 0 ? authors_ : row(round).authors;
}

bool dag::coin_known(round_number slot) const {
  return slot >= 1 && authors_at(params_.decision_round(slot)) >= quorum();
}

const node* dag::first(round_number round, author_index author) const {
  const auto& at = row(round);
  return at.first.empty() ? nullptr : at.first[author];
}

const node* dag::find(const vertex_ref& ref) const {
  const auto* candidate = first(ref.round, ref.author);
  if (!candidate || candidate->v->ref == ref)
    return candidate;
  for (const auto& twin : row(ref.round).nodes)
    if (twin->v->ref == ref)
      return twin.get();
  return nullptr;
}

const node& dag::accept(vertex_ptr v) {
  const auto ref = v->ref;
  invariant(ref.round > floor_ && ref.author < authors_, "accept takes vertices above the floor");
  while (rows_.size() < ref.round - floor_)
    rows_.emplace_back().first.resize(authors_);
  auto fresh = std::make_unique<node>();
  fresh->parents.reserve(v->body.ancestors.size());
  for (const auto& ancestor : v->body.ancestors) {
    const auto* parent = find(ancestor);
    invariant(parent || ancestor.round <= floor_, "accept comes after the ancestors");
    fresh->parents.push_back(parent);
  }
  fresh->v = std::move(v);
  build_support(*fresh);
  auto& at = rows_[ref.round - floor_ - 1];
  if (!at.first[ref.author]) {
    at.first[ref.author] = fresh.get();
    ++at.authors;
  }
  at.nodes.push_back(std::move(fresh));
  highest_ = std::max(highest_, ref.round);
  highest_of_[ref.author] = std::max(highest_of_[ref.author], ref.round);
  ++size_;
  return *at.nodes.back();
}

// The memo of 2.6: every ancestor in stored order, itself before its history, first come first
// kept. Only the w-2 rounds a vote can look down are stored; deeper entries are never consulted.
void dag::build_support(node& b) const {
  const std::size_t depth = params_.wave - 2;
  b.support.assign(depth * authors_, nullptr);
  for (const auto* p : b.parents) {
    if (!p)
      continue;
    const std::size_t gap = b.round() - 1 - p->round();  // rows between b's table and p's
    if (gap >= depth)
      continue;
    auto& own = b.support[gap * authors_ + p->author()];
    if (!own)
      own = p;
    auto target = b.support.begin() + static_cast<std::ptrdiff_t>((gap + 1) * authors_);
    for (auto source = p->support.begin(); target != b.support.end(); ++target, ++source)
      if (!*target)
        *target = *source;
  }
}

void dag::mark_committed(const node& n) { const_cast<node&>(n).committed = true; }

std::vector<std::unique_ptr<node>> dag::collect(round_number floor) {
  std::vector<std::unique_ptr<node>> result;
  for (; floor_ < floor; ++floor_) {
    if (rows_.empty())
      continue;
    for (auto& gone : rows_.front().nodes)
      result.push_back(std::move(gone));
    rows_.pop_front();
  }
  size_ -= result.size();
  return result;
}

}  // namespace datagen::protocol::consensus
