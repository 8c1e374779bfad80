#include "tests/simulation/world.hpp"

#include <algorithm>

namespace datagen::simulation {

std::string world::add(const vertex_ptr& v) {
  if (known_.contains(v->ref.id))
    return "";
  for (const auto& ancestor : v->body.ancestors)
    if (ancestor.round > 0 && !known_.contains(ancestor.id))
      return "";  // names what nobody ever signed: no correct author will accept it either
  known_.insert(v->ref.id);
  all_.push_back(v);
  twins_ += graph_.first(v->ref.round, v->ref.author) != nullptr;
  return judge(graph_.accept(v));
}

// S6 on the union of all views: it covers every quorum anybody could ever assemble.
std::string world::judge(const node& v) {
  const auto authors = static_cast<author_index>(graph_.authors());
  std::string broken;
  if (v.round() + 2 > params_.wave) {
    const auto voted_on = v.round() + 2 - params_.wave;
    for (author_index a = 0; a < authors; ++a)
      if (!graph_.support(v, a, voted_on)) {
        auto& slot = slots_[{voted_on, a}];
        slot.blamers.insert(v.author());
        if (broken.empty())
          broken = judge(slot);
      }
  }
  if (const auto decided = params_.slot_decided_at(v.round()))
    for (const auto& candidate : graph_.row(*decided).nodes)
      if (certifies(graph_, v, *candidate)) {
        auto& slot = slots_[{*decided, candidate->author()}];
        slot.certified.insert(candidate->v->ref);
        if (broken.empty())
          broken = judge(slot);
      }
  return broken;
}

std::string world::judge(const slot_evidence& slot) const {
  if (slot.certified.size() > 1)
    return "S6: two certified vertices of one author and round";
  if (!slot.certified.empty() && slot.blamers.size() >= graph_.quorum())
    return "S6: a skip quorum beside a certificate";
  return "";
}

std::vector<vertex_ptr> world::shuffled(std::mt19937_64& random) const {
  std::map<digest, std::size_t> missing;
  std::map<digest, std::vector<vertex_ptr>> waiters;
  std::vector<vertex_ptr> ready, result;
  for (const auto& v : all_) {
    std::size_t open = 0;
    for (const auto& ancestor : v->body.ancestors)
      if (ancestor.round > 0) {
        waiters[ancestor.id].push_back(v);
        ++open;
      }
    missing[v->ref.id] = open;
    if (open == 0)
      ready.push_back(v);
  }
  while (!ready.empty()) {
    std::swap(ready[random() % ready.size()], ready.back());
    result.push_back(std::move(ready.back()));
    ready.pop_back();
    for (const auto& waiter : waiters[result.back()->ref.id])
      if (--missing[waiter->ref.id] == 0)
        ready.push_back(waiter);
  }
  return result;
}

}  // namespace datagen::simulation
