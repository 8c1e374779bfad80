#pragma once
// The Echo's pure parts (protocol.md section 2, step 2): the standard job grown from a nonce, and
// the report a user makes of timed answers. Shared by validators and every kind of user's edge.

#include "protocol/ledger/transactions.hpp"

namespace datagen::protocol {

inline constexpr std::size_t echo_input_bytes = 1024;

/// Who asks, with a nonce nobody could know before.
struct echo_question {
  chain_id chain;
  session_id session;
  digest nonce;
};
template <class Archive>
void describe(Archive& ar, echo_question& x) {
  ar(x.chain, x.session, x.nonce);
}

/// What goes into replies and the report as `package`.
digest digest_of(const echo_question& x);
/// The input of the standard job: `merkle.root` version 0 without parameters.
inline constexpr const char* echo_kernel = "merkle.root";
bytes echo_input(const echo_question& x);

/// The report over `entries`, in any order: fastest first, the first `best_max` in clear.
/// @param at_ms the user's clock; each report of a session needs a later time than the last one
/// @pre `entries` is not empty, and every one's signature holds over `ledger::echo_statement`
ledger::tx::echo_report make_echo_report(const echo_question& x, std::uint64_t at_ms,
                                         std::vector<ledger::tx::echo_entry> entries,
                                         std::size_t best_max);

}  // namespace datagen::protocol
