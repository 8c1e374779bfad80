#pragma once
// Whoever holds the bytes of a job under audit brings them to the Fast committee's store when a
// checker could not get them (protocol.md section 2, step 8): P, the router, the user. f+1
// signatures of members that hold them settle the question on the Heavy Chain.

#include "actors/heavy_duties.hpp"

namespace datagen {

struct input_supply_config {
  peer self;
  role_context context;
  /// The bytes with this digest, or null.
  std::function<const blob*(const protocol::digest&)> find;
  std::uint64_t patience_ms = 0;  ///< Left to those with more at stake before this role steps in.
  std::uint64_t retry_ms = 1000;  ///< Then further members are asked.
};

class input_supply {
public:
  input_supply() = default;
  explicit input_supply(input_supply_config config);

  /// Every event of the Heavy Chain, in order.
  void hear(const protocol::ledger::event& what);
  /// A member holds what was offered.
  void kept(const heavy_follower& heavy, heavy_duties& duties, const v1::input_kept& x);
  void wake(const heavy_follower& heavy);

private:
  using job_key = std::pair<protocol::job_id, std::uint8_t>;
  struct question {
    protocol::digest parameters;
    protocol::digest input;
    bool asked = false;
    std::uint64_t offer_at_ms = 0;
    std::uint32_t offered = 0;  ///< Members tried so far.
    std::map<std::uint32_t, protocol::signature> signatures;  ///< By author id.
  };

  void on(const protocol::ledger::happened::check_requested& x);
  void on(const protocol::ledger::happened::input_asked& x);
  void on(const protocol::ledger::happened::input_stored& x);
  void on(const protocol::ledger::happened::audit_settled& x);
  template <class Other>
  void on(const Other&) {}
  void offer(const job_key& key, question& x, const protocol::consensus::roster& members);

  input_supply_config config_;
  protocol::chain_id heavy_chain_;
  std::map<job_key, question> open_;  ///< Audits under way.
};

}  // namespace datagen
