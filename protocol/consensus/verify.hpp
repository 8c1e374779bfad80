#pragma once
// Context-free validity of a vertex (consensus.md 2.2). Failure means: drop it, score the sender.

#include "protocol/consensus/coin.hpp"

namespace datagen::protocol::consensus {

/// The first clause of 2.2 a vertex breaks. Numbers are logged: append, never renumber.
enum class [[nodiscard]] vertex_check : std::uint8_t{
  ok = 0,
  wrong_chain = 1,          ///< 2.2 clause 1.
  wrong_epoch = 2,          ///< 2.2 clause 1.
  unknown_author = 3,       ///< 2.2 clause 1: the author is an index into the committee.
  round_zero = 4,           ///< 2.2 clause 1: genesis is never sent.
  no_ancestors = 5,         ///< 2.2 clause 2.
  unknown_ancestor = 6,     ///< 2.2 clause 2: an ancestor's author is not in the committee.
  ancestor_not_older = 7,   ///< 2.2 clause 2: every ancestor's round is below the vertex's.
  own_not_first = 8,        ///< 2.2 clause 2: the first ancestor is the author's own previous one.
  ancestor_twice = 9,       ///< 2.2 clause 2: at most one ancestor per author.
  wrong_genesis = 10,       ///< 2.2 clause 2: round-0 references equal the known genesis.
  too_few_parents = 11,     ///< 2.2 clause 3: q distinct authors at round - 1.
  bad_coin_share = 12,      ///< 2.2 clause 4: missing or wrong, or there where none belongs.
  too_many_transactions = 13,   ///< 2.2 clause 5.
  payload_too_large = 14,       ///< 2.2 clause 5.
  too_many_votes = 15,          ///< 2.2 clause 5.
  too_many_beacon_shares = 16,  ///< 2.2 clause 5.
  vertex_too_large = 17,        ///< 2.2 clause 5.
  bad_signature = 18,           ///< 2.2 clause 1, strict Ed25519.
  bad_beacon_share = 19,        ///< 3.4. Shares come last because they are the dearest.
};

/// One word per reason, for logs and reports.
std::string_view to_text(vertex_check reason);

/// What `check` needs to know of an epoch, computed once.
struct verify_context {
  committee members;
  engine_params params;
  std::shared_ptr<const coin_source> coin;
  std::vector<vertex_ref> genesis;
  verify_context(committee c, engine_params p, std::shared_ptr<const coin_source> s)
      : members(std::move(c)), params(p), coin(std::move(s)), genesis(genesis_refs(members)) {}
};

/// Checks `v` without knowing any other vertex; the first failing clause wins. Safe to call from
/// several threads with one context.
vertex_check check(const sealed_vertex& v, const verify_context& context,
                   const signature_checker& signatures);

}  // namespace datagen::protocol::consensus
