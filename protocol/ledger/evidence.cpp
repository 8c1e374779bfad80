#include "protocol/ledger/evidence.hpp"

#include "protocol/ledger/authors.hpp"
#include "protocol/ledger/staking.hpp"

namespace datagen::protocol::ledger {

namespace {

/// A committee with those of it that are slashed already; `Set` is const where `Chain` is.
template <class Set>
struct accountable {
  const consensus::roster* members = nullptr;
  Set* slashed = nullptr;
};

template <class Chain>
auto find_committee(Chain& chain, std::uint32_t epoch) {
  accountable<std::remove_reference_t<decltype((chain.equivocated))>> result;
  if (epoch == chain.now.epoch)
    result = {&chain.now, &chain.equivocated};
  else if (const auto found = chain.past.find(epoch); found != chain.past.end())
    result = {&found->second.members, &found->second.equivocated};
  return result;
}

bool are_twins(const consensus::vertex_header& x, const consensus::vertex_header& y) {
  return x.chain == y.chain && x.epoch == y.epoch && x.author == y.author && x.round == y.round &&
         x != y;
}

bool signed_by(const public_key& author, const consensus::signed_header& x,
               const signature_checker& signatures) {
  return signatures.check(author, consensus::signing_bytes(digest_of(x.header)), x.sig);
}

void slash_validator(block_scope& b, validator_id id) {
  const auto taken = take_slash(b, id, b.params().slash_equivocated_permille);
  b.now.treasury.edit().burned += taken;
  b.announce(happened::slashed{id, taken, b.now.validators->at(id).stake, "twins", false});
  announce_change(b, id);
  expel_if_poor(b, id);
}

}  // namespace

ruling<evidence_check> check(const rulebook& rules, const state& now, const tx::equivocation& x) {
  const auto& header = x.first.header;
  if (!are_twins(header, x.second.header))
    return {evidence_check::not_twins, "these are not two vertices of one author and round"};
  const auto* chain = now.committees->find(header.chain);
  if (chain == nullptr)
    return {evidence_check::unknown_committee, "the vertices are of another chain"};
  const auto committee = find_committee(*chain, header.epoch);
  if (committee.members == nullptr)
    return {evidence_check::unknown_committee, "the committee of epoch " +
                                                 std::to_string(header.epoch) +
                                                 " does not answer for its vertices (any more)"};
  const auto name = "author " + std::to_string(header.author);
  if (header.author >= committee.members->size())
    return {evidence_check::unknown_author, "the committee has no " + name};
  if (committee.slashed->contains(header.author))
    return {evidence_check::already_slashed, name + " is slashed for this epoch"};
  const auto& key = committee.members->authors[header.author];
  if (!signed_by(key, x.first, *rules.signatures) || !signed_by(key, x.second, *rules.signatures))
    return {evidence_check::bad_signature, "one of the vertices is not signed by " + name};
  return {};
}

void apply(block_scope& b, const tx::equivocation& x) {
  const auto& header = x.first.header;
  auto& all = b.now.committees.edit();
  const bool heavy = header.chain == all.heavy.now.chain;
  const auto committee = find_committee(heavy ? all.heavy : all.fast, header.epoch);
  committee.slashed->insert(header.author);
  const auto id = committee.members->ids[header.author];
  if (heavy)
    slash_author(b, {id});
  else
    slash_validator(b, {id});
}

}  // namespace datagen::protocol::ledger
