#include "protocol/consensus/admission.hpp"

namespace datagen::protocol::consensus {

admission_outcome admission::offer(const vertex_ptr& v, author_index from) {
  const auto& ref = v->ref;
  if (ref.round <= dag_.floor())
    return admission_outcome::too_old;
  if (dag_.find(ref) || waiting_.contains(ref))
    return admission_outcome::known;
  const bool wanted = wants(ref);
  if (!wanted && ref.round > dag_.highest_round() + dag_.params().rounds_ahead_max)
    return admission_outcome::too_far;
  if (!wanted && twin_of(ref))
    return admission_outcome::twin_refused;
  if (!wanted && waiting_of_[ref.author] >= 2 * std::size_t{dag_.params().gc_depth})
    return admission_outcome::author_full;
  return enter(v, from);
}

admission_outcome admission::enter(const vertex_ptr& v, author_index from) {
  if (v->ref.round <= dag_.floor())
    return admission_outcome::too_old;
  std::vector<vertex_ref> missing;
  for (const auto& ancestor : v->body.ancestors)
    if (!dag_.is_settled(ancestor))
      missing.push_back(ancestor);
  if (!missing.empty()) {
    suspend(v, missing, from);
    return admission_outcome::suspended;
  }
  accept({v});
  return admission_outcome::accepted;
}

bool admission::wants(const vertex_ref& ref) const {
  const auto found = absent_.find(ref);
  return found != absent_.end() && found->second.wanted && !waiting_.contains(ref);
}

vertex_ptr admission::twin_of(const vertex_ref& ref) const {
  if (const auto* other = dag_.first(ref.round, ref.author); other && other->v->ref != ref)
    return other->v;
  for (auto next = waiting_.lower_bound({ref.round, ref.author, {}});
       next != waiting_.end() && next->first.round == ref.round && next->first.author == ref.author;
       ++next)
    if (next->first != ref)
      return next->second.v;
  return nullptr;
}

// A missing ancestor is worth fetching when an honest author may depend on it: someone else refers
// to it, or to what refers to it, or it is the only one of its author and round we have heard of.
void admission::suspend(const vertex_ptr& v, const std::vector<vertex_ref>& missing,
                        author_index from) {
  const auto& ref = v->ref;
  const bool wanted = wants(ref);
  std::vector<author_index> holders{from};
  if (wanted)  // who stands on `v` stands on its ancestors
    holders.insert(holders.end(), absent_[ref].named.begin(), absent_[ref].named.end());
  waiting_.emplace(ref, waiter{v, missing.size()});
  ++waiting_of_[ref.author];
  for (const auto& ancestor : missing) {
    absent_[ancestor].waiters.push_back(ref);
    if (wanted || ancestor.author != ref.author || !twin_of(ancestor))
      for (const auto holder : holders)
        want(ancestor, holder);
  }
}

void admission::want(const vertex_ref& ref, author_index from) {
  std::vector<vertex_ref> open{ref};
  while (!open.empty()) {
    const auto next = open.back();
    open.pop_back();
    auto& gap = absent_[next];
    gap.wanted = true;
    if (!gap.named.insert(from).second)
      continue;
    const auto found = waiting_.find(next);
    if (found == waiting_.end()) {
      wanted_.push_back({next, from});
      continue;
    }
    for (const auto& ancestor : found->second.v->body.ancestors)
      if (!dag_.is_settled(ancestor))
        open.push_back(ancestor);
  }
}

void admission::accept(std::vector<vertex_ptr> ready) {
  for (std::size_t next = 0; next < ready.size(); ++next) {
    const auto& n = dag_.accept(ready[next]);
    accepted_.push_back(&n);
    if (const auto found = absent_.find(n.v->ref); found != absent_.end())
      settle(absent_.extract(found).mapped(), ready);
  }
}

void admission::settle(const absence& gone, std::vector<vertex_ptr>& ready) {
  for (const auto& ref : gone.waiters) {
    const auto found = waiting_.find(ref);
    if (found == waiting_.end() || --found->second.missing > 0)
      continue;
    ready.push_back(std::move(found->second.v));
    --waiting_of_[ref.author];
    waiting_.erase(found);
  }
}

void admission::release() {
  const auto floor = dag_.floor();
  while (!waiting_.empty() && waiting_.begin()->first.round <= floor) {
    --waiting_of_[waiting_.begin()->first.author];
    waiting_.erase(waiting_.begin());
  }
  std::vector<vertex_ptr> ready;
  while (!absent_.empty() && absent_.begin()->first.round <= floor)
    settle(absent_.extract(absent_.begin()).mapped(), ready);
  accept(std::move(ready));
}

}  // namespace datagen::protocol::consensus
