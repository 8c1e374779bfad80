#pragma once
// How a follower comes by a whole Heavy state (consensus.md 2.15), where no author can tell the chain
// from where it stands: piece by piece from one author, checked against genesis' committee, and read
// only then.

#include "messages/chain.hpp"

#include "actors/transport.hpp"

#include "protocol/ledger/standing.hpp"

namespace datagen {

class heavy_start {
public:
  heavy_start() = default;
  heavy_start(const peer& self, const role_context& context) : self_(self), context_(context) {}

  /// Asks `author` for its newest state, unless one is on its way already.
  void ask(const peer& author);
  /// A piece. @returns where the chain stands, once the whole state is here and good; one at `above`
  /// or below is of no use.
  std::optional<protocol::ledger::standing> take(const peer& from, const v1::snapshot_piece& x,
                                                 std::uint64_t above);
  /// Call about once a second. @returns true when the author that was asked is of no help.
  bool failed();
  bool under_way() const { return incoming_.has_value(); }
  /// Heavy's hand-overs from genesis to the committee of the state that was taken last.
  const std::vector<protocol::consensus::hand_over>& passed() const { return passed_; }

private:
  struct incoming {
    protocol::consensus::state_fetch fetch;
    protocol::consensus::state_proof proof;
  };
  void ask_for_piece();
  bool trust(const protocol::consensus::state_proof& proof) const;
  std::optional<protocol::ledger::standing> read(const incoming& x) const;
  void give_up() {
    incoming_.reset();
    failed_ = true;
  }

  peer self_;
  role_context context_;
  std::optional<incoming> incoming_;
  bool failed_ = false;
  std::vector<protocol::consensus::hand_over> passed_;
};

}  // namespace datagen
