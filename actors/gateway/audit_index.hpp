#pragma once
// The newest audits, from the Heavy Chain's events.

#include "protocol/ledger/events.hpp"

namespace datagen::web {

enum class audit_state : std::uint8_t { commit, reveal, settled };
const char* to_string(audit_state x);

struct audit_entry {
  std::uint64_t number = 0;
  std::uint64_t height = 0;  ///< Of the Heavy block with its last step.
  std::uint64_t at_ms = 0;   ///< That block's time.
  protocol::job_id job;
  std::uint8_t attempt = 0;
  protocol::validator_id validator;
  std::uint8_t stage = 0;
  std::set<protocol::validator_id> checkers;  ///< Of all stages.
  audit_state state = audit_state::commit;
  std::string outcome;  ///< Of the last step; empty before the first.
  std::string rule;
  std::vector<std::string> pays;
};

class audit_index {
public:
  explicit audit_index(std::size_t audits_max = 5'000) : audits_max_(audits_max) {}

  /// Takes an event of the Heavy block `height`. @returns the audit that changed.
  const audit_entry* take(std::uint64_t height, std::uint64_t timestamp_ms,
                          const protocol::ledger::event& what);
  const audit_entry* find(const protocol::job_id& job, std::uint8_t attempt) const;
  /// Newest first: at most `limit` audits with a number below `below`.
  std::vector<const audit_entry*> page(std::uint64_t below, std::size_t limit) const;
  std::size_t open() const { return open_; }

private:
  using key = std::pair<protocol::job_id, std::uint8_t>;

  audit_entry* known(const key& id);
  audit_entry* on(const protocol::ledger::happened::check_requested& x);
  audit_entry* on(const protocol::ledger::happened::reveal_requested& x);
  audit_entry* on(const protocol::ledger::happened::audit_settled& x);
  template <class Other>
  audit_entry* on(const Other&) {
    return nullptr;
  }

  std::size_t audits_max_;
  std::map<std::uint64_t, audit_entry> audits_;
  std::map<key, std::uint64_t> numbers_;
  std::uint64_t next_ = 1;
  std::size_t open_ = 0;
};

}  // namespace datagen::web
