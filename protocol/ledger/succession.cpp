#include "protocol/ledger/succession.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

bool is_ready(const chain_committees& chain) { return chain.next && chain.next->ready_height; }

/// The committee that serves becomes a past one, the ready one serves. @pre is_ready(chain)
void take_office(const block_scope& b, chain_committees& chain, std::uint64_t elects_after_ms) {
  auto next = *std::exchange(chain.next, std::nullopt);
  const auto epoch = chain.now.epoch;
  chain.past.emplace(epoch, past_committee{std::exchange(chain.now, std::move(next.next)),
                                           std::exchange(chain.equivocated, {}),
                                           b.live_ms() + b.params().unbonding_ms});
  chain.since_ms = b.live_ms();
  chain.coin_from = std::move(next.dealings);
  chain.elect_ms = b.live_ms() + elects_after_ms;
  chain.drawing.reset();
}

void leave_requests_unanswered(block_scope& b) {
  auto& clock = b.now.clock.edit();
  for (auto& [height, request] : std::exchange(clock.requests, {})) {
    clock.unanswered.insert(height);
    clock.unanswered.merge(request.reopened);
  }
}

/// Does it hold committees that answer for nothing any more?
bool is_forgetful(const chain_committees& chain, std::uint64_t live_ms) {
  return !chain.past.empty() && chain.past.begin()->second.until_ms <= live_ms;
}

void forget_past(chain_committees& chain, std::uint64_t live_ms) {
  std::erase_if(chain.past, [live_ms](const auto& x) { return x.second.until_ms <= live_ms; });
}

}  // namespace

std::optional<consensus::roster> end_heavy_epoch(block_scope& b) {
  const auto& known = b.now.committees->heavy;
  if (!is_ready(known) || b.live_ms() < known.since_ms + b.params().committee_term_ms)
    return std::nullopt;
  auto& chain = b.now.committees.edit().heavy;
  take_office(b, chain, b.params().committee_term_ms / 2);
  leave_requests_unanswered(b);
  b.announce(happened::committee_seated{chain.now, std::nullopt});
  return chain.now;
}

void seat_fast(block_scope& b, const fast_base& base) {
  auto& chain = b.now.committees.edit().fast;
  invariant(is_ready(chain), "only a committee with a coin takes office");
  take_office(b, chain, b.params().committee_term_ms);
  chain.base = base;
  b.announce(happened::committee_seated{chain.now, base});
}

void run_succession(block_scope& b) {
  const auto& fast = b.now.committees->fast;
  if (is_ready(fast) && *fast.next->ready_height + b.params().fast_dead_heavy_blocks <= b.height())
    seat_fast(b, b.now.checkpoints->newest);
  if (is_forgetful(b.now.committees->heavy, b.live_ms()))
    forget_past(b.now.committees.edit().heavy, b.live_ms());
  if (is_forgetful(b.now.committees->fast, b.live_ms()))
    forget_past(b.now.committees.edit().fast, b.live_ms());
}

bool answers(const chain_committees& of, std::uint32_t id) {
  return of.now.index_of(id) || (of.next && of.next->next.index_of(id)) ||
         std::any_of(of.past.begin(), of.past.end(),
                     [id](const auto& x) { return x.second.members.index_of(id).has_value(); });
}

}  // namespace datagen::protocol::ledger
