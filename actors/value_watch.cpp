#include "actors/value_watch.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

namespace {

constexpr std::size_t draws_kept_max = 1024;

}  // namespace

bool value_watch::forwarded(const leaf_key& key, const account_id& user, std::uint64_t value) {
  if (!open_.try_emplace(key, entry{.user = user, .value = value}).second)
    return false;
  at_risk_.add(key.second, user, value);
  return true;
}

void value_watch::withdrawn(const leaf_key& key) {
  const auto node = open_.extract(key);
  if (node)
    at_risk_.remove(key.second, node.mapped().user, node.mapped().value);
}

void value_watch::restart() {
  at_risk_ = {};
  open_.clear();
  placed_.clear();
  fast_height_ = 0;
}

void value_watch::take(const v1::block_news& news, const ledger::view& now) {
  fast_height_ = news.height;
  for (const auto& raw : news.events)
    if (const auto what = decode<fast::event>(raw))
      if (const auto* x = std::get_if<fast::happened::leaf_ordered>(&*what))
        ordered(*x, now);
}

void value_watch::ordered(const fast::happened::leaf_ordered& x, const ledger::view& now) {
  if (const auto draw = draws_.find(x.checkpoint);
      draw == draws_.end() && !draws_.empty() && x.checkpoint < draws_.begin()->first)
    return;  // history: drawn long ago
  const auto key = ledger::key_of(x.content);
  const auto session = now.find(x.content.session);
  if (session)
    forwarded(key, session->user, x.content.fee);
  const auto it = open_.find(key);
  if (it == open_.end())
    return;
  it->second.checkpoint = x.checkpoint;
  it->second.index = x.index;
  placed_[x.checkpoint].push_back(key);
  resolve(key);
}

/// What the draw of its checkpoint spared has matured; the rest waits for its audit.
void value_watch::resolve(const leaf_key& key) {
  const auto it = open_.find(key);
  if (it == open_.end())
    return;
  const auto draw = draws_.find(it->second.checkpoint);
  if (draw != draws_.end() && draw->second.count(it->second.index) == 0)
    withdrawn(key);
}

void value_watch::hear(const ledger::event& what) {
  std::visit([this](const auto& x) { on(x); }, what);
}

void value_watch::on(const happened::checkpoint_drawn& x) {
  draws_[x.sequence] = {x.drawn.begin(), x.drawn.end()};
  if (draws_.size() > draws_kept_max)
    draws_.erase(draws_.begin());
  if (const auto node = placed_.extract(x.sequence))
    for (const auto& key : node.mapped())
      resolve(key);
}

void value_watch::on(const happened::audit_settled& x) {
  if (x.final)
    withdrawn({{x.job, x.attempt}, x.validator});
}

/// What the committee before ordered behind the base is void: those leaves are ordered again.
void value_watch::on(const happened::committee_seated& x) {
  if (!x.base)
    return;
  for (auto it = placed_.upper_bound(x.base->sequence); it != placed_.end();
       it = placed_.erase(it))
    for (const auto& key : it->second)
      if (const auto open = open_.find(key); open != open_.end())
        open->second.checkpoint = 0;
}

}  // namespace datagen
