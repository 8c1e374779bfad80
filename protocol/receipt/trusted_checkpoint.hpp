#pragma once
// Where a reader's trust begins when it is not genesis (weak subjectivity, protocol.md section 5):
// keys of committees long gone may be in anybody's hands, so readers who were away begin at a
// recent committee that somebody vouches for.

#include "protocol/consensus/certificate.hpp"

namespace datagen::protocol {

/// A Heavy committee, at a block it certified: what a wallet ships or an operator publishes.
struct trusted_checkpoint {
  consensus::roster authors;
  std::uint64_t height = 0;
  digest block;
  friend bool operator==(const trusted_checkpoint&, const trusted_checkpoint&) = default;
};
template <class Archive>
void describe(Archive& ar, trusted_checkpoint& x) {
  ar(x.authors, x.height, x.block);
}
/// Its name, short enough to compare with somebody else's.
inline digest digest_of(const trusted_checkpoint& x) { return hash("trusted-checkpoint", x); }

/// "the trusted checkpoint of Heavy epoch 3 at block 812".
std::string to_text(const trusted_checkpoint& x);

/// Could both be of one chain? Epochs ascend with heights, and there is one block at each height.
bool contradicts(const trusted_checkpoint& anchor, const consensus::finality_statement& x);

}  // namespace datagen::protocol
