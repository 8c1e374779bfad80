#include "actors/canary_keeper.hpp"

#include "protocol/chain/genesis.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

canary_keeper::canary_keeper(const peer& self, const role_context& context, const key_pair& key,
                             canary_limits limits)
    : self_(self),
      context_(context),
      key_(key),
      id_{self.index},
      heavy_chain_(heavy_chain_id(*context.chain)),
      limits_(limits) {}

void canary_keeper::restore(const stored_canary& x, stage now, const leaf& content) {
  all_[{x.opening.job, x.opening.attempt}] = {.now = now, .record = x, .content = content};
}

void canary_keeper::offered(const job_key& key) {
  if (!offers_.insert(key).second)
    return;
  offer_order_.push_back(key);
  if (offer_order_.size() > limits_.offers_max) {
    offers_.erase(offer_order_.front());
    offer_order_.pop_front();
  }
}

bool canary_keeper::wants(const heavy_follower& heavy, const job_key& key) {
  const auto& rules = heavy.view().rules();
  ++jobs_;
  if (offers_.erase(key) == 0)
    return false;
  ++offers_seen_;
  const auto allowed = 1 + passed_ * rules.canary_share_permille / 1000;
  if (rules.mode != audit_mode::hardened || all_.contains(key) ||
      audited_ + all_.size() >= allowed)
    return false;
  // Draws do not see which leaf is a canary: the share of jobs is the share of audits. Where few users
  // offer theirs, more of those are taken.
  const auto drawn = hmac(key_.secret.view(), encode("datagen/v1/canary-draw", key));
  std::uint64_t dice = 0;
  for (std::size_t i = 0; i < 4; ++i)
    dice = dice << 8 | drawn.value[i];
  return (dice * 1000 >> 32) * offers_seen_ < rules.canary_share_permille * jobs_;
}

void canary_keeper::propose(const job_key& key, held_answer answer) {
  all_[key] = {.now = stage::proposed, .held = std::move(answer), .since_ms = now_ms()};
}

const held_answer* canary_keeper::proposed(const job_key& key) const {
  const auto it = all_.find(key);
  return it == all_.end() || it->second.now != stage::proposed ? nullptr : &*it->second.held;
}

stored_canary canary_keeper::agree(const heavy_follower& heavy, const job_key& key,
                                   const account_id& user, const signature& by) {
  auto& x = all_.at(key);
  x.now = stage::registering;
  x.since_ms = now_ms();
  x.record = {.opening = {.job = key.first,
                          .attempt = key.second,
                          .secret = hmac(key_.secret.view(), encode("datagen/v1/canary-secret", key)),
                          .truth = digest_of(x.held->truth),
                          .user = user,
                          .by = by},
              .until_ms = heavy.live_ms() + heavy.view().rules().audit_grace_ms};
  return x.record;
}

void canary_keeper::enrol(const heavy_follower& heavy, const job_key& key) {
  if (const auto it = all_.find(key); it != all_.end())
    submit(heavy, it->second);
}

result_header canary_keeper::wrong(const job_key& key, const result_header& truth) const {
  auto result = truth;
  result.root = hash("canary root", all_.at(key).record.opening.secret);
  return result;
}

/// Sends what the entry waits for: its registration, or its reveal.
void canary_keeper::submit(const heavy_follower& heavy, entry& x) {
  x.sent_ms = now_ms();
  auto transaction =
    x.now == stage::telling
      ? ledger::make_transaction(heavy_chain_, key_, 0, x.record.opening)
      : ledger::make_transaction(heavy_chain_, key_, 0,
                                 ledger::tx::register_canary{
                                   ledger::canary_commitment(x.record.opening), x.record.until_ms});
  context_.net->send(self_, heavy.author(x.tries++), v1::submit_transaction{std::move(transaction)});
}

void canary_keeper::tell(const heavy_follower& heavy, entry& x) {
  if (x.now == stage::telling)
    return;
  x.now = stage::telling;
  x.tries = 0;
  submit(heavy, x);
}

void canary_keeper::signed_leaf(const leaf& content) {
  if (const auto it = all_.find({content.job, content.attempt()}); it != all_.end())
    it->second.content = content;
}

