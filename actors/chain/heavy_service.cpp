#include "actors/chain/heavy_service.hpp"

#include "protocol/ledger/governance.hpp"

namespace datagen {

using namespace protocol;

namespace {

/// A gateway proves to others what happened, and authors execute it. Everybody else needs to know how
/// things stand, and would be of no use for as long as it heard all that led there.
bool lives_by_standing(role x) {
  return x == role::user || x == role::router || x == role::validator ||
         x == role::cross_checker || x == role::selector;
}

ledger::block_events told_by(const v1::block_news& news) {
  auto result = events_of(news);
  invariant(result.has_value(), "an executed block holds an event that does not decode");
  return std::move(*result);
}

}  // namespace

void heavy_service::executed(v1::block_news& news) {
  news.live_ms = ledger_->announced().live_ms;
  if (!news.worth_certifying)
    return;
  news.sections = ledger_->sections();
  news.path = ledger_->feed_path();
  feed_.add(told_by(news), news.sections, news.path, news.next);
}

std::vector<ledger::event> heavy_service::heavy_events(const v1::block_news& news) {
  return told_by(news).events;
}

void heavy_service::restored(const v1::block_news& news) {
  if (news.worth_certifying)
    feed_.add(told_by(news), news.sections, news.path, news.next);
}

void heavy_service::certified(const consensus::certificate& proof) {
  if (!feed_.certified(proof))
    return;
  for (auto& [follower, x] : followers_)
    tell(follower, x);
}

void heavy_service::take(const peer& from, const v1::follow_heavy& wish) {
  if (followers_.size() >= limits_.followers_max && followers_.count(from) == 0)
    return;  // it asks elsewhere
  // The way from there is not known here, or long; the state is at hand.
  const bool detour = wish.height == 0 && is_far() && lives_by_standing(from.kind);
  if (wish.height < feed_.known_after() || detour) {
    followers_.erase(from);
    const auto height = std::max(feed_.known_after(), feed_.certified_height());
    return context_.net->send(self_, from, v1::snapshot_piece{.height = height});
  }
  auto& known = followers_[from];
  known.height = wish.height;
  known.until_ms = context_.net->now().monotonic_ms + follower_lease_ms;
  tell(from, known);
  // An answer all the same: silence would mean that nobody is here.
  if (auto newest = feed_.newest(); newest && newest->proof.statement.height == wish.height)
    context_.net->send(self_, from, v1::heavy_news{std::move(*newest)});
}

/// Is it so long since genesis that followers cost the archive reads, and that there are states?
bool heavy_service::is_far() const {
  const auto height = feed_.certified_height();
  return height > limits_.feed_blocks_max && height > 2 * context_.chain->params.snapshot_blocks;
}

void heavy_service::wake() {
  const auto now = context_.net->now().monotonic_ms;
  std::erase_if(followers_, [now](const auto& x) { return x.second.until_ms <= now; });
  for (auto& [follower, x] : followers_) {
    x.readings = 0;
    if (feed_.in_archive(x.height))
      tell(follower, x);
  }
}

void heavy_service::take(const peer& from, const v1::state_query& query) {
  context_.net->send(self_, from,
                     v1::state_reply{query.request, ledger_->height(), record_of(query)});
}

std::optional<bytes> heavy_service::record_of(const v1::state_query& query) const {
  const auto found = [](const auto* record) {
    return record ? std::optional{encode(*record)} : std::nullopt;
  };
  switch (query.kind) {
    case v1::state_kind::account:
      if (const auto key = decode<account_id>(query.key))
        return encode(ledger_->find_account(*key));
      break;
    case v1::state_kind::validators:
      return encode(*ledger_->now().validators);
    case v1::state_kind::session:
      if (const auto key = decode<session_id>(query.key))
        return found(ledger_->find_session(*key));
      break;
    case v1::state_kind::audit:
      if (const auto key = decode<std::pair<job_id, std::uint8_t>>(query.key))
        return found(ledger_->find_audit(key->first, key->second));
      break;
    case v1::state_kind::supply:
      return encode(ledger_->where_supply_is());
    case v1::state_kind::checkpoint:
      if (const auto key = decode<std::uint64_t>(query.key))
        return found(ledger_->find_checkpoint(*key));
      break;
    case v1::state_kind::proposals:
      return encode(ledger::proposals_of(*ledger_->now().governance));
  }
  return std::nullopt;
}

void heavy_service::tell(const peer& to, following& x) {
  while (auto news = feed_.above(x.height)) {
    x.height = news->proof.statement.height;
    context_.net->send(self_, to, v1::heavy_news{std::move(*news)});
  }
  if (feed_.in_archive(x.height))
    read_for(to, x);
}

void heavy_service::read_for(const peer& to, following& x) {
  if (!source_ || x.reading || x.readings >= limits_.follower_readings_max ||
      readings_ >= limits_.readings_max)
    return;  // again when we wake
  x.reading = true;
  ++x.readings;
  ++readings_;
  source_(x.height, [this, to, above = x.height](auto news) {
    --readings_;
    was_read(to, above, std::move(news));
  });
}

void heavy_service::was_read(const peer& to, std::uint64_t above,
                             std::optional<ledger::certified_events> news) {
  const auto found = followers_.find(to);
  if (found == followers_.end())
    return;
  auto& x = found->second;
  x.reading = false;
  if (x.height == above) {  // else it has asked for something else meanwhile
    if (!news)
      return;
    x.height = news->proof.statement.height;
    context_.net->send(self_, to, v1::heavy_news{std::move(*news)});
  }
  tell(to, x);
}

}  // namespace datagen
