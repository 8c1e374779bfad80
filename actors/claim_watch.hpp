#pragma once
// A user's eye on what closed claim epochs count for its jobs (protocol.md section 2, step 9): asks for
// the entries of its validators, has Heavy ask for the jobs behind one that comes to more than its
// tickets, and shows what contradicts itself.

#include "messages/audit.hpp"
#include "messages/work.hpp"

#include "protocol/ledger/dispute_record.hpp"
#include "protocol/ledger/events.hpp"

#include <deque>

namespace datagen {

struct claim_watch_limits {
  std::uint64_t retry_ms = 2'000;     ///< Then the next Fast author is asked for an entry.
  std::uint32_t questions_max = 64;   ///< Jobs that are asked for of one entry, or entries of an epoch.
  std::size_t epochs_max = 8;         ///< Closed ones that are watched; the oldest go first.
  std::size_t shown_max = 1'024;      ///< Jobs remembered that Heavy was shown.
};

class claim_watch {
public:
  using owner = std::pair<protocol::validator_id, protocol::session_id>;
  explicit claim_watch(claim_watch_limits limits = {}) : limits_(limits) {}

  /// A ticket was signed: until it is answered it may cost all that it allows.
  void ordered(const protocol::ticket& order);
  void answered(const protocol::ticket& order, const protocol::leaf& x);
  /// Every event of the Heavy Chain, in order.
  void hear(const protocol::ledger::event& what);

  /// Entries that are to be asked for now.
  std::vector<v1::entry_query> due(std::uint64_t now_ms);
  /// An answer of one of `members` Fast authors. @returns what Heavy is to ask for
  std::vector<protocol::ledger::tx::ask_for_count> judge(const v1::entry_reply& x,
                                                         std::size_t members);
  /// What nobody answers for a whole round of `members` is hidden: Heavy is to ask for it.
  std::vector<protocol::ledger::tx::ask_for_count> hidden(std::size_t members);
  /// Proofs that came up since the last call.
  std::vector<protocol::ledger::tx::claim_fraud> take_proofs() { return std::exchange(proofs_, {}); }

private:
  struct question {
    std::uint64_t next_ms = 0;
    std::size_t tries = 0;
    std::size_t nones = 0;  ///< Authors that know of no such entry.
    bool over = false;
  };
  struct epoch {
    protocol::ledger::tx::closed_epoch closes;
    std::map<owner, question> owners;
  };
  struct shown {
    protocol::ledger::tx::counted_place place;
    protocol::leaf content;
  };

  void on(const protocol::ledger::happened::checkpoint_settled& x);
  void on(const protocol::ledger::happened::count_shown& x);
  template <class Other>
  void on(const Other&) {}
  bool is_mine(protocol::session_id session) const;

  claim_watch_limits limits_;
  std::map<owner, protocol::uint128> most_;     ///< What may be claimed in all, 10^-9 DG.
  std::map<owner, protocol::uint128> counted_;  ///< What closed epochs have counted.
  std::map<std::uint64_t, epoch> epochs_;
  std::deque<shown> shown_;
  std::vector<protocol::ledger::tx::claim_fraud> proofs_;
};

}  // namespace datagen
