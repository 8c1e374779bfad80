#include "protocol/ledger/sessions.hpp"

#include "protocol/ledger/accounts.hpp"
#include "protocol/ledger/claims.hpp"
#include "protocol/ledger/market.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

namespace {

// Of the free escrow at pairing. A fifth stays free: lanes of earlier payees return only after their
// claims, and whoever follows a validator that went down must have one to earn from (step 3).
constexpr std::uint32_t paired_lane_permille = 600;
constexpr std::uint32_t stand_in_lane_permille = 100;

session_record& edit(block_scope& b, session_id id) {
  return b.now.sessions.edit().all.at(id);
}

void promise_escrow(session_record& session) {
  const auto free = session.free;
  const auto promise = [&session, free](validator_id payee, std::uint32_t permille) {
    const auto part = share(free, permille);
    session.lanes[payee].reserved += part;
    session.free -= part;
  };
  promise(*session.paired, paired_lane_permille);
  for (const auto stand_in : session.stand_ins)
    promise(stand_in, stand_in_lane_permille);
}

bool serves(const session_record& session, validator_id payee) {
  return session.paired == payee ||
         std::find(session.stand_ins.begin(), session.stand_ins.end(), payee) !=
           session.stand_ins.end();
}

/// Lanes of payees that no longer serve end; lanes of those that do again are alive again.
void end_lanes(block_scope& b, session_id id) {
  auto& sections = b.now.sessions.edit();
  for (const auto& [payee, lane] : sections.all.at(id).lanes) {
    if (serves(sections.all.at(id), payee))
      sections.ended.erase({id, payee});
    else if (lane.left() > amount{})
      sections.ended.try_emplace({id, payee},
                                 ended_lane{.epoch = b.now.checkpoints->claim_epoch + 1,
                                            .until_ms = b.live_ms() + b.params().unbonding_ms});
  }
}

void announce_pairing(block_scope& b, session_id id) {
  const auto& session = b.now.sessions->all.at(id);
  happened::paired news{id, *session.paired, session.stand_ins, {}, session.round_trip_us};
  for (const auto& [payee, lane] : session.lanes)
    if (serves(session, payee) || lane.left() > amount{})
      news.lanes.emplace_back(payee, lane.reserved);
  b.announce(std::move(news));
}

/// Nothing of a closed session is promised any more: escrow and bond go back, and of the deposit what
/// the first Echo did not cost, since nothing was ever paid.
void finish(block_scope& b, session_id id) {
  for (const auto& [payee, lane] : b.now.sessions->all.at(id).lanes)
    if (lane.left() > amount{})
      return;
  auto& session = edit(b, id);
  const auto kept = min(session.deposit, session.first_echo);
  const auto deposit = std::exchange(session.deposit, amount{}) - kept;
  b.now.treasury.edit().audit_fund += kept;
  const auto rest =
    std::exchange(session.free, amount{}) + std::exchange(session.bond, amount{}) + deposit;
  credit(b, session.payer, rest);
  if (rest > amount{})
    b.announce(happened::session_closed{id, rest});
}

/// What both kinds of session need.
ruling<session_check> check_terms(const state& now, const account_id& payer, session_id id,
                                  std::uint64_t bid, amount escrow) {
  if (bid == 0)
    return {session_check::no_bid, "a bid of 0 pays nobody"};
  if (const auto range = range_of(now); bid < range.low)
    return {session_check::below_range, outside_text("a bid of", bid, range)};
  if (escrow == amount{})
    return {session_check::no_escrow, "a session needs escrow"};
  const auto free = spendable(now, payer);
  const auto &bond = now.params().user_bond, &deposit = now.params().echo_deposit;
  if (free < bond + deposit || escrow > free - bond - deposit)
    return {session_check::insufficient_funds,
            "escrow " + to_text(escrow) + ", bond " + to_text(bond) + " and Echo deposit " +
              to_text(deposit) + " exceed the free balance less the fee, " + to_text(free)};
  if (find_session(now, id))
    return {session_check::id_taken, "a session of this id exists"};
  return {};
}

void open(block_scope& b, session_id id, session_record session, std::uint64_t nonce) {
  session.bond = b.params().user_bond;
  session.deposit = b.params().echo_deposit;
  debit(b, session.payer, session.free + session.bond + session.deposit);
  if (session.expires_ms != 0)
    b.now.sessions.edit().expiring.emplace(session.expires_ms, id);
  b.announce(happened::session_opened{id, session.user, session.mode, session.bid, session.free,
                                      nonce, session.payer, session.expires_ms});
  b.now.sessions.edit().all[id] = std::move(session);
}

/// Have the claims of every epoch up to `epoch` had their time?
bool claims_are_over(const block_scope& b, std::uint64_t epoch) {
  bool reached = false;
  for (const auto& [number, record] : b.now.checkpoints->epochs) {
    if (!record.settled_ms || *record.settled_ms + claim_window_ms(b.params()) > b.live_ms()) {
      if (number <= epoch)
        return false;
    } else if (number >= epoch) {
      reached = true;
    }
  }
  return reached;
}

}  // namespace

ruling<session_check> check(const rulebook& rules, const state& now, const account_id& sender,
                            std::uint64_t nonce, const tx::open_session& x) {
  return check_terms(now, sender, session_id_of(rules.chain, sender, nonce), x.bid, x.escrow);
}

