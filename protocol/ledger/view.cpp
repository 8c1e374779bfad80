#include "protocol/ledger/view.hpp"

#include "protocol/chain/committees.hpp"

#include <algorithm>
#include <limits>

namespace datagen::protocol::ledger {

namespace {

void take(view& state, const happened::validator_admitted& x) {
  state.validators[x.validator] = {x.key, x.operator_id, x.stake, x.stake, x.ask,
                                   happened::standing::active, x.name};
}
void take(view& state, const happened::validator_changed& x) {
  auto& known = state.validators[x.validator];
  known.now = x.now;
  known.stake = x.stake;
  known.stake_highest = std::max(known.stake_highest, x.stake);
  known.ask = x.ask;
  if (x.now != happened::standing::leaving && x.now != happened::standing::expelled)
    return;
  for (auto& [id, session] : state.sessions)
    std::erase(session.stand_ins, x.validator);
}
void take(view& state, const happened::slashed& x) { state.validators[x.validator].stake = x.left; }
void take(view& state, const happened::session_opened& x) {
  state.sessions[x.session] = {.user = x.user, .mode = x.mode, .bid = x.bid, .escrow = x.escrow,
                               .nonce = x.nonce};
}
void take(view& state, const happened::paired& x) {
  auto& known = state.sessions[x.session];
  known.paired = x.validator;
  known.stand_ins = x.stand_ins;
  for (const auto& [payee, value] : x.lanes)
    known.lanes[payee] = value;
}
void take(view& state, const happened::unpaired& x) { state.sessions[x.session].paired.reset(); }
void take(view& state, const happened::session_closed& x) { state.sessions.erase(x.session); }
void take(view& state, const happened::author_changed& x) {
  state.authors[x.author] = {x.key, x.stake, x.now};
}
void take(view& state, const happened::committee_elected& x) {
  state.next.insert_or_assign(x.next.chain, x.next);
}
void take(view& state, const happened::committee_ready& x) {
  state.next.insert_or_assign(x.next.chain, x.next);
}
void take(view& state, const happened::committee_seated& x) {
  state.next.erase(x.now.chain);
  if (x.now.chain != state.fast_authors.chain)
    return;  // Heavy's own: `follow` has taken it from the certificate
  state.fast_authors = x.now;
  state.fast_began = x.base;
}
void take(view& state, const happened::kernel_suspended& x) { state.suspended.insert(x.kernel); }
void take(view& state, const happened::kernel_resumed& x) { state.suspended.erase(x.kernel); }
void take(view& state, const happened::change_scheduled& x) {
  state.params.schedule(x.height, x.params);
}
/// Everything else is somebody's duty, not standing knowledge.
template <class Other>
void take(view&, const Other&) {}

}  // namespace

std::uint64_t session_view::lane(validator_id payee) const {
  const auto it = lanes.find(payee);
  if (it == lanes.end())
    return 0;
  const auto nano = it->second.units / units_per_nano_dg;
  return static_cast<std::uint64_t>(
    std::min<uint128>(nano, std::numeric_limits<std::uint64_t>::max()));
}

const validator_view* view::find(validator_id id) const {
  const auto it = validators.find(id);
  return it == validators.end() ? nullptr : &it->second;
}

const session_view* view::find(session_id id) const {
  const auto it = sessions.find(id);
  return it == sessions.end() ? nullptr : &it->second;
}

view view_of(const genesis& origin) {
  view result;
  result.params.in_force = origin.params;
  result.position.authors = heavy_roster(origin);
  result.fast_authors = fast_roster(origin);
  for (std::uint32_t i = 0; i < origin.heavy_authors.size(); ++i) {
    const auto& x = origin.heavy_authors[i];
    result.authors[{i}] = {x.key, x.stake, happened::standing::active};
  }
  for (std::uint32_t i = 0; i < origin.validators.size(); ++i) {
    const auto& x = origin.validators[i];
    result.validators[{i}] = {x.key, x.operator_id, x.stake, x.stake, x.ask,
                              happened::standing::active, x.name};
  }
  return result;
}

void apply(view& state, const event& what) {
  std::visit([&](const auto& x) { take(state, x); }, what);
}

followed advance(view& state, const certified_events& news, const signature_checker& signatures) {
  auto [check, blocks] = follow(state.position, news, signatures);
  for (const auto& block : blocks) {
    state.live_ms = block.live_ms;
    state.params.reach(block.height);
    for (const auto& what : block.events)
      apply(state, what);
  }
  state.params.reach(state.position.height);  // blocks in which nothing happened are not told
  return {check, std::move(blocks)};
}

}  // namespace datagen::protocol::ledger
