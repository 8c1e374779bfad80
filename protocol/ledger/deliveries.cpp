#include "protocol/ledger/deliveries.hpp"

#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/claims.hpp"
#include "protocol/ledger/signatures.hpp"

namespace datagen::protocol::ledger {

namespace {

using code = delivery_check;

leaf_key key_named_by(const acknowledgement& x) { return {{x.job, x.attempt}, x.validator}; }

/// Is the leaf in a checkpoint of an epoch that is not paid yet?
ruling<code> check_settled(const state& now, const tx::not_delivered& x) {
  const auto& content = x.held.content;
  const auto found = now.checkpoints->epochs.find(x.settled.claim_epoch);
  if (found == now.checkpoints->epochs.end())
    return {code::not_settled, "no claim epoch " + std::to_string(x.settled.claim_epoch)};
  const auto& epoch = found->second;
  if (x.settled.sequence < epoch.first_checkpoint || epoch.history.size() == 0 ||
      !merkle_verify(epoch.history.root(), merkle_leaf(digest_of(x.settled).view()),
                     x.settled.sequence - epoch.first_checkpoint, epoch.history.size(),
                     x.settled_path) ||
      !merkle_verify(x.settled.leaf_root, leaf_hash(content), x.index, x.settled.leaves, x.path))
    return {code::not_settled, "the leaf does not lead to a checkpoint of its epoch"};
  if (epoch.deliveries.contains(key_of(content)))
    return {code::already_asked, "this result was asked for before"};
  if (epoch.claimed.contains({content.validator(), content.session}))
    return {code::too_late, "the job is paid"};
  // The way to the root over its checkpoints stands only once the epoch is over.
  const auto from = epoch.settled_ms.value_or(now.clock->live_ms);
  if (const auto until = from + now.params().delivery_window_ms; now.clock->live_ms > until)
    return {code::too_late, "a result of the epoch was asked for until " + std::to_string(until) +
                              " ms of live time"};
  return {};
}

void settle(block_scope& b, const leaf_key& key, bool delivered) {
  const auto asked = b.now.disputes.edit().deliveries.extract(key);
  const auto& [content, epoch, deposit, asker, until_ms] = asked.mapped();
  credit(b, delivered ? b.now.validators->at(key.second).key : asker, deposit);
  if (!delivered)
    deduct(b, epoch, content);
  b.announce(
    happened::delivery_settled{key.first.first, key.first.second, key.second, delivered});
}

}  // namespace

ruling<delivery_check> check(const rulebook& rules, const state& now, const account_id& sender,
                             const tx::not_delivered& x) {
  const auto& content = x.held.content;
  const auto* session = find_session(now, content.session);
  if (session == nullptr)
    return {code::unknown_session, "no session " + std::to_string(content.session.value)};
  if (session->user != sender)
    return {code::not_the_user, "the session belongs to " + to_hex(session->user)};
  const auto* validator = find_validator(now, content.validator());
  if (validator == nullptr)
    return {code::unknown_validator, "no validator " + std::to_string(content.validator().value)};
  if (x.held.order.content.chain != rules.chain)
    return {code::bad_receipt, "the ticket is for another chain"};
  if (auto refused = check_settled(now, x); !refused.ok())
    return refused;
  if (const auto free = balance_of(now, sender); now.params().opening_fee > free)
    return {code::insufficient_funds, "the deposit of " + to_text(now.params().opening_fee) +
                                        " exceeds the free balance " + to_text(free)};
  if (const auto why = protocol::check(x.held, session->user, validator->key, *rules.signatures);
      why != receipt_check::ok)
    return {code::bad_receipt, std::string{"the receipt does not hold: "} + to_string(why)};
  return {};
}

ruling<delivery_check> check(const rulebook& rules, const state& now, const tx::delivered& x) {
  const auto found = now.disputes->deliveries.find(key_named_by(x.said));
  if (found == now.disputes->deliveries.end())
    return {code::not_asked, "nobody asks for this result"};
  const auto& content = found->second.content;
  if (x.said.user != signature{}) {
    const auto& user = now.sessions->all.at(content.session).user;
    if (!rules.signatures->check(user, acknowledgement_statement(rules.chain, x.said), x.said.user))
      return {code::no_answer, "the acknowledgement is not signed by the session's user"};
    return {};
  }
  auto lacks = lacks_members(
    rules, now,
    delivered_statement(rules.chain, content.job, content.attempt(), content.commitment),
    x.signatures);
  if (!lacks.empty())
    return {code::no_answer, std::move(lacks)};
  return {};
}

void apply(block_scope& b, const account_id& sender, const tx::not_delivered& x) {
  const auto& content = x.held.content;
  const auto deposit = b.params().opening_fee;
  debit(b, sender, deposit);
  const auto until = b.live_ms() + b.params().delivery_window_ms;
  const auto epoch = x.settled.claim_epoch;
  b.now.checkpoints.edit().epochs.at(epoch).deliveries.insert(key_of(content));
  b.now.disputes.edit().deliveries[key_of(content)] = {content, epoch, deposit, sender, until};
  b.announce(happened::delivery_asked{x.held, until});
}

void apply(block_scope& b, const tx::delivered& x) { settle(b, key_named_by(x.said), true); }

void run_delivery_deadlines(block_scope& b) {
  std::vector<leaf_key> late;
  for (const auto& [key, asked] : b.now.disputes->deliveries)
    if (asked.until_ms <= b.live_ms())
      late.push_back(key);
  for (const auto& key : late)
    settle(b, key, false);
}

}  // namespace datagen::protocol::ledger