ruling<session_check> check(const rulebook& rules, const state& now, const account_id& sender,
                            std::uint64_t nonce, const tx::delegate_session& x) {
  if (x.expires_ms <= now.clock->live_ms)
    return {session_check::expired, "a delegated key must end after " +
                                      std::to_string(now.clock->live_ms) + " ms of live time"};
  // Without it anyone could take the id that another's next session is to have.
  if (!rules.signatures->check(
        x.key, delegation_statement(rules.chain, sender, nonce, x.expires_ms), x.consent))
    return {session_check::no_consent, "the key has not signed to be this pool's"};
  return check_terms(now, sender, session_id_of(rules.chain, x.key, nonce), x.bid, x.escrow);
}

ruling<session_check> check(const rulebook&, const state& now, const account_id& sender,
                            const tx::close_session& x) {
  const auto* session = find_session(now, x.session);
  if (session == nullptr)
    return {session_check::unknown_session, "no session " + std::to_string(x.session.value)};
  if (session->user != sender && session->payer != sender)
    return {session_check::not_the_user, "the session belongs to " + to_hex(session->user)};
  if (session->closed)
    return {session_check::closed, "the session is closed already"};
  return {};
}

void apply(block_scope& b, const account_id& sender, std::uint64_t nonce,
           const tx::open_session& x) {
  open(b, session_id_of(b.rules.chain, sender, nonce),
       {.user = sender, .mode = x.mode, .bid = x.bid, .free = x.escrow, .payer = sender}, nonce);
}

void apply(block_scope& b, const account_id& sender, std::uint64_t nonce,
           const tx::delegate_session& x) {
  open(b, session_id_of(b.rules.chain, x.key, nonce),
       {.user = x.key, .mode = x.mode, .bid = x.bid, .free = x.escrow, .payer = sender,
        .expires_ms = x.expires_ms},
       nonce);
}

void apply(block_scope& b, const account_id&, const tx::close_session& x) {
  ledger::close_session(b, x.session);
}

void run_session_deadlines(block_scope& b) {
  while (!b.now.sessions->expiring.empty() &&
         b.now.sessions->expiring.begin()->first <= b.live_ms())
    close_session(b, b.now.sessions->expiring.begin()->second);
}

void return_deposit(block_scope& b, session_id id) {
  if (b.now.sessions->all.at(id).deposit == amount{})
    return;
  refund(b, id, std::exchange(edit(b, id).deposit, amount{}));
}

void close_session(block_scope& b, session_id id) {
  auto& session = edit(b, id);
  session.closed = true;
  session.paired.reset();
  session.stand_ins.clear();
  const auto unpromised = std::exchange(session.free, amount{});
  credit(b, session.payer, unpromised);
  b.now.sessions.edit().expiring.erase({session.expires_ms, id});
  b.announce(happened::session_closed{id, unpromised});
  end_lanes(b, id);
  finish(b, id);
}

amount forfeit_bond(block_scope& b, session_id id) {
  const auto bond = std::exchange(edit(b, id).bond, amount{});
  if (bond > amount{})
    b.announce(happened::bond_forfeited{id, bond});
  if (!b.now.sessions->all.at(id).closed)
    close_session(b, id);
  return bond;
}

void pair_session(block_scope& b, session_id id, std::span<const validator_id> payees,
                  std::uint64_t round_trip_us) {
  auto& session = edit(b, id);
  session.paired = payees.front();
  session.stand_ins.assign(payees.begin() + 1, payees.end());
  session.round_trip_us = round_trip_us;
  promise_escrow(session);
  end_lanes(b, id);
  announce_pairing(b, id);
}

void unpair_everywhere(block_scope& b, validator_id who) {
  std::vector<session_id> affected;
  for (const auto& [id, session] : b.now.sessions->all)
    if (serves(session, who))
      affected.push_back(id);
  for (const auto id : affected) {
    auto& session = edit(b, id);
    std::erase(session.stand_ins, who);
    const bool was_paired = session.paired == who;
    if (was_paired)
      session.paired.reset();
    end_lanes(b, id);
    if (was_paired)
      b.announce(happened::unpaired{id, who});
  }
}

void refund(block_scope& b, session_id id, amount value) {
  auto& session = edit(b, id);
  if (session.closed)
    credit(b, session.payer, value);
  else
    session.free += value;
}

void release_lanes(block_scope& b) {
  std::vector<std::pair<session_id, validator_id>> due;
  for (const auto& [which, lane] : b.now.sessions->ended)
    if (lane.until_ms <= b.live_ms() ||
        (claims_are_over(b, lane.epoch) && !awaits_audit(b.now, which.second, lane.epoch)))
      due.push_back(which);
  std::set<session_id> changed;
  for (const auto& which : due) {
    auto& sections = b.now.sessions.edit();
    sections.ended.erase(which);
    auto& session = sections.all.at(which.first);
    auto& lane = session.lanes.at(which.second);
    session.free += lane.left();
    lane.reserved = lane.settled;
    changed.insert(which.first);
  }
  for (const auto id : changed) {
    auto& session = edit(b, id);
    if (session.closed) {
      finish(b, id);
    } else if (session.paired) {
      promise_escrow(session);
      announce_pairing(b, id);
    }
  }
}

std::uint64_t claim_window_ms(const parameters& p) {
  return fraud_window_ms(p) + p.epoch_ms + p.appeal_window_ms + p.last_stage_window_ms +
         p.reveal_window_ms;
}

}  // namespace datagen::protocol::ledger
