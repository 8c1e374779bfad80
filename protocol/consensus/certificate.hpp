#pragma once
// Finality: q signatures on what a block is and what its execution led to (consensus.md 2.15).

#include "protocol/consensus/vertex.hpp"

namespace datagen::protocol::consensus {

/// What the committee signs about one executed block.
struct finality_statement {
  protocol::chain_id chain{};
  std::uint32_t epoch = 0;
  std::uint64_t height = 0;
  digest block{};           ///< `digest_of(commit)`.
  digest state_root{};      ///< After executing the block.
  digest next_committee{};  ///< `digest_of` the roster that follows; the serving one's inside an epoch.
  friend auto operator<=>(const finality_statement&, const finality_statement&) = default;
};
template <class Archive>
void describe(Archive& ar, finality_statement& x) {
  ar(x.chain, x.epoch, x.height, x.block, x.state_root, x.next_committee);
}

/// The bytes that are signed, under their own domain.
bytes signing_bytes(const finality_statement& s);
/// The vote an author puts into its next vertex.
finality_vote sign_finality(const finality_statement& s, const key_pair& key);

struct certificate {
  finality_statement statement;
  std::vector<std::pair<author_index, signature>> signatures;  ///< Authors ascend strictly.
};
template <class Archive>
void describe(Archive& ar, certificate& x) {
  ar(x.statement, x.signatures);
}

/// Numbers are logged: append, never renumber.
enum class [[nodiscard]] certificate_check : std::uint8_t{
  ok = 0,
  wrong_committee = 1,    ///< Chain or epoch are not the committee's.
  authors_unordered = 2,  ///< Authors must ascend, so none counts twice.
  unknown_author = 3,
  too_few_signatures = 4,  ///< 2.15: q distinct authors.
  bad_signature = 5,
};

/// Does a quorum of `members` stand behind `c`? Needs nothing else: light clients run exactly this.
certificate_check check(const certificate& c, const roster& members,
                        const signature_checker& signatures);

/// What became of a vote. Numbers are logged: append, never renumber.
enum class [[nodiscard]] vote_check : std::uint8_t{
  ok = 0,
  not_expected = 1,  ///< No own statement at this height, or its certificate is complete.
  diverged = 2,      ///< Same height, other block or state root: halt when q others agree (2.15).
  repeated = 3,     unknown_author = 4, bad_signature = 5,
};

/// Collects one committee's votes for statements this node has computed itself.
class vote_collector {
public:
  explicit vote_collector(roster members) : members_(std::move(members)) {}

  /// States what this node found at `s.height`; votes are counted from now on.
  void expect(const finality_statement& s);
  /// Counts `vote` of `author`; early votes are the caller's to keep until `expect`.
  vote_check add(author_index author, const finality_vote& vote,
                 const signature_checker& signatures);
  /// The certificate at `height`, once, as soon as q authors have voted; forgets lower heights.
  std::optional<certificate> take(std::uint64_t height);

private:
  struct tally {
    finality_statement statement;
    std::map<author_index, signature> votes;
  };
  roster members_;
  std::map<std::uint64_t, tally> open_;
};

}  // namespace datagen::protocol::consensus
