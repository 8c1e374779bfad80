#pragma once
// What may be said to the Fast Chain: leaves, the roots of Echo reports, and Heavy's decisions.

#include "protocol/ledger/events.hpp"

namespace datagen::protocol::fast {

namespace tx {

/// A job's leaf with both signatures; exactly the receipt the user holds.
struct submit_leaf {
  receipt content;
};
template <class Archive>
void describe(Archive& ar, submit_leaf& x) { ar(x.content); }

/// Merkle root over all entries of an Echo report, signed by the session's user (R10).
struct echo_root {
  session_id session;
  digest entries_root;
  signature user;  ///< Over `echo_root_statement`.
};
template <class Archive>
void describe(Archive& ar, echo_root& x) { ar(x.session, x.entries_root, x.user); }

/// The RPC from Heavy (L255): certified events, verified by every Fast author.
struct heavy_events {
  ledger::certified_events content;
};
template <class Archive>
void describe(Archive& ar, heavy_events& x) { ar(x.content); }

}  // namespace tx

/// Append, never reorder. Nothing else is signed: each alternative proves itself.
using transaction = std::variant<tx::submit_leaf, tx::echo_root, tx::heavy_events>;
/// Longer transactions are refused before anything of them is decoded.
inline constexpr std::size_t transaction_bytes_max = std::size_t{256} * 1024;

/// What the user signs for `tx::echo_root`; `chain` is the Heavy Chain, which holds the session.
inline bytes echo_root_statement(const chain_id& chain, session_id session,
                                 const digest& entries_root) {
  return encode("datagen/v1/echo-root", chain, session, entries_root);
}

}  // namespace datagen::protocol::fast
