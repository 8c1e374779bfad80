#pragma once
// The Heavy Chain's audit engine outside the rules: draws and verdicts are executed alike by every
// author; what remains is to bring each drawn leaf, with its proof, from the Fast Chain to Heavy.

#include "messages/interfaces.hpp"

#include "actors/heavy_follower.hpp"

namespace datagen {

struct selector_config {
  peer self;  ///< Index = Heavy author.
  role_context context;
  std::uint64_t retry_ms = 500;    ///< Then another Fast author is asked.
  std::uint64_t patience_ms = 400; ///< Selector i waits i times this: usually the first one suffices.
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

  struct duty {
    std::uint64_t ask_at_ms = 0;
    std::uint32_t asked = 0;
    std::optional<v1::submit_transaction> opening;
  };

  void on(const protocol::ledger::happened::checkpoint_drawn& x);
  void on(const protocol::ledger::happened::check_requested& x);
  template <class Other>
  void on(const Other&) {}

  selector_actor::pointer self_;
  selector_config config_;
  protocol::chain_id heavy_chain_;
  heavy_follower heavy_;
  std::map<leaf_place, duty> duties_;
  using job_key = std::pair<protocol::job_id, std::uint8_t>;
  std::map<job_key, leaf_place> opened_;  ///< Sent to Heavy, not yet under check.
  std::set<job_key> checked_;             ///< Audits that run or ran: another selector was first.
};

selector_actor::behavior_type selector(selector_actor::stateful_pointer<selector_state> self,
                                       selector_config config);

}  // namespace datagen
