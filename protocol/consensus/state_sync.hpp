#pragma once
// How an author that was away for longer than anybody keeps blocks comes by the state (consensus.md
// 2.15): what proves a state that a stranger sends, and how it is put together from pieces.

#include "protocol/consensus/commit.hpp"
#include "protocol/consensus/hand_over.hpp"

namespace datagen::protocol::consensus {

/// The epoch that `members` serve: it begins with block `first`.
struct epoch_term {
  committee members;
  commit_index first = 1;
};
template <class Archive>
void describe(Archive& ar, epoch_term& x) {
  ar(static_cast<roster&>(x.members), x.members.previous_commit, x.members.genesis_time_ms, x.first);
}

/// The end of an epoch: the certificate of its last block, which names who follows, and that block.
struct epoch_end {
  hand_over over;
  commit last;
};
template <class Archive>
void describe(Archive& ar, epoch_end& x) {
  ar(x.over, x.last);
}

/// Whom `serving` seats. @returns nothing where its quorum did not sign exactly that.
std::optional<epoch_term> seated_by(const epoch_end& x, const epoch_term& serving,
                                          const signature_checker& signatures);

/// Why the state after `block` is what it is.
struct state_proof {
  std::vector<epoch_end> ends;  ///< From the epoch that the asker knows on, one after the other.
  commit block;
  certificate proof;  ///< Of `block`, by the committee that serves on after it.
};
template <class Archive>
void describe(Archive& ar, state_proof& x) {
  ar(x.ends, x.block, x.proof);
}

/// Numbers are logged: append, never renumber.
enum class [[nodiscard]] state_check : std::uint8_t {
  ok = 0,
  wrong_epoch = 1,      ///< The serving committee does not sign for this epoch, or not any more.
  not_certified = 2,    ///< The certificate is about another block.
  bad_certificate = 3,  ///< No quorum of the serving committee signed it.
};
constexpr state_check max_value(state_check) { return state_check::bad_certificate; }

/// Does `serving` stand behind `block`, and go on after it? The state root is then that of
/// `proof.statement`; a state that leads to it is the chain's.
state_check check(const commit& block, const certificate& proof, const epoch_term& serving,
                  const signature_checker& signatures);

struct state_fetch_limits {
  std::uint64_t bytes_max = 512ULL << 20;  ///< Of a whole state; more is refused.
  std::uint64_t piece_bytes_max = 1ULL << 20;
  std::uint64_t timeout_ms = 4'000;
};

/// One state on its way here, piece by piece from one peer, after its proof was found good.
class state_fetch {
public:
  struct piece_request {
    std::uint64_t number = 0;
    commit_index height = 0;   ///< 0: the newest there is.
    std::uint64_t offset = 0;  ///< Bytes that are here already.
  };

  state_fetch() = default;
  explicit state_fetch(std::uint32_t peer, state_fetch_limits limits = {})
      : peer_(peer), limits_(limits) {}

  std::uint32_t peer() const { return peer_; }
  commit_index height() const { return height_; }
  /// The next request.
  piece_request next(std::uint64_t now_ms);
  /// @returns whether this is the answer that is waited for.
  bool expects(std::uint32_t peer, std::uint64_t number) const {
    return peer == peer_ && number == number_ && waiting_;
  }
  /// The first answer: a state of `size` bytes after the block at `height`. @returns false, if so
  /// large a state is refused.
  bool begin(commit_index height, std::uint64_t size);
  /// A piece of it. @returns false for one that is not what was asked for.
  bool add(commit_index height, std::uint64_t offset, byte_view data);
  bool complete() const { return size_ > 0 && data_.size() == size_; }
  bool late(std::uint64_t now_ms) const { return waiting_ && now_ms >= until_ms_; }
  const bytes& data() const { return data_; }

private:
  std::uint32_t peer_ = 0;
  state_fetch_limits limits_;
  std::uint64_t number_ = 0;
  bool waiting_ = false;
  std::uint64_t until_ms_ = 0;
  commit_index height_ = 0;
  std::uint64_t size_ = 0;
  bytes data_;
};

}  // namespace datagen::protocol::consensus
