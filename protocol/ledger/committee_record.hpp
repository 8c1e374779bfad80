#pragma once
// Committees of both chains as Heavy remembers them (consensus.md 2.13): who serves, who is to
// follow, who is still answerable, and who stands for election.

#include "protocol/crypto/coin/dkg.hpp"
#include "protocol/ledger/events.hpp"

namespace datagen::protocol::ledger {

/// A stake held before it shrank; counts as highest stake until `until_ms` (section 4, slash).
struct stake_mark {
  amount stake;
  std::uint64_t until_ms = 0;
};
template <class Archive>
void describe(Archive& ar, stake_mark& x) {
  ar(x.stake, x.until_ms);
}

/// A candidate for the Heavy committee, or a former one.
struct author_record {
  public_key key;
  amount stake;  ///< Bonded, or unbonding once leaving or expelled.
  bool leaving = false;
  bool expelled = false;
  std::uint64_t release_ms = 0;     ///< Live time at which unbonding ends, unless it still serves.
  std::vector<stake_mark> earlier;  ///< Higher stakes within the unbonding period.
  amount slashed;

  happened::standing standing() const {
    using of = happened::standing;
    return expelled ? of::expelled : leaving ? of::leaving : of::active;
  }
  bool active() const { return standing() == happened::standing::active; }
};
template <class Archive>
void describe(Archive& ar, author_record& x) {
  ar(x.key, x.stake, x.leaving, x.expelled, x.release_ms, x.earlier, x.slashed);
}

/// A committee on its way to its coin, and then to its turn.
struct successor {
  consensus::roster next;  ///< `coin` is set once `ready_height` is.
  std::uint64_t elected_height = 0;
  std::vector<dkg::dealing> dealings;  ///< Valid ones, in the chain's order; n - f make the coin.
  std::optional<std::uint64_t> ready_height;
};
template <class Archive>
void describe(Archive& ar, successor& x) {
  ar(x.next, x.elected_height, x.dealings, x.ready_height);
}

/// Candidates for the Fast committee, frozen until the beacon requested at `height` is known.
struct frozen_candidates {
  std::uint64_t height = 0;
  std::map<validator_id, amount> stakes;
};
template <class Archive>
void describe(Archive& ar, frozen_candidates& x) {
  ar(x.height, x.stakes);
}

/// Out of office, but its members still answer for what they signed, until `until_ms`.
struct past_committee {
  consensus::roster members;
  std::set<consensus::author_index> equivocated;
  std::uint64_t until_ms = 0;  ///< Live time.
};
template <class Archive>
void describe(Archive& ar, past_committee& x) {
  ar(x.members, x.equivocated, x.until_ms);
}

struct chain_committees {
  consensus::roster now;
  std::uint64_t since_ms = 0;           ///< Live time.
  std::vector<dkg::dealing> coin_from;  ///< What `now.coin` was made of; none under a dealer's.
  std::set<consensus::author_index> equivocated;  ///< Of `now`, slashed for it once each.
  std::optional<fast_base> base;                  ///< Fast: the block after which `now` began.
  std::uint64_t elect_ms = 0;                     ///< Live time of the next election.
  std::optional<frozen_candidates> drawing;  ///< Fast, where there are too many for all to serve.
  std::optional<successor> next;
  std::map<std::uint32_t, past_committee> past;  ///< By epoch.
};
template <class Archive>
void describe(Archive& ar, chain_committees& x) {
  ar(x.now, x.since_ms, x.coin_from, x.equivocated, x.base, x.elect_ms, x.drawing, x.next, x.past);
}

struct committees_section {
  chain_committees heavy;
  chain_committees fast;
  /// Those of `chain`; nothing for any other.
  const chain_committees* find(const chain_id& chain) const {
    return chain == heavy.now.chain ? &heavy : chain == fast.now.chain ? &fast : nullptr;
  }
};
template <class Archive>
void describe(Archive& ar, committees_section& x) {
  ar(x.heavy, x.fast);
}

}  // namespace datagen::protocol::ledger
