#pragma once
// Every validator's record as events tell it: work, checks, slashes, and who answered an Echo how
// fast.

#include "protocol/fast/events.hpp"

#include <deque>

namespace datagen::web {

struct check_entry {
  protocol::job_id job;
  std::uint8_t attempt = 0;
  protocol::digest result;
  std::string outcome;  ///< Of the audit; empty while it is open.
};

struct slash_entry {
  protocol::amount taken;
  std::string reason;
  bool pending = false;
  std::uint64_t height = 0;
};

struct validator_entry {
  protocol::public_key key;
  std::uint32_t operator_id = 0;
  std::string name;
  protocol::amount stake;
  std::uint64_t ask = 0;
  protocol::ledger::happened::standing now = protocol::ledger::happened::standing::active;
  std::optional<std::uint64_t> round_trip_us;  ///< Of the last Echo that anyone reported.
  std::uint64_t jobs_ordered = 0;
  std::uint64_t claims_paid = 0;
  std::uint64_t units_matured = 0;
  std::uint64_t audits_passed = 0;
  std::uint64_t audits_failed = 0;
  std::uint64_t checks_done = 0;
  protocol::amount earned;
  protocol::amount rewards;
  protocol::amount slashed;
  std::deque<check_entry> checks;
  std::deque<slash_entry> slashes;
};
const char* to_string(protocol::ledger::happened::standing x);

class validator_index {
public:
  explicit validator_index(std::size_t recent_max = 50) : recent_max_(recent_max) {}

  void take(std::uint64_t height, const protocol::ledger::event& what);
  void take(const protocol::fast::event& what);
  /// An Echo answer timed at this gateway.
  void timed(protocol::validator_id id, std::uint64_t round_trip_us);

  const std::map<protocol::validator_id, validator_entry>& all() const { return validators_; }
  const validator_entry* find(protocol::validator_id id) const;
  std::size_t active() const;

private:
  void on(const protocol::ledger::happened::validator_admitted& x);
  void on(const protocol::ledger::happened::validator_changed& x);
  void on(const protocol::ledger::happened::paired& x);
  void on(const protocol::ledger::happened::digest_revealed& x);
  void on(const protocol::ledger::happened::audit_settled& x);
  void on(const protocol::ledger::happened::slashed& x);
  void on(const protocol::ledger::happened::claim_paid& x);
  void on(const protocol::ledger::happened::rewarded& x);
  template <class Other>
  void on(const Other&) {}
  validator_entry* known(protocol::validator_id id);

  std::size_t recent_max_;
  std::uint64_t height_ = 0;
  std::map<protocol::validator_id, validator_entry> validators_;
};

}  // namespace datagen::web
