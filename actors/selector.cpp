#include "actors/selector.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

namespace {

/// So many tries first that an opening in time does not hang on one message of a chain in trouble.
constexpr std::uint32_t steady_tries = 16;
constexpr std::uint32_t doublings_max = 3;

std::uint64_t pause_ms(std::uint64_t retry_ms, std::uint32_t tries) {
  const auto beyond = tries < steady_tries ? 0 : tries - steady_tries + 1;
  return retry_ms << std::min(beyond, doublings_max);
}

}  // namespace

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

void selector_state::on(const happened::checkpoint_settled& x) {
  epochs_[x.content.sequence] = x.content.claim_epoch;
}

/// The leaf is fetched at once: the Fast Chain forgets it when it hears that it is opened.
void selector_state::on(const happened::checkpoint_drawn& x) {
  const auto open_at = config_.context.net->now().monotonic_ms +
                       config_.self.index * config_.patience_ms;
  const auto node = epochs_.extract(x.sequence);
  for (const auto index : x.drawn)
    duties_[{x.sequence, index}] = {.epoch = node ? std::optional{node.mapped()} : std::nullopt,
                                    .open_at_ms = open_at};
  act();
}

void selector_state::on(const happened::check_requested& x) {
  const job_key key{x.subject.content.job, x.subject.content.attempt()};
  checked_.add(key, true);
  if (const auto place = places_.extract(key))
    duties_.erase(place.mapped());
}

/// Heavy pays an epoch when everything drawn of it is opened, whether it was heard of here or not.
void selector_state::on(const happened::claim_paid& x) {
  for (auto it = duties_.begin(); it != duties_.end();) {
    if (it->second.epoch != x.epoch) {
      ++it;
      continue;
    }
    if (it->second.job)
      places_.erase(*it->second.job);
    it = duties_.erase(it);
  }
}

void selector_state::bring(const v1::leaf_reply& reply) {
  const leaf_place place{reply.content.checkpoint, reply.content.index};
  const auto it = duties_.find(place);
  if (it == duties_.end() || it->second.opening)
    return;
  const auto& leaf = reply.content.content.content;
  const job_key key{leaf.job, leaf.attempt()};
  if (checked_.find(key) != nullptr) {
    duties_.erase(it);
    return;
  }
  auto& x = it->second;
  places_[key] = place;
  x.job = key;
  x.opening = v1::submit_transaction{ledger::make_unsigned(heavy_chain_, reply.content)};
  x.again_ms = x.open_at_ms;
  x.tries = 0;
  act(place, x, config_.context.net->now().monotonic_ms);
}

void selector_state::wake() {
  heavy_.wake();
  act();
  self_->delayed_send(self_, std::chrono::milliseconds{config_.retry_ms}, v1::alarm{});
}

void selector_state::act() {
  const auto now = config_.context.net->now().monotonic_ms;
  for (auto& [place, x] : duties_)
    act(place, x, now);
}

void selector_state::act(const leaf_place& place, duty& x, std::uint64_t now_ms) {
  if (x.again_ms > now_ms)
    return;
  x.again_ms = now_ms + pause_ms(config_.retry_ms, x.tries);
  const auto tries = x.tries++;
  auto& net = *config_.context.net;
  if (x.opening)  // by another author each time, until there are checkers: one may be down
    return net.send(config_.self, heavy_.author(tries), *x.opening);
  const auto& authors = heavy_.view().fast_authors.ids;
  const auto turn = config_.self.index + place.second + tries;
  net.send(config_.self, {role::fast_author, authors[turn % authors.size()]},
           v1::leaf_query{place.first, place.second});
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
