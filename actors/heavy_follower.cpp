#include "actors/heavy_follower.hpp"

namespace datagen {

using protocol::ledger::follow_check;

heavy_follower::heavy_follower(const peer& self, const role_context& context,
                               std::uint64_t silence_ms)
    : self_(self),
      context_(context),
      silence_ms_(silence_ms),
      view_(protocol::ledger::view_of(*context.chain)),
      author_(self.index) {
  ask();
}

peer heavy_follower::author(std::uint32_t turn) const {
  const auto& ids = view_.position.authors.ids;
  return {role::heavy_author, ids[(author_ + turn) % ids.size()]};
}

void heavy_follower::ask() {
  heard_ms_ = context_.net->now().monotonic_ms;
  asked_ = true;
  context_.net->send(self_, author(), v1::follow_heavy{view_.position.height});
}

std::vector<protocol::ledger::block_events> heavy_follower::take(const v1::heavy_news& news) {
  auto followed = advance(view_, news.content, *context_.signatures);
  const bool led_on = followed.check == follow_check::ok;
  if (followed.check == follow_check::gap && !asked_)
    ask();
  if (led_on || followed.check == follow_check::already_known)
    heard_ms_ = context_.net->now().monotonic_ms;
  asked_ = asked_ && !led_on;
  return std::move(followed.blocks);
}

void heavy_follower::wake() {
  if (context_.net->now().monotonic_ms - heard_ms_ < silence_ms_)
    return;
  ++author_;
  ask();
}

}  // namespace datagen