void canary_keeper::undrawn(const job_key& key) {
  if (const auto it = all_.find(key); it != all_.end() && it->second.now == stage::committed)
    it->second.now = stage::undrawn;
}

void canary_keeper::placed(const heavy_follower& heavy, const v1::leaf_place& where) {
  const auto it = all_.find({where.job, where.attempt});
  if (it == all_.end() || it->second.now != stage::undrawn || where.checkpoint == 0)
    return;
  it->second.record.opening.place =
    ledger::tx::canary_place{it->second.content, where.checkpoint, where.index, where.path};
  tell(heavy, it->second);
}

std::optional<std::pair<canary_keeper::job_key, held_answer>> canary_keeper::hear(
  const heavy_follower& heavy, const happened::canary_registered& x) {
  if (x.validator != id_)
    return std::nullopt;
  for (auto& [key, known] : all_) {
    if (known.now == stage::proposed ||
        ledger::canary_commitment(known.record.opening) != x.commitment)
      continue;
    // By this host's clock: a quiet Heavy Chain certifies nothing, and its time goes on unheard.
    const auto left = x.until_ms - std::min(x.until_ms, heavy.live_ms());
    const auto window = heavy.view().rules().commit_window_ms;
    known.tell_by_ms = now_ms() + (left - std::min(left, window)) + 1;
    if (known.now == stage::unused)
      tell(heavy, known);
    if (known.now != stage::registering)
      break;
    known.now = stage::committed;
    return std::pair{key, *std::exchange(known.held, std::nullopt)};
  }
  return std::nullopt;
}

bool canary_keeper::hear(const happened::canary_revealed& x) {
  return x.validator == id_ && all_.erase({x.job, x.attempt}) != 0;
}

/// The first commit window is over: the truth tells nobody what to copy.
void canary_keeper::hear(const heavy_follower& heavy, const happened::reveal_requested& x) {
  if (const auto it = all_.find({x.job, x.attempt});
      it != all_.end() && it->second.now == stage::committed)
    tell(heavy, it->second);
}

void canary_keeper::hear(const happened::audit_settled& x) {
  if (x.validator != id_ || !x.final)
    return;
  passed_ += x.outcome == "pass" ? 1 : 0;
  audited_ += x.outcome == "canary" ? 1 : 0;
}

std::vector<std::pair<canary_keeper::job_key, held_answer>> canary_keeper::wake(
  const heavy_follower& heavy) {
  std::vector<std::pair<job_key, held_answer>> overdue;
  const auto now = now_ms();
  for (auto it = all_.begin(); it != all_.end();) {
    auto& [key, x] = *it;
    const bool asked_long = x.now == stage::proposed && now >= x.since_ms + limits_.consent_ms;
    const bool late = x.now == stage::registering && now >= x.since_ms + limits_.registered_ms;
    if (asked_long || late)
      overdue.emplace_back(key, *std::exchange(x.held, std::nullopt));
    if (asked_long) {
      it = all_.erase(it);
      continue;
    }
    if (late)
      x.now = stage::unused;  // its registration may still take effect
    if ((x.now == stage::committed || x.now == stage::undrawn) && x.tell_by_ms != 0 &&
        now >= x.tell_by_ms)
      tell(heavy, x);
    if (x.now == stage::undrawn)
      context_.net->send(self_, {role::fast_author, id_.value},
                         v1::leaf_place_query{key.first, key.second});
    if ((x.now == stage::registering || x.now == stage::telling) && x.sent_ms != 0 &&
        now >= x.sent_ms + limits_.resend_ms)
      submit(heavy, x);
    ++it;
  }
  return overdue;
}

std::vector<canary_keeper::job_key> canary_keeper::expire(std::uint64_t live_ms) {
  std::vector<job_key> result;
  for (const auto& [key, x] : all_)
    if (x.now != stage::proposed && x.record.until_ms < live_ms && !x.held)
      result.push_back(key);
  for (const auto& key : result)
    all_.erase(key);
  return result;
}

bool canary_keeper::holds(const job_key& key) const {
  const auto it = all_.find(key);
  return it != all_.end() && it->second.now != stage::proposed &&
         it->second.now != stage::registering && it->second.now != stage::unused;
}

}  // namespace datagen
