#include "actors/heavy_follower.hpp"

#include <algorithm>

namespace datagen {

using protocol::ledger::follow_check;

heavy_follower::heavy_follower(const peer& self, const role_context& context,
                               follower_patience patience)
    : self_(self),
      context_(context),
      patience_(patience),
      view_(protocol::ledger::view_of(*context.chain)),
      led_on_ms_(context.net->now().monotonic_ms),
      start_(self, context) {
  ask();
}

peer heavy_follower::author(std::uint32_t turn) const {
  const auto& ids = view_.position.authors.ids;
  return {role::heavy_author, ids[(std::size_t{self_.index} + turn_ + turn) % ids.size()]};
}

std::vector<std::uint32_t> heavy_follower::outsiders() const {
  const auto& ids = view_.position.authors.ids;
  auto result = context_.net->known(role::heavy_author);
  std::erase_if(result, [&](auto id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); });
  return result;
}

peer heavy_follower::asked() const {
  const auto members = view_.position.authors.size();
  if (turn_ < members)
    return author();
  const auto others = outsiders();
  const auto place = turn_ % (members + others.size());
  return place < members ? author() : peer{role::heavy_author, others[place - members]};
}

void heavy_follower::ask() {
  asked_ms_ = heard_ms_ = context_.net->now().monotonic_ms;
  answered_ = false;
  gap_asked_ = true;
  context_.net->send(self_, asked(), v1::follow_heavy{view_.position.height});
}

void heavy_follower::ask_next() {
  ++turn_;
  led_on_ms_ = context_.net->now().monotonic_ms;
  ask();
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
    too_late_ = 0;
  }
  return std::move(followed.blocks);
}

std::vector<protocol::ledger::block_events> heavy_follower::take(const peer& from,
                                                                 const v1::snapshot_piece& x) {
  if (x.request == 0) {
    knows_only_from(from, x.height);
    return {};
  }
  auto found = start_.take(from, x, view_.position.height);
  if (!found)
    return {};
  view_ = std::move(found->known);
  too_late_ = 0;
  led_on_ms_ = context_.net->now().monotonic_ms;
  ask();
  return {std::move(found->open)};
}

/// Who has heard nothing yet loses nothing by it; the others ask every author first, since what is
/// over by then is not told.
void heavy_follower::knows_only_from(const peer& from, std::uint64_t height) {
  if (from != asked() || height <= view_.position.height)
    return;
  if (view_.position.height == 0 || ++too_late_ >= view_.position.authors.size())
    start_.ask(from);
  else
    ask_next();
}

void heavy_follower::wake() {
  if (start_.failed())
    return ask_next();
  if (start_.under_way())
    return;
  const auto now = context_.net->now().monotonic_ms;
  const bool mute = !answered_ && now >= asked_ms_ + patience_.silence;
  if (mute || now >= led_on_ms_ + patience_.stall) {
    ask_next();
  } else if (now >= heard_ms_ + patience_.silence || now >= asked_ms_ + patience_.renewal) {
    ask();
  }
}

}  // namespace datagen
