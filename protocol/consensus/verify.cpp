#include "protocol/consensus/verify.hpp"

namespace datagen::protocol::consensus {

namespace {

vertex_check check_ancestors(const vertex& v, const verify_context& context) {
  const auto n = context.members.size();
  if (v.ancestors.empty())
    return vertex_check::no_ancestors;
  std::vector<bool> seen(n, false);
  std::size_t parents = 0;
  for (const auto& ancestor : v.ancestors) {
    if (ancestor.author >= n)
      return vertex_check::unknown_ancestor;
    if (ancestor.round >= v.round)
      return vertex_check::ancestor_not_older;
    if (&ancestor == v.ancestors.data() && ancestor.author != v.author)
      return vertex_check::own_not_first;
    if (seen[ancestor.author])
      return vertex_check::ancestor_twice;
    if (ancestor.round == 0 && ancestor != context.genesis[ancestor.author])
      return vertex_check::wrong_genesis;
    seen[ancestor.author] = true;
    parents += ancestor.round + 1 == v.round;
  }
  return parents < context.members.quorum() ? vertex_check::too_few_parents : vertex_check::ok;
}

vertex_check check_limits(const vertex& v, std::size_t size, const engine_params& params) {
  if (v.transactions.size() > params.transactions_max)
    return vertex_check::too_many_transactions;
  std::size_t payload = 0;
  for (const auto& transaction : v.transactions)
    payload += transaction.size();
  if (payload > params.payload_bytes_max)
    return vertex_check::payload_too_large;
  if (v.finality_votes.size() > params.finality_votes_max)
    return vertex_check::too_many_votes;
  if (v.beacon_shares.size() > params.beacon_shares_max)
    return vertex_check::too_many_beacon_shares;
  if (size > params.vertex_bytes_max)
    return vertex_check::vertex_too_large;
  return vertex_check::ok;
}

vertex_check check_shares(const vertex& v, const verify_context& context) {
  const auto slot = context.params.slot_decided_at(v.round);
  const bool good = slot ? context.coin->valid(v.author, coin_domain::leaders, *slot, v.coin_share)
                         : v.coin_share.empty();
  if (!good)
    return vertex_check::bad_coin_share;
  for (const auto& x : v.beacon_shares)
    if (!context.coin->valid(v.author, coin_domain::audits, x.height, x.share))
      return vertex_check::bad_beacon_share;
  return vertex_check::ok;
}

}  // namespace

vertex_check check(const sealed_vertex& v, const verify_context& context,
                   const signature_checker& signatures) {
  const auto& body = v.body;
  if (body.chain != context.members.chain)
    return vertex_check::wrong_chain;
  if (body.epoch != context.members.epoch)
    return vertex_check::wrong_epoch;
  if (body.author >= context.members.size())
    return vertex_check::unknown_author;
  if (body.round == 0)
    return vertex_check::round_zero;
  if (const auto reason = check_ancestors(body, context); reason != vertex_check::ok)
    return reason;
  if (const auto reason = check_limits(body, v.size, context.params); reason != vertex_check::ok)
    return reason;
  if (!signatures.check(context.members.authors[body.author], signing_bytes(v.ref.id), v.sig))
    return vertex_check::bad_signature;
  return check_shares(body, context);
}

std::string_view to_text(vertex_check reason) {
  static constexpr std::string_view names[] = {"ok",
                                               "wrong chain",
                                               "wrong epoch",
                                               "unknown author",
                                               "round zero",
                                               "no ancestors",
                                               "unknown ancestor",
                                               "ancestor not older",
                                               "own not first",
                                               "ancestor twice",
                                               "wrong genesis",
                                               "too few parents",
                                               "bad coin share",
                                               "too many transactions",
                                               "payload too large",
                                               "too many votes",
                                               "too many beacon shares",
                                               "vertex too large",
                                               "bad signature",
                                               "bad beacon share"};
  return names[static_cast<std::size_t>(reason)];
}

}  // namespace datagen::protocol::consensus
