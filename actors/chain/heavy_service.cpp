#include "actors/chain/heavy_service.hpp"

namespace datagen {

using namespace protocol;

namespace {

ledger::block_events events_of(const v1::block_news& news) {
  ledger::block_events result{.height = news.height, .live_ms = news.live_ms};
  for (const auto& raw : news.events) {
    auto what = decode<ledger::event>(raw);
    invariant(what.has_value(), "an executed block holds an event that does not decode");
    result.events.push_back(std::move(*what));
  }
  return result;
}

}  // namespace

void heavy_service::executed(v1::block_news& news) {
  news.live_ms = ledger_->announced().live_ms;
  if (!news.worth_certifying)
    return;
  news.sections = ledger_->sections();
  news.path = ledger_->feed_path();
  feed_.add(events_of(news), news.sections, news.path, news.next);
}

std::vector<ledger::event> heavy_service::heavy_events(const v1::block_news& news) {
  return events_of(news).events;
}

void heavy_service::restored(const v1::block_news& news) {
  if (news.worth_certifying)
    feed_.add(events_of(news), news.sections, news.path, news.next);
}

void heavy_service::certified(const consensus::certificate& proof) {
  if (!feed_.certified(proof))
    return;
  for (auto& [follower, x] : followers_)
    tell(follower, x.height);
}

void heavy_service::take(const peer& from, const v1::follow_heavy& wish) {
  auto& known = followers_[from];
  known = {wish.height, context_.net->now().monotonic_ms + follower_lease_ms};
  tell(from, known.height);
  // An answer all the same: silence would mean that nobody is here.
  if (auto newest = feed_.newest(); newest && newest->proof.statement.height == wish.height)
    context_.net->send(self_, from, v1::heavy_news{std::move(*newest)});
}

void heavy_service::wake() {
  const auto now = context_.net->now().monotonic_ms;
  std::erase_if(followers_, [now](const auto& x) { return x.second.until_ms <= now; });
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
  }
  return std::nullopt;
}

void heavy_service::tell(const peer& to, std::uint64_t& height) {
  while (auto news = feed_.above(height)) {
    height = news->proof.statement.height;
    context_.net->send(self_, to, v1::heavy_news{std::move(*news)});
  }
}

}  // namespace datagen
