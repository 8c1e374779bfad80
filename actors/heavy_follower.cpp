#include "actors/heavy_follower.hpp"

namespace datagen {

using protocol::ledger::follow_check;

heavy_follower::heavy_follower(const peer& self, const role_context& context,
                               follower_patience patience)
    : self_(self),
      context_(context),
      patience_(patience),
      view_(protocol::ledger::view_of(*context.chain)),
      author_(self.index),
      led_on_ms_(context.net->now().monotonic_ms) {
  ask();
}

peer heavy_follower::author(std::uint32_t turn) const {
  const auto& ids = view_.position.authors.ids;
  return {role::heavy_author, ids[(author_ + turn) % ids.size()]};
}

void heavy_follower::ask() {
  asked_ms_ = heard_ms_ = context_.net->now().monotonic_ms;
  answered_ = false;
  gap_asked_ = true;
  context_.net->send(self_, author(), v1::follow_heavy{view_.position.height});
}

std::vector<protocol::ledger::block_events> heavy_follower::take(const v1::heavy_news& news) {
  const auto before = view_.position.height;
  auto followed = advance(view_, news.content, *context_.signatures);
  if (followed.check == follow_check::gap && !gap_asked_)
    ask();
  const bool led_on = followed.check == follow_check::ok;
  const auto now = context_.net->now().monotonic_ms;
  if (led_on || news.content.proof.statement.height == before) {
    heard_ms_ = now;
    answered_ = true;
  }
  if (led_on) {
    led_on_ms_ = now;
    gap_asked_ = false;
  }
  return std::move(followed.blocks);
}

void heavy_follower::wake() {
  const auto now = context_.net->now().monotonic_ms;
  const bool mute = !answered_ && now >= asked_ms_ + patience_.silence;
  if (mute || now >= led_on_ms_ + patience_.stall) {
    ++author_;
    led_on_ms_ = now;
    ask();
  } else if (now >= heard_ms_ + patience_.silence || now >= asked_ms_ + patience_.renewal) {
    ask();
  }
}

}  // namespace datagen
