#pragma once
// Sessions and their escrow: opening, lanes per payee, closing (protocol.md section 2, step 4).

#include "protocol/ledger/rulebook.hpp"

namespace datagen::protocol::ledger {

enum class [[nodiscard]] session_check : std::uint8_t {
  ok = 0,
  no_bid = 1,              ///< Section 4, market: a bid is a price above zero.
  no_escrow = 2,           ///< Step 4: without escrow no validator can be promised anything.
  insufficient_funds = 3,  ///< Step 4: escrow and audit bond are locked when the session opens.
  id_taken = 4,            ///< Two sessions never share an id.
  unknown_session = 5,
  not_the_user = 6,        ///< Only who opened a session may close it.
  closed = 7,
  below_range = 8,         ///< Section 4, market: a bid below the price range serves nobody.
  no_consent = 9,          ///< Section 1, user: a delegated key agrees to be one.
  expired = 10,            ///< Section 1, user: a delegated key ends at a time to come.
};

/// @param nonce of the transaction: it names the session
ruling<session_check> check(const rulebook& rules, const state& now, const account_id& sender,
                            std::uint64_t nonce, const tx::open_session& x);
/// @param nonce of the transaction: with the delegated key it names the session
ruling<session_check> check(const rulebook& rules, const state& now, const account_id& sender,
                            std::uint64_t nonce, const tx::delegate_session& x);
ruling<session_check> check(const rulebook& rules, const state& now, const account_id& sender,
                            const tx::close_session& x);
/// @pre `check` returned ok
void apply(block_scope& b, const account_id& sender, std::uint64_t nonce,
           const tx::open_session& x);
void apply(block_scope& b, const account_id& sender, std::uint64_t nonce,
           const tx::delegate_session& x);
void apply(block_scope& b, const account_id& sender, const tx::close_session& x);

/// Pairs `id` with `payees`: the validator, then up to two stand-ins. Free escrow is promised to
/// them; lanes of others end.
void pair_session(block_scope& b, session_id id, std::span<const validator_id> payees,
                  std::uint64_t round_trip_us);
/// `who` serves nobody any more; its lanes end, sessions paired with it are told.
void unpair_everywhere(block_scope& b, validator_id who);
/// Ends it: nothing more is paired or promised, what is free goes back. @pre it is open
void close_session(block_scope& b, session_id id);
/// Its user contradicted itself: the bond is gone, and the session ends with it, since nothing would
/// keep it from going on (section 2, step 5, and section 3, rule d). Who wants to go on opens another,
/// with another bond. @returns the bond, for the caller to put into a bucket
amount forfeit_bond(block_scope& b, session_id id);
/// Closes the sessions of pools whose time is over.
void run_session_deadlines(block_scope& b);
/// A claim of the session was paid: the deposit for its first Echo comes back.
void return_deposit(block_scope& b, session_id id);
/// Gives `value` back to a session: to its free escrow, or to its payer once it is closed.
void refund(block_scope& b, session_id id, amount value);
/// Returns ended lanes whose claims have had their time to the escrow, and promises it anew; a
/// closed session's last lane returns everything to the user.
void release_lanes(block_scope& b);

/// How long after an epoch has settled its claims may still be paid from an ended lane.
std::uint64_t claim_window_ms(const parameters& p);

}  // namespace datagen::protocol::ledger
