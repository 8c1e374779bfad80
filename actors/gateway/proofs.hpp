#pragma once
// What proves a checkpoint to outsiders who hold only genesis (protocol.md section 5): its leaves'
// paths, its place in a certified Fast state and Heavy's word that it is settled, collected while
// the chains tell them. Kept for the checkpoints that somebody holds, and for the newest.

#include "messages/chain.hpp"

#include "protocol/crypto/merkle.hpp"
#include "protocol/receipt/heavy_proof.hpp"

#include <set>

namespace datagen::web {

/// Where a leaf is in a checkpoint's tree.
struct leaf_place {
  std::uint64_t checkpoint = 0;  ///< Sequence.
  std::uint32_t index = 0;
  std::vector<protocol::digest> path;
};
template <class Archive>
void describe(Archive& ar, leaf_place& x) {
  ar(x.checkpoint, x.index, x.path);
}

struct checkpoint_proof {
  protocol::ledger::tx::checkpoint at;  ///< With the Fast certificate.
  std::optional<protocol::heavy_proof> settled;
};
template <class Archive>
void describe(Archive& ar, checkpoint_proof& x) {
  ar(x.at, x.settled);
}

class checkpoint_proofs {
public:
  /// A checkpoint that has become provable, with its leaves in order.
  struct certified {
    std::uint64_t sequence = 0;
    std::vector<std::pair<protocol::job_id, protocol::digest>> leaves;  ///< Job, leaf hash.
    protocol::merkle_tree tree;
  };

  /// The next Fast block.
  void take(const v1::block_news& block);
  /// A checked Fast certificate. @returns the checkpoint that it proves, once.
  std::optional<certified> certify(const protocol::consensus::certificate& proof);
  /// Heavy's word, already checked. @returns false when it is not needed.
  bool settle(std::uint64_t sequence, protocol::heavy_proof proof);
  bool wants(std::uint64_t sequence) const;

  void hold(std::uint64_t sequence);
  /// @returns true when nobody holds it any longer.
  bool release(std::uint64_t sequence);
  bool held(std::uint64_t sequence) const;
  /// Nothing without a Fast certificate.
  const checkpoint_proof* find(std::uint64_t sequence) const;
  void restore(checkpoint_proof x);
  /// Fast blocks from `fast_height` on are void, and with them their checkpoints that Heavy did not
  /// settle. @returns the sequences of those.
  std::set<std::uint64_t> cut(std::uint64_t fast_height);

private:
  struct entry {
    std::optional<checkpoint_proof> proof;
    std::optional<protocol::heavy_proof> settled;  ///< Heard before the certificate.
    std::size_t holders = 0;
  };
  void forget_old();

  std::map<std::uint64_t, entry> entries_;
  std::uint64_t newest_ = 0;
  std::map<std::uint64_t, std::vector<std::pair<protocol::job_id, protocol::digest>>> leaves_;
  std::map<std::uint64_t, protocol::ledger::tx::checkpoint> uncertified_;  ///< By Fast height.
};

}  // namespace datagen::web
