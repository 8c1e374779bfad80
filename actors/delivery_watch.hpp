#pragma once
// A user's eye on results that did not come (protocol.md section 2, step 9): asks where the leaf of an
// unanswered ticket was ordered, has Heavy ask for the result when its epoch is closed, and fetches it
// from the committee's store.

#include "messages/audit.hpp"
#include "messages/delivery.hpp"
#include "messages/work.hpp"

#include "actors/oldest_first.hpp"
#include "actors/settled_checkpoints.hpp"

#include "protocol/job/delivery.hpp"

namespace datagen {

struct delivery_watch_limits {
  std::uint64_t retry_ms = 2'000;        ///< Then the next member is asked; doubles up to 32 times that.
  std::uint32_t questions_max = 64;      ///< In one go.
  std::uint32_t filings_max = 4;         ///< Times that Heavy is told of one result.
  std::uint32_t fetches_max = 32;        ///< Times that the store is asked for one.
  std::size_t tickets_max = 10'000;      ///< Watched; the oldest go first.
};

class delivery_watch {
public:
  explicit delivery_watch(delivery_watch_limits limits = {})
      : limits_(limits), open_(limits.tickets_max) {}

  /// The user signed this ticket.
  void ordered(const protocol::ticket& x, std::uint64_t now_ms);
  /// Its answer is there, and holds.
  void answered(const protocol::job_id& job, std::uint8_t attempt) { open_.erase({job, attempt}); }
  /// Every event of the Heavy Chain, in order.
  void hear(const protocol::ledger::event& what);

  /// Leaves that a Fast author is to be asked for now.
  std::vector<v1::leaf_place_query> due(std::uint64_t now_ms);
  /// An author's answer: where the leaf is, and its receipt.
  void judge(const v1::leaf_place& x, const settled_checkpoints& settled);
  /// What Heavy is to be told now: of epochs that are over, before their delivery window is, so the
  /// ticket's own deadline is not waited for.
  /// @param settled with every checkpoint of these epochs
  std::vector<protocol::ledger::tx::not_delivered> filings(std::uint64_t now_ms,
                                                           const settled_checkpoints& settled);
  /// What the store is to be asked for now, unsigned. @param key a secret of the moment
  std::vector<v1::result_query> fetches(std::uint64_t now_ms,
                                        const std::function<protocol::digest()>& key);
  /// The store's answer as its validator would have given it; nothing where it is another's.
  std::optional<v1::job_reply> open(const v1::result_sealed& x) const;
  /// Is an answer to this very ticket waited for?
  bool watches(const protocol::ticket& x) const;
  std::size_t watched() const { return open_.size(); }

private:
  using job_key = std::pair<protocol::job_id, std::uint8_t>;
  struct unanswered {
    protocol::ticket order;
    std::uint64_t next_ms = 0;
    std::uint32_t asked = 0;                    ///< Fast authors.
    std::optional<protocol::receipt> paper;     ///< As the chain has it.
    std::optional<v1::leaf_place> place;        ///< Settled, and payable.
    std::uint32_t filed = 0;
    bool heard = false;                         ///< Heavy asks for it.
    bool stored = false;                        ///< The committee holds it.
    std::uint32_t fetched = 0;
    std::optional<protocol::box_key_pair> key;  ///< That the store seals it to.
  };
  delivery_watch_limits limits_;
  oldest_first<job_key, unanswered> open_;
};

}  // namespace datagen
