#include "protocol/ledger/authors.hpp"

#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/slash.hpp"
#include "protocol/ledger/succession.hpp"

namespace datagen::protocol::ledger {

namespace {

author_record& edit(block_scope& b, author_id id) { return b.now.authors.edit().at(id); }

void announce_change(block_scope& b, author_id id) {
  const auto& record = b.now.authors->at(id);
  b.announce(happened::author_changed{id, record.key, record.standing(), record.stake});
}

void start_unbonding(block_scope& b, author_id id) {
  edit(b, id).release_ms = b.live_ms() + b.params().unbonding_ms;
  announce_change(b, id);
}

/// May the owner of `record` stand (again)?
ruling<author_check> may_stand(author_id id, const author_record& record) {
  const auto name = "author " + std::to_string(id.value);
  if (record.expelled)
    return {author_check::expelled, name + " is expelled"};
  if (record.leaving && record.stake > amount{})
    return {author_check::unbonding,
            name + " stood down and waits for its stake of " + to_text(record.stake)};
  return {};
}

}  // namespace

ruling<author_check> check(const rulebook&, const state& now, const account_id& sender,
                           const tx::stand& x) {
  if (x.stake == amount{})
    return {author_check::nothing_staked, "a stake of 0 adds nothing"};
  if (const auto free = spendable(now, sender); x.stake > free)
    return {author_check::insufficient_funds,
            "stake " + to_text(x.stake) + " exceeds the free balance less the fee, " +
              to_text(free)};
  const auto id = author_of(now, sender);
  if (id)
    if (auto refused = may_stand(*id, now.authors->at(*id)); !refused.ok())
      return refused;
  const auto bonded = id ? now.authors->at(*id).stake + x.stake : x.stake;
  if (bonded < now.params().author_minimum_stake)
    return {author_check::below_minimum, "stake " + to_text(bonded) + " is below the minimum " +
                                           to_text(now.params().author_minimum_stake)};
  if (!id && now.authors->size() >= authors_max)
    return {author_check::registry_full,
            "the registry holds " + std::to_string(authors_max) + " authors and is full"};
  return {};
}

ruling<author_check> check(const rulebook&, const state& now, const account_id& sender,
                           const tx::stand_down&) {
  const auto id = author_of(now, sender);
  if (!id || !now.authors->at(*id).active())
    return {author_check::not_a_candidate, "the sender does not stand for election"};
  return {};
}

void apply(block_scope& b, const account_id& sender, const tx::stand& x) {
  debit(b, sender, x.stake);
  const auto known = author_of(b.now, sender);
  const auto id = known.value_or(author_id{static_cast<std::uint32_t>(b.now.authors->size())});
  auto& record = b.now.authors.edit()[id];
  record.key = sender;
  record.stake += x.stake;
  record.leaving = false;
  announce_change(b, id);
}

void apply(block_scope& b, const account_id& sender, const tx::stand_down&) {
  const auto id = author_of(b.now, sender).value();
  edit(b, id).leaving = true;
  start_unbonding(b, id);
}

std::optional<author_id> author_of(const state& now, const public_key& key) {
  for (const auto& [id, record] : *now.authors)
    if (record.key == key)
      return id;
  return std::nullopt;
}

void slash_author(block_scope& b, author_id id) {
  auto& record = edit(b, id);
  const auto taken = take_share(b, record, b.params().slash_equivocated_permille);
  b.now.treasury.edit().burned += taken;
  b.announce(happened::author_slashed{id, taken, record.stake});
  if (!record.active() || record.stake >= b.params().author_minimum_stake)
    return announce_change(b, id);
  record.expelled = true;
  start_unbonding(b, id);
}

void release_authors(block_scope& b) {
  std::vector<author_id> due;
  for (const auto& [id, record] : *b.now.authors)
    if (!record.active() && record.stake > amount{} && record.release_ms <= b.live_ms() &&
        !answers(b.now.committees->heavy, id.value))
      due.push_back(id);
  for (const auto id : due) {
    auto& record = edit(b, id);
    credit(b, record.key, std::exchange(record.stake, amount{}));
    announce_change(b, id);
  }
}

}  // namespace datagen::protocol::ledger
