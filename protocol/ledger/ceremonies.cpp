#include "protocol/ledger/ceremonies.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

chain_committees& edit(block_scope& b, const chain_id& chain) {
  auto& all = b.now.committees.edit();
  return chain == all.heavy.now.chain ? all.heavy : all.fast;
}

/// The n - f dealings are there: announces the coin they make. A sum of polynomials whose keys
/// would be infinity (chance 2^-256) calls for a new election.
void complete(block_scope& b, chain_committees& chain) {
  auto& next = *chain.next;
  auto keys = dkg::keys_of(b.rules.coins->group(), ceremony_of(next.next), next.dealings);
  if (!keys) {
    chain.next.reset();
    chain.elect_ms = b.live_ms();
    return;
  }
  next.next.coin = std::move(*keys);
  next.ready_height = b.height();
  b.announce(happened::committee_ready{next.next});
}

}  // namespace

ruling<dealing_rule> check(const rulebook& rules, const state& now, const account_id& sender,
                           const tx::coin_dealing& x) {
  const auto* chain = now.committees->find(x.chain);
  if (chain == nullptr || !chain->next || chain->next->next.epoch != x.epoch)
    return {dealing_rule::no_ceremony,
            "no committee of epoch " + std::to_string(x.epoch) + " waits for its coin"};
  const auto& next = *chain->next;
  if (next.ready_height)
    return {dealing_rule::coin_complete,
            "the coin was complete at height " + std::to_string(*next.ready_height)};
  const auto dealer = x.content.dealer;
  const auto name = "member " + std::to_string(dealer);
  if (dealer >= next.next.size() || next.next.authors[dealer] != sender)
    return {dealing_rule::not_the_dealer, "the sender is not " + name};
  if (std::any_of(next.dealings.begin(), next.dealings.end(),
                  [dealer](const auto& known) { return known.dealer == dealer; }))
    return {dealing_rule::already_dealt, name + " has dealt"};
  if (const auto why =
        dkg::check(rules.coins->group(), ceremony_of(next.next), x.content, *rules.signatures);
      why != dkg::dealing_check::ok)
    return {dealing_rule::bad_dealing,
            "the dealing fails rule " + std::to_string(static_cast<int>(why))};
  return {};
}

void apply(block_scope& b, const account_id&, const tx::coin_dealing& x) {
  auto& chain = edit(b, x.chain);
  chain.next->dealings.push_back(x.content);
  b.announce(happened::coin_dealt{x.chain, x.epoch, x.content});
  if (chain.next->dealings.size() == chain.next->next.quorum())
    complete(b, chain);
}

dkg::ceremony ceremony_of(const consensus::roster& next) {
  return {.chain = next.chain,
          .epoch = next.epoch,
          .members = next.authors,
          .threshold = static_cast<std::uint16_t>(next.quorum())};
}

}  // namespace datagen::protocol::ledger
