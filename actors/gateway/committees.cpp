#include "actors/gateway/committees.hpp"

#include "protocol/chain/committees.hpp"

namespace datagen::web {

using namespace protocol;
namespace happened = ledger::happened;

committee_book::committee_book(const genesis& origin) {
  heavy_.seated[0] = {.members = heavy_roster(origin)};
  fast_.seated[0] = {.members = fast_roster(origin)};
}

committee_book::line* committee_book::of(const chain_id& chain) {
  if (chain == newest(chain_kind::heavy).members.chain)
    return &heavy_;
  return chain == newest(chain_kind::fast).members.chain ? &fast_ : nullptr;
}

bool committee_book::seat(line& where, seated_committee x) {
  const auto epoch = x.members.epoch;
  if (where.next && where.next->members.epoch <= epoch)
    where.next.reset();
  return where.seated.try_emplace(epoch, std::move(x)).second;
}

bool committee_book::take(const consensus::hand_over& x) {
  const auto height = x.last.statement.height;
  hand_overs_.try_emplace(x.next.epoch, x);
  return seat(heavy_, {x.next, height + 1, height});
}

bool committee_book::take(const seating& x) {
  for (const auto& block : x.proof.events.blocks)
    for (const auto& what : block.events)
      if (const auto* seated = std::get_if<happened::committee_seated>(&what);
          seated && of(seated->now.chain) == &fast_) {
        seatings_.try_emplace(seated->now.epoch, x.proof);
        const auto base = seated->base ? seated->base->fast_height : 0;
        return seat(fast_, {seated->now, base + 1, block.height});
      }
  return false;
}

bool committee_book::take(const consensus::roster& fast,
                          const std::optional<ledger::fast_base>& began) {
  return seat(fast_, {.members = fast, .first_height = began ? began->fast_height + 1 : 1});
}

void committee_book::take(std::uint64_t heavy_height, const ledger::event& what) {
  if (const auto* elected = std::get_if<happened::committee_elected>(&what)) {
    if (auto* where = of(elected->next.chain);
        where && elected->next.epoch > where->seated.rbegin()->first)
      where->next = next_committee{.members = elected->next, .elected_in = heavy_height};
  } else if (const auto* dealt = std::get_if<happened::coin_dealt>(&what)) {
    auto* where = of(dealt->chain);
    if (!where || !where->next || where->next->members.epoch != dealt->epoch ||
        dealt->content.dealer >= where->next->members.size())
      return;
    where->next->dealt.insert(where->next->members.ids[dealt->content.dealer]);
  } else if (const auto* made = std::get_if<happened::committee_ready>(&what)) {
    auto* where = of(made->next.chain);
    if (!where || made->next.epoch <= where->seated.rbegin()->first)
      return;
    if (!where->next)
      where->next = next_committee{.elected_in = heavy_height};
    where->next->members = made->next;
    where->next->ready = true;
  }
}

const consensus::roster* committee_book::find(chain_kind x, std::uint32_t epoch) const {
  const auto& seated = of(x).seated;
  const auto it = seated.find(epoch);
  return it == seated.end() ? nullptr : &it->second.members;
}

std::uint32_t committee_book::epoch_at(chain_kind x, std::uint64_t height) const {
  const auto& seated = of(x).seated;
  for (auto it = seated.rbegin(); it != seated.rend(); ++it)
    if (it->second.first_height <= height)
      return it->first;
  return 0;
}

std::vector<consensus::hand_over> committee_book::hand_overs_to(std::uint32_t epoch) const {
  std::vector<consensus::hand_over> result;
  auto it = hand_overs_.upper_bound(epoch);
  const auto last = it;
  for (std::size_t i = 0; i < portable_hand_overs_max && it != hand_overs_.begin(); ++i)
    --it;
  for (; it != last; ++it)
    result.push_back(it->second);
  return result;
}

const heavy_proof* committee_book::seating_of(std::uint32_t fast_epoch) const {
  const auto it = seatings_.find(fast_epoch);
  return it == seatings_.end() ? nullptr : &it->second;
}

const consensus::certificate* committee_book::last_of(std::uint32_t heavy_epoch) const {
  const auto it = hand_overs_.find(heavy_epoch + 1);
  return it == hand_overs_.end() ? nullptr : &it->second.last;
}

}  // namespace datagen::web
