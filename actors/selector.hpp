#pragma once
// The Heavy Chain's audit engine outside the rules: draws and verdicts are executed alike by every
// author; what remains is to bring each drawn leaf, with its proof, from the Fast Chain to Heavy.

#include "messages/interfaces.hpp"

#include "actors/heavy_follower.hpp"
#include "actors/oldest_first.hpp"

namespace datagen {

struct selector_config {
  peer self;  ///< Index = Heavy author.
  role_context context;
  std::uint64_t retry_ms = 500;    ///< Then another Fast author is asked; later 8 times that.
  /// Selector i waits i times this before it opens a leaf: usually the first one suffices.
  std::uint64_t patience_ms = 400;
};

class selector_state {
public:
  explicit selector_state(selector_actor::pointer self) : self_(self) {}
  static inline const char* name = "selector";

  void start(selector_config config);
  void follow(const v1::heavy_news& news) { learn(heavy_.take(news)); }
  void follow(const peer& from, const v1::snapshot_piece& x) { learn(heavy_.take(from, x)); }
  void bring(const v1::leaf_reply& reply);
  void wake();

private:
  void learn(const std::vector<protocol::ledger::block_events>& news);
  void act();

  using leaf_place = std::pair<std::uint64_t, std::uint32_t>;  ///< Checkpoint sequence, index.
  using job_key = std::pair<protocol::job_id, std::uint8_t>;

  struct duty {
    std::optional<std::uint64_t> epoch;  ///< Of claims, if it is known.
    std::uint64_t open_at_ms = 0;        ///< Not before.
    std::uint64_t again_ms = 0;
    std::uint32_t tries = 0;             ///< Of this: asking a Fast author, or opening.
    std::optional<job_key> job;
    std::optional<v1::submit_transaction> opening;
  };

  void on(const protocol::ledger::happened::checkpoint_settled& x);
  void on(const protocol::ledger::happened::checkpoint_drawn& x);
  void on(const protocol::ledger::happened::check_requested& x);
  void on(const protocol::ledger::happened::claim_paid& x);
  template <class Other>
  void on(const Other&) {}
  void act(const leaf_place& place, duty& x, std::uint64_t now_ms);

  selector_actor::pointer self_;
  selector_config config_;
  protocol::chain_id heavy_chain_;
  heavy_follower heavy_;
  std::map<std::uint64_t, std::uint64_t> epochs_;  ///< Of claims, by checkpoint, until its draw.
  std::map<leaf_place, duty> duties_;
  std::map<job_key, leaf_place> places_;  ///< Of the duties whose leaves are known.
  /// Audits that ran lately: another selector was first, while the leaf was on its way here.
  oldest_first<job_key, bool> checked_{4096};
};

selector_actor::behavior_type selector(selector_actor::stateful_pointer<selector_state> self,
                                       selector_config config);

}  // namespace datagen
