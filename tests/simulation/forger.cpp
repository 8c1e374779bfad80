#include "tests/simulation/forger.hpp"

#include <algorithm>

namespace datagen::simulation {

void forger::look() {
  const auto& graph = stage_.everything.graph();
  auto next = round_ + 1;
  // A round jump costs it nothing; it stays near the top so that its vertices matter.
  if (graph.highest_round() > next + 2 + dice(3))
    next = graph.highest_round() - static_cast<round_number>(dice(2));
  if (next < habits_.silent_from && graph.authors_at(next - 1) >= graph.quorum())
    forge(next);
  stage_.time.after(2 + dice(6), [this] { look(); });
}

void forger::forge(round_number round) {
  round_ = round;
  for (auto count = 1 + dice(habits_.twins_max); count > 0; --count)
    if (auto body = draw(round)) {
      auto v = sign_vertex(std::move(*body), stage_.keys[self_]);
      stage_.publish(v);
      made_.push_back(v);
      if (dice(1000) < habits_.hide_permille)
        hidden_.insert(v->ref);
      else
        show(v);
    }
}

/// A valid vertex of `round` on a random quorum of random twins, with some weak links.
std::optional<vertex> forger::draw(round_number round) {
  vertex v;
  v.round = round;
  v.author = self_;
  v.timestamp_ms = dice(2) ? unix_of(stage_.time.now(), self_) : dice(100'000'000);
  v.ancestors.push_back(*own_below(round));
  if (dice(3) == 0)
    v.transactions.push_back(encode(self_, ++salt_));
  std::vector<author_index> order;
  for (author_index a = 0; a < stage_.options.n; ++a)
    if (a != self_)
      order.push_back(a);
  std::shuffle(order.begin(), order.end(), stage_.random);
  std::size_t parents = v.ancestors[0].round + 1 == round;
  const auto enough = stage_.members.quorum() + (dice(2) ? 0 : stage_.members.faults());
  for (const auto a : order) {
    if (const auto ref = pick(round - 1, a); ref && parents < enough) {
      v.ancestors.push_back(*ref);
      ++parents;
    } else if (round >= 3 && dice(2)) {
      if (const auto weak = pick(round - 2, a))
        v.ancestors.push_back(*weak);
    }
  }
  if (parents < stage_.members.quorum())
    return std::nullopt;
  if (const auto slot = stage_.options.params.slot_decided_at(round)) {
    const auto share = stage_.coin_of(self_)->share(coin_domain::leaders, *slot);
    if (habits_.coin_shares != forger_habits::shares::missing)
      v.coin_share = share;
    if (habits_.coin_shares == forger_habits::shares::bad)
      v.coin_share.back() ^= 1;
  }
  return v;
}

/// One of its own vertices of the highest round below, whichever twin.
std::optional<vertex_ref> forger::own_below(round_number round) {
  round_number best = 0;
  for (const auto& v : made_)
    if (v->ref.round < round)
      best = std::max(best, v->ref.round);
  std::vector<vertex_ref> found;
  for (const auto& v : made_)
    if (v->ref.round == best && best > 0)
      found.push_back(v->ref);
  if (found.empty())
    return genesis_refs(stage_.members)[self_];
  return found[dice(found.size())];
}

std::optional<vertex_ref> forger::pick(round_number round, author_index a) {
  if (round == 0)
    return genesis_refs(stage_.members)[a];
  std::vector<vertex_ref> found;
  for (const auto& n : stage_.everything.graph().row(round).nodes)
    if (n->author() == a)
      found.push_back(n->v->ref);
  return found.empty() ? std::nullopt : std::optional{found[dice(found.size())]};
}

void forger::show(const vertex_ptr& v) {
  if (!stage_.valid(v))
    return;  // receivers drop it before their cores hear of it
  std::vector<author_index> to;
  for (author_index a = 0; a < stage_.options.n; ++a)
    if (a != self_)
      to.push_back(a);
  if (habits_.reach_members) {
    std::shuffle(to.begin(), to.end(), stage_.random);
    to.resize(std::min<std::size_t>(to.size(), habits_.reach_members));
  }
  for (const auto a : to)
    if (dice(1000) < habits_.reach_permille)
      stage_.send(self_, a, event::vertices_verified{self_, {v}});
}

void forger::deliver(const any_event& e) {
  if (!habits_.serves)
    return;
  if (const auto* query = std::get_if<event::fetch_query>(&e)) {
    event::fetch_reply answer{self_, query->request, {}};
    for (const auto& v : made_)
      if (!hidden_.contains(v->ref) && stage_.valid(v) &&
          std::find(query->refs.begin(), query->refs.end(), v->ref) != query->refs.end())
        answer.vertices.push_back(v);
    stage_.send(self_, query->from, answer);
  } else if (const auto* since = std::get_if<event::since_query>(&e)) {
    event::fetch_reply answer{self_, since->request, {}};
    for (const auto& v : made_)
      if (!hidden_.contains(v->ref) && stage_.valid(v) && v->ref.round >= since->round &&
          answer.vertices.size() < stage_.options.params.fetch_batch_max)
        answer.vertices.push_back(v);
    stage_.send(self_, since->from, answer);
  }
}

}  // namespace datagen::simulation
