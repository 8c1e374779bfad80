#include "protocol/ledger/execution.hpp"

#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/audits.hpp"
#include "protocol/ledger/authors.hpp"
#include "protocol/ledger/canaries.hpp"
#include "protocol/ledger/ceremonies.hpp"
#include "protocol/ledger/checkpoints.hpp"
#include "protocol/ledger/claim_fraud.hpp"
#include "protocol/ledger/claims.hpp"
#include "protocol/ledger/counts.hpp"
#include "protocol/ledger/deliveries.hpp"
#include "protocol/ledger/disputes.hpp"
#include "protocol/ledger/echoes.hpp"
#include "protocol/ledger/evidence.hpp"
#include "protocol/ledger/governance.hpp"
#include "protocol/ledger/pairing.hpp"
#include "protocol/ledger/sessions.hpp"
#include "protocol/ledger/staking.hpp"

namespace datagen::protocol::ledger {

namespace {

template <class T, class... Ts>
constexpr bool is_one_of = (std::is_same_v<T, Ts> || ...);

template <class T>
constexpr bool proves_itself = is_one_of<T, tx::checkpoint, tx::open_leaf, tx::equivocation,
                                           tx::twin_receipts, tx::twin_tickets, tx::show_leaf,
                                           tx::stored, tx::delivered, tx::wrong_witness,
                                           tx::show_count>;
/// It proves itself, and pays whoever signs for it.
template <class T>
constexpr bool may_be_signed = is_one_of<T, tx::open_leaf>;
template <class T>
constexpr bool moves_money = is_one_of<T, tx::transfer, tx::open_session, tx::close_session,
                                       tx::join, tx::set_ask, tx::leave, tx::stand, tx::stand_down,
                                       tx::propose, tx::support, tx::vote, tx::add_stake,
                                       tx::delegate_session>;

/// They give back what is locked: see `pays_fee`.
template <class T>
constexpr bool frees_only = is_one_of<T, tx::close_session, tx::leave, tx::stand_down>;

decision refuse(envelope_check code, std::string reason, bool later = false) {
  return {static_cast<std::uint16_t>(code), std::move(reason), later};
}

std::uint64_t next_nonce(const state& now, const account_id& sender) {
  const auto found = now.accounts->find(sender);
  return found == now.accounts->end() ? 1 : found->second.nonce + 1;
}

template <class Body>
decision check_envelope(const rulebook& rules, const state& now, const transaction& x) {
  if (x.chain != rules.chain)
    return refuse(envelope_check::wrong_chain, "the transaction is for another chain");
  if (proves_itself<Body> && !(may_be_signed<Body> && x.sender != account_id{})) {
    if (x.sender != account_id{} || x.nonce != 0 || x.by != signature{})
      return refuse(envelope_check::wrong_sender, "it proves itself and names no sender");
    return {};
  }
  if (x.sender == account_id{})
    return refuse(envelope_check::wrong_sender, "the transaction names no sender");
  const auto expected = moves_money<Body> ? next_nonce(now, x.sender) : 0;
  if (x.nonce != expected)
    return refuse(envelope_check::wrong_nonce,
                  "nonce " + std::to_string(x.nonce) + " is not the next one, " +
                    std::to_string(expected),
                  moves_money<Body> && x.nonce > expected &&
                    x.nonce - expected <= nonces_ahead_max);
  if (!rules.signatures->check(x.sender, transaction_statement(x), x.by))
    return refuse(envelope_check::bad_signature, "the signature is not the sender's");
  const auto fee = now.params().transaction_fee;
  if (const auto free = balance_of(now, x.sender); pays_fee(x.body) && free < fee)
    return refuse(envelope_check::fee_not_covered, "the fee of " + to_text(fee) +
                                                     " exceeds the free balance " + to_text(free));
  return {};
}

template <class Body>
auto check_body(const rulebook& rules, const state& now, const transaction& x, const Body& body) {
  if constexpr (requires { check(rules, now, x.sender, x.nonce, body); })
    return check(rules, now, x.sender, x.nonce, body);
  else if constexpr (requires { check(rules, now, x.sender, body); })
    return check(rules, now, x.sender, body);
  else
    return check(rules, now, body);
}

template <class Body>
void apply_body(block_scope& b, const transaction& x, const Body& body) {
  if constexpr (requires { apply(b, x.sender, x.nonce, body); })
    apply(b, x.sender, x.nonce, body);
  else if constexpr (requires { apply(b, x.sender, body); })
    apply(b, x.sender, body);
  else
    apply(b, body);
}

/// A checkpoint may overtake the one before it on its way here; a closed committee's never counts.
bool comes_later(const state& now, const tx::checkpoint& x) {
  return x.content.sequence > now.checkpoints->last + 1 &&
         x.proof.statement.epoch >= now.committees->fast.now.epoch;
}
template <class Body>
bool comes_later(const state&, const Body&) {
  return false;
}

}  // namespace

bool takes_nonce(const transaction_body& x) {
  return std::visit([]<class Body>(const Body&) { return moves_money<Body>; }, x);
}

bool pays_fee(const transaction_body& x) {
  return std::visit(
    []<class Body>(const Body&) { return moves_money<Body> && !frees_only<Body>; }, x);
}

decision check(const rulebook& rules, const state& now, const transaction& x) {
  return std::visit(
    [&]<class Body>(const Body& body) -> decision {
      if (auto refused = check_envelope<Body>(rules, now, x); refused.code != 0)
        return refused;
      auto ruled = check_body(rules, now, x, body);
      if (ruled.ok())
        return {};
      const auto base = (x.body.index() + 1) * codes_per_body;
      const auto code = static_cast<std::uint16_t>(base + static_cast<std::size_t>(ruled.code));
      return {code, std::move(ruled.reason), comes_later(now, body)};
    },
    x.body);
}

void apply(block_scope& b, const transaction& x) {
  if (pays_fee(x.body))
    burn_fee(b, x.sender);
  std::visit(
    [&]<class Body>(const Body& body) {
      if constexpr (moves_money<Body>)
        ++b.now.accounts.edit()[x.sender].nonce;
      apply_body(b, x, body);
    },
    x.body);
}

std::optional<transaction> read(byte_view data, decision& why) {
  if (data.size() > transaction_bytes_max) {
    why = refuse(envelope_check::too_long, std::to_string(data.size()) + " bytes exceed " +
                                             std::to_string(transaction_bytes_max));
    return std::nullopt;
  }
  auto result = decode<transaction>(data);
  if (!result)
    why = refuse(envelope_check::malformed, "these are not a transaction's canonical bytes");
  return result;
}

}  // namespace datagen::protocol::ledger
