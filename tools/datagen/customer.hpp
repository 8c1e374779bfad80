#pragma once
// A paying account in conversation with the network: sessions, Echo and pairing (protocol.md section
// 2, steps 2 to 4), then jobs.

#include "tools/datagen/network.hpp"
#include "tools/datagen/progress_bar.hpp"
#include "tools/datagen/session_file.hpp"

#include "kernels/registry.hpp"
#include "protocol/ledger/transactions.hpp"

namespace datagen::tools {

/// Everything a conversation needs; lives as long as the command.
struct customer {
  const api_client& api;
  const network& net;
  protocol::key_pair key;
  const session_file& sessions;
  const kernels::registry& kernels;
  progress_bar& progress;

  session_owner owner() const { return {net.heavy, key.identity}; }
};

struct session_wish {
  std::optional<protocol::session_id> session;  ///< This one, and no other.
  std::optional<std::uint32_t> sequence;        ///< Its first sequence, where not remembered.
  bool fresh = false;                           ///< Open a new one whatever is remembered.
  protocol::ledger::tx::pairing_mode mode = protocol::ledger::tx::pairing_mode::latency;
  std::optional<std::uint64_t> bid;             ///< 10^-9 DG per 1,000 units; unset: the highest ask.
  protocol::amount escrow = protocol::dg(10);
  std::uint64_t pairing_timeout_ms = 60'000;
};

struct paired_session {
  protocol::session_id id;
  /// The paired validator and its stand-ins, as they are asked in turn; whoever takes no jobs or asks
  /// more than the session bids is left out.
  std::vector<served_by> payees;
  bool served = true;  ///< The paired validator is the first of them.
};

/// A session that somebody takes jobs of: the chosen or remembered one, or a new one after an Echo.
/// Throws `failure`.
paired_session pair_session(const customer& who, const session_wish& wish);

/// The session as the server knows it now. Throws `failure` where it is closed, or bids less than
/// every validator asks.
paired_session look_at(const customer& who, protocol::session_id id);
/// Has an open session paired by a further Echo: paid for, unless its validator is gone.
void pair_anew(const customer& who, protocol::session_id id);
/// Who takes a job of the session that all of `but` have refused: between an expulsion and the next
/// pairing whoever is paired next, waited for until `deadline_ms`. Empty where there is nobody else.
/// @param is_gone the last of them takes no jobs, though the server may not have heard
std::vector<served_by> find_others(const customer& who, protocol::session_id id,
                                   const std::vector<protocol::validator_id>& but, bool is_gone,
                                   std::uint64_t deadline_ms);

/// Pays for a further Echo of `session` and runs it, so that the next job finds somebody who
/// answers. Says on `who.progress` where there can be none.
void pair_again(const customer& who, protocol::session_id session);

/// Runs one Echo for `session`, reports it to both chains. Throws `failure`.
void run_echo(const customer& who, protocol::session_id session);

}  // namespace datagen::tools
