#pragma once
// Who serves on both chains, who served before and who comes next (consensus.md 2.13), as certified
// Heavy news tell it; with the proofs that carry a reader from one committee to the next.

#include "actors/gateway/chain_index.hpp"

#include "protocol/chain/genesis.hpp"
#include "protocol/receipt/portable.hpp"

namespace datagen::web {

/// A committee, and where it began.
struct seated_committee {
  protocol::consensus::roster members;
  std::uint64_t first_height = 1;  ///< Of its own chain's blocks.
  std::uint64_t seated_in = 0;     ///< Heavy block; 0 = genesis.
};

/// Who is to follow, and how far its coin is.
struct next_committee {
  protocol::consensus::roster members;
  bool ready = false;             ///< The coin is made: it takes over as soon as it can.
  std::uint64_t elected_in = 0;   ///< Heavy block; a later election of the same epoch replaces it.
  std::set<std::uint32_t> dealt;  ///< Ids of members whose dealings count.
};

/// Heavy's word that a Fast committee serves, as it is kept.
struct seating {
  protocol::heavy_proof proof;
};
template <class Archive>
void describe(Archive& ar, seating& x) {
  ar(x.proof);
}

class committee_book {
public:
  committee_book() = default;
  explicit committee_book(const protocol::genesis& origin);

  // News, already checked. @returns whether a committee is new.
  bool take(const protocol::consensus::hand_over& x);
  bool take(const seating& x);
  /// Of a state: Fast's committee, and where it began.
  bool take(const protocol::consensus::roster& fast,
            const std::optional<protocol::ledger::fast_base>& began);
  /// Elections, dealings and committees that got ready.
  void take(std::uint64_t heavy_height, const protocol::ledger::event& what);

  const seated_committee& newest(chain_kind x) const { return of(x).seated.rbegin()->second; }
  const protocol::consensus::roster* find(chain_kind x, std::uint32_t epoch) const;
  /// Whose blocks count at `height`.
  std::uint32_t epoch_at(chain_kind x, std::uint64_t height) const;
  /// All by epoch.
  const std::map<std::uint32_t, seated_committee>& all(chain_kind x) const { return of(x).seated; }
  const std::optional<next_committee>& next(chain_kind x) const { return of(x).next; }

  /// Heavy's hand-overs up to `epoch`, at most the newest `portable_hand_overs_max`.
  std::vector<protocol::consensus::hand_over> hand_overs_to(std::uint32_t epoch) const;
  /// What proves a Fast committee; nothing for genesis'.
  const protocol::heavy_proof* seating_of(std::uint32_t fast_epoch) const;
  /// The certificate that ended a Heavy epoch.
  const protocol::consensus::certificate* last_of(std::uint32_t heavy_epoch) const;

private:
  struct line {
    std::map<std::uint32_t, seated_committee> seated;
    std::optional<next_committee> next;
  };
  line& of(chain_kind x) { return x == chain_kind::heavy ? heavy_ : fast_; }
  const line& of(chain_kind x) const { return x == chain_kind::heavy ? heavy_ : fast_; }
  line* of(const protocol::chain_id& chain);
  bool seat(line& where, seated_committee x);

  line heavy_;
  line fast_;
  std::map<std::uint32_t, protocol::consensus::hand_over> hand_overs_;  ///< By the later epoch.
  std::map<std::uint32_t, protocol::heavy_proof> seatings_;             ///< By Fast epoch.
};

}  // namespace datagen::web
