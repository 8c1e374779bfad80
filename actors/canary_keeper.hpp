#pragma once
// A validator's canaries (protocol.md section 2, step 8): jobs whose users offered it, and whose leaves
// hold a wrong digest that was registered on Heavy beforehand. What this keeps, sends and drops; the
// validator runs the jobs and gives their answers.
// The cooperating user is one that offers its ordinary jobs by its own configuration, the operator's
// own or anybody else's: session, input and price of a canary are those of real work, so no checker
// can tell it by its looks, its truth costs no second run, and the user pays nothing for it.

#include "actors/heavy_follower.hpp"

#include "messages/canary.hpp"

#include <deque>
#include <map>

namespace datagen {

/// What outlives a restart: without it a registration could not be revealed, which costs a stake.
struct stored_canary {
  protocol::ledger::tx::reveal_canary opening;  ///< Without a place.
  std::uint64_t until_ms = 0;                   ///< Heavy live time of its deadline.
};
template <class Archive>
void describe(Archive& ar, stored_canary& x) { ar(x.opening, x.until_ms); }
inline constexpr const char* canary_records = "canary";  ///< Kind of its records in the archive.

/// A job that is done, and whose answer waits for the registration.
struct held_answer {
  protocol::signed_ticket order;
  protocol::result_header truth;
  blob output;
};

struct canary_limits {
  std::size_t offers_max = 4096;         ///< The oldest go first.
  std::uint64_t consent_ms = 1'500;      ///< Then the answer goes out as of any other job.
  std::uint64_t registered_ms = 5'000;  ///< Likewise; whatever was registered is revealed all the same.
  std::uint64_t resend_ms = 900;         ///< To the next author.
};

class canary_keeper {
public:
  using job_key = std::pair<protocol::job_id, std::uint8_t>;
  enum class stage : std::uint8_t {
    proposed,     ///< The user is asked.
    registering,  ///< On its way to Heavy; the answer is held.
    committed,    ///< The leaf holds the wrong digest.
    undrawn,      ///< Nobody will audit it; its place is asked for.
    unused,       ///< No leaf of ours is wrong; a registration that takes effect is revealed at once.
    telling,      ///< The reveal is on its way.
  };

  canary_keeper() = default;
  canary_keeper(const peer& self, const role_context& context, const protocol::key_pair& key,
                canary_limits limits = {});
  /// Of the last run. @param now `committed`, `undrawn` or `unused`
  /// @param content of its leaf, where there is one
  void restore(const stored_canary& x, stage now, const protocol::leaf& content = {});

  void offered(const job_key& key);
  /// A job is done: is it to become a canary? Such that canaries make about the genesis share of all
  /// audits, by a draw that nobody else can repeat, and never more than Heavy lets register.
  bool wants(const heavy_follower& heavy, const job_key& key);
  void propose(const job_key& key, held_answer answer);
  /// The answer that waits for its user's consent.
  const held_answer* proposed(const job_key& key) const;
  /// The user agreed. @returns what must be durable before `enrol`
  stored_canary agree(const heavy_follower& heavy, const job_key& key,
                      const protocol::account_id& user, const protocol::signature& by);
  void enrol(const heavy_follower& heavy, const job_key& key);
  /// The wrong result that the leaf is to hold: like the true one but for its root.
  protocol::result_header wrong(const job_key& key, const protocol::result_header& truth) const;

  /// Its leaf is signed.
  void signed_leaf(const protocol::leaf& content);
  /// Its leaf was not drawn.
  void undrawn(const job_key& key);
  void placed(const heavy_follower& heavy, const v1::leaf_place& where);
  /// Heavy ordered the registration. @returns the job whose answer may go out now
  std::optional<std::pair<job_key, held_answer>> hear(
    const heavy_follower& heavy, const protocol::ledger::happened::canary_registered& x);
  /// @returns true when it was ours: its record can go
  bool hear(const protocol::ledger::happened::canary_revealed& x);
  void hear(const heavy_follower& heavy, const protocol::ledger::happened::reveal_requested& x);
  void hear(const protocol::ledger::happened::audit_settled& x);
  /// Call about once a second. @returns answers that have waited long enough
  std::vector<std::pair<job_key, held_answer>> wake(const heavy_follower& heavy);
  /// Records whose deadline has passed.
  std::vector<job_key> expire(std::uint64_t live_ms);
  /// Is the leaf of this job wrong on purpose?
  bool holds(const job_key& key) const;
  std::size_t open() const { return all_.size(); }

private:
  struct entry {
    stage now = stage::proposed;
    stored_canary record;
    std::optional<held_answer> held;
    protocol::leaf content;  ///< Shown where nobody drew it.
    std::uint64_t tell_by_ms = 0;  ///< From here on Heavy takes the truth in any phase; 0: unknown.
    std::uint64_t since_ms = 0;
    std::uint64_t sent_ms = 0;
    std::uint32_t tries = 0;
  };
  std::uint64_t now_ms() const { return context_.net->now().monotonic_ms; }
  void submit(const heavy_follower& heavy, entry& x);
  void tell(const heavy_follower& heavy, entry& x);

  peer self_;
  role_context context_;
  protocol::key_pair key_;
  protocol::validator_id id_;
  protocol::chain_id heavy_chain_;
  canary_limits limits_;
  std::map<job_key, entry> all_;
  std::set<job_key> offers_;
  std::deque<job_key> offer_order_;
  std::uint64_t jobs_ = 0;     ///< Done since the start, and how many of them were offered.
  std::uint64_t offers_seen_ = 0;
  std::uint64_t passed_ = 0;   ///< Own audits since genesis, as Heavy counts them.
  std::uint64_t audited_ = 0;  ///< Those that found a canary.
};

}  // namespace datagen
