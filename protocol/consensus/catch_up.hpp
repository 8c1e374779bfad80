#pragma once
// How an author that is behind comes back (consensus.md 2.15): which stretches of the chain to ask
// of whom, and what makes an answer trustworthy. Whoever runs it executes what `check` lets
// through.

#include "protocol/consensus/certificate.hpp"
#include "protocol/consensus/commit.hpp"

namespace datagen::protocol::consensus {

/// Consecutive blocks of one epoch, the last of them certified.
struct block_range {
  std::vector<commit> commits;  ///< Heights ascend by one.
  std::vector<bytes> vertices;  ///< Canonical bytes, in the order in which the commits name them.
  certificate last;             ///< Of the last commit.
};
template <class Archive>
void describe(Archive& ar, block_range& x) {
  ar(x.commits, x.vertices, x.last);
}

/// Numbers are logged: append, never renumber.
enum class [[nodiscard]] range_check : std::uint8_t{
  ok = 0,
  empty = 1,
  not_next = 2,         ///< It does not continue behind the last block that was executed.
  broken_chain = 3,     ///< A commit does not name the one before it.
  not_certified = 4,    ///< The certificate is about another block than the last.
  bad_certificate = 5,  ///< No quorum of the serving committee signed it.
  wrong_vertices = 6,   ///< They are not those that the commits name, or not signed.
};
constexpr range_check max_value(range_check) { return range_check::wrong_vertices; }

struct checked_range {
  range_check check = range_check::ok;
  std::vector<std::vector<vertex_ptr>> vertices;  ///< By commit.
};

/// The end of the chain that is known already.
struct chain_head {
  commit_index height = 0;
  digest block{};
};

/// Is `x` what `serving` decided after `head`? The digests lead from the certified block back to
/// `head`, and name every vertex: nothing else of the sender is trusted.
checked_range check(const block_range& x, const chain_head& head, const roster& serving,
                    const signature_checker& signatures);

struct catch_up_limits {
  std::uint64_t lag_blocks = 50;    ///< So far behind, a member asks for blocks beside the DAG.
  std::uint32_t range_blocks = 32;  ///< Per request; ends where certificates are expected.
  std::uint32_t requests_max = 4;   ///< Under way or waiting for their turn.
  std::uint32_t faults_max = 3;     ///< Bad or missing answers in a row until a peer must wait.
  std::size_t peers_max = 256;      ///< Remembered claims.
  std::uint64_t timeout_ms = 2'000;
  std::uint64_t poll_ms = 1'000;   ///< How often somebody is asked when nobody claims to be ahead.
  std::uint64_t stuck_ms = 4'000;  ///< A member's chain that stands still so long is asked for.
  std::uint64_t penalty_ms = 20'000;
};

/// Plans the requests. Peers go by their ids in the chain's registry.
class catch_up {
public:
  using peer_id = std::uint32_t;
  struct position {
    std::uint32_t epoch = 0;
    commit_index height = 0;  ///< Of the last executed block.
    bool live = false;        ///< Its engine runs: blocks come by themselves, if all is well.
  };
  struct request {
    peer_id peer = 0;
    std::uint64_t number = 0;
    commit_index first = 0;
    commit_index last = 0;
  };

  explicit catch_up(peer_id self = 0, catch_up_limits limits = {}) : self_(self), limits_(limits) {}

  /// Whom to ask, beside those who claim to be ahead.
  void ask_among(std::vector<peer_id> peers);
  /// `peer` seems to hold the chain up to `height` of `epoch`: a hint, never proof.
  void heard(peer_id peer, std::uint32_t epoch, commit_index height);
  /// Blocks above `last` are void (2.13, a Fast committee that was declared dead).
  void end_at(std::optional<commit_index> last) { end_ = last; }

  /// The requests that are due.
  std::vector<request> poll(const position& own, std::uint64_t now_ms);
  /// `peer` answers: it holds the chain up to `height` of `epoch`, and where it has no blocks to
  /// give, the state at `state`. Unasked answers are dropped.
  void replied(peer_id peer, std::uint64_t number, std::uint32_t epoch, commit_index height,
               std::optional<block_range> range, commit_index state = 0);
  /// Who offers the newest state, where nobody who is further keeps the block after `own` any more.
  std::optional<peer_id> whose_state(const position& own, std::uint64_t now_ms) const;
  /// The answer that begins at `first`, and whose it is, once.
  std::optional<std::pair<peer_id, block_range>> take(commit_index first);
  /// The range of `peer` was no good: it is asked elsewhere.
  void blame(peer_id peer, std::uint64_t now_ms);
  /// The range of `peer` was good.
  void credit(peer_id peer) { peers_[peer].faults = 0; }

  /// As of the last poll: there is a gap that the DAG will not close.
  bool behind() const { return behind_; }
  /// As of the last poll: how many blocks somebody claims to have beyond our own.
  commit_index gap() const { return target_ > last_height_ ? target_ - last_height_ : 0; }

private:
  struct open_request {
    peer_id peer = 0;
    commit_index first = 0;
    commit_index last = 0;
    std::uint64_t until_ms = 0;
  };
  struct standing {
    std::uint32_t epoch = 0;
    commit_index height = 0;
    std::uint32_t faults = 0;
    std::uint64_t silent_until_ms = 0;
    commit_index refused = 0;  ///< It did not give the block at this height,
    commit_index state = 0;    ///< but offered the state at this one.
  };

  void expire(std::uint64_t now_ms);
  bool judge(const position& own, std::uint64_t now_ms);
  std::optional<peer_id> choose(commit_index height, std::uint32_t epoch, std::uint64_t now_ms);
  /// The first height from `from` on that nobody was asked for.
  commit_index uncovered(commit_index from) const;
  request open(peer_id peer, commit_index first, commit_index last, std::uint64_t now_ms);

  peer_id self_;
  catch_up_limits limits_;
  std::map<peer_id, standing> peers_;
  std::map<std::uint64_t, open_request> open_;
  std::map<commit_index, std::pair<peer_id, block_range>> kept_;  ///< By first height.
  std::optional<commit_index> end_;
  commit_index target_ = 0;
  commit_index last_height_ = 0;
  std::uint64_t progress_ms_ = 0;
  std::uint64_t poll_ms_ = 0;
  std::uint64_t next_number_ = 1;
  peer_id rotate_ = 0;
  bool behind_ = false;
  bool later_epoch_ = false;  ///< Somebody claims to be in one.
};

}  // namespace datagen::protocol::consensus
