#include "protocol/consensus/certificate.hpp"

namespace datagen::protocol::consensus {

bytes signing_bytes(const finality_statement& s) { return encode("finality", s); }

finality_vote sign_finality(const finality_statement& s, const key_pair& key) {
  return {s.height, s.block, s.state_root, sign(key, signing_bytes(s))};
}

certificate_check check(const certificate& c, const roster& members,
                        const signature_checker& signatures) {
  if (c.statement.chain != members.chain || c.statement.epoch != members.epoch)
    return certificate_check::wrong_committee;
  for (std::size_t i = 0; i < c.signatures.size(); ++i) {
    if (i > 0 && c.signatures[i].first <= c.signatures[i - 1].first)
      return certificate_check::authors_unordered;
    if (c.signatures[i].first >= members.size())
      return certificate_check::unknown_author;
  }
  if (c.signatures.size() < members.quorum())
    return certificate_check::too_few_signatures;
  const auto message = signing_bytes(c.statement);
  for (const auto& [author, sig] : c.signatures)
    if (!signatures.check(members.authors[author], message, sig))
      return certificate_check::bad_signature;
  return certificate_check::ok;
}

void vote_collector::expect(const finality_statement& s) {
  open_.try_emplace(s.height, tally{s, {}});
}

vote_check vote_collector::add(author_index author, const finality_vote& vote,
                               const signature_checker& signatures) {
  if (author >= members_.size())
    return vote_check::unknown_author;
  const auto found = open_.find(vote.height);
  if (found == open_.end())
    return vote_check::not_expected;
  auto& [statement, votes] = found->second;
  if (votes.contains(author))
    return vote_check::repeated;
  if (vote.block != statement.block || vote.state_root != statement.state_root)
    return vote_check::diverged;
  if (!signatures.check(members_.authors[author], signing_bytes(statement), vote.sig))
    return vote_check::bad_signature;
  votes.emplace(author, vote.sig);
  return vote_check::ok;
}

std::optional<certificate> vote_collector::take(std::uint64_t height) {
  const auto found = open_.find(height);
  if (found == open_.end() || found->second.votes.size() < members_.quorum())
    return std::nullopt;
  certificate result{found->second.statement, {}};
  result.signatures.assign(found->second.votes.begin(), found->second.votes.end());
  open_.erase(open_.begin(), std::next(found));
  return result;
}

}  // namespace datagen::protocol::consensus
