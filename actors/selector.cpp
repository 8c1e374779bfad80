#include "actors/selector.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

void selector_state::start(selector_config config) {
  config_ = std::move(config);
  heavy_chain_ = heavy_chain_id(*config_.context.chain);
  heavy_ = heavy_follower{config_.self, config_.context};
  wake();
}

void selector_state::learn(const std::vector<ledger::block_events>& news) {
  for (const auto& block : news)
    for (const auto& what : block.events)
      std::visit([this](const auto& x) { on(x); }, what);
}

void selector_state::on(const happened::checkpoint_drawn& x) {
  const auto now = config_.context.net->now().monotonic_ms;
  for (const auto index : x.drawn)
    duties_[{x.sequence, index}] = {.ask_at_ms = now + config_.self.index * config_.patience_ms};
  act();
}

void selector_state::on(const happened::check_requested& x) {
  const job_key key{x.subject.content.job, x.subject.content.attempt()};
  checked_.insert(key);
  const auto it = opened_.find(key);
  if (it == opened_.end())
    return;
  duties_.erase(it->second);
  opened_.erase(it);
}

void selector_state::bring(const v1::leaf_reply& reply) {
  const leaf_place place{reply.content.checkpoint, reply.content.index};
  const auto it = duties_.find(place);
  if (it == duties_.end() || it->second.opening)
    return;
  const auto& leaf = reply.content.content.content;
  const job_key key{leaf.job, leaf.attempt()};
  if (checked_.count(key) != 0) {
    duties_.erase(it);
    return;
  }
  opened_[key] = place;
  it->second.opening =
    v1::submit_transaction{ledger::make_unsigned(heavy_chain_, reply.content)};
  it->second.ask_at_ms = config_.context.net->now().monotonic_ms + 4 * config_.retry_ms;
  config_.context.net->send(config_.self, heavy_.author(), *it->second.opening);
}

void selector_state::wake() {
  heavy_.wake();
  act();
  self_->delayed_send(self_, std::chrono::milliseconds{config_.retry_ms}, v1::alarm{});
}

void selector_state::act() {
  auto& net = *config_.context.net;
  const auto now = net.now().monotonic_ms;
  for (auto& [place, x] : duties_) {
    if (x.ask_at_ms > now)
      continue;
    x.ask_at_ms = now + config_.retry_ms;
    if (x.opening) {  // sent, but no checkers yet: send again
      net.send(config_.self, heavy_.author(), *x.opening);
      continue;
    }
    const auto& authors = heavy_.view().fast_authors.ids;
    const auto author = authors[(config_.self.index + place.second + x.asked++) % authors.size()];
    net.send(config_.self, {role::fast_author, author}, v1::leaf_query{place.first, place.second});
  }
}

selector_actor::behavior_type selector(selector_actor::stateful_pointer<selector_state> self,
                                       selector_config config) {
  auto& state = self->state;
  state.start(std::move(config));
  return {
    [&state](const peer&, const v1::heavy_news& x) { state.follow(x); },
    [&state](const peer& from, const v1::snapshot_piece& x) { state.follow(from, x); },
    [&state](const peer&, const v1::leaf_reply& x) { state.bring(x); },
    [&state](const v1::alarm&) { state.wake(); },
  };
}

}  // namespace datagen
