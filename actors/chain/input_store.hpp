#pragma once
// The Fast committee's bounded temporary store (protocol.md section 2, step 8): inputs of jobs under
// audit that a checker could not get, kept until the audit is final.

#include "messages/audit.hpp"

#include "protocol/ledger/events.hpp"

#include <map>

namespace datagen {

class input_store {
public:
  explicit input_store(std::uint64_t bytes_max = 512ULL << 20) : bytes_max_(bytes_max) {}

  /// Every event of the Heavy Chain, in order.
  void hear(const protocol::ledger::event& what);
  /// Keeps what is asked for, if it is what the ticket names and there is room. Without a question
  /// on the Heavy Chain nothing is kept. @returns the input's digest when it is held here
  std::optional<protocol::digest> offer(const v1::input_offer& x);
  /// Null when it is not held.
  const blob* find(const protocol::digest& content) const;
  std::uint64_t bytes() const { return bytes_; }

private:
  using job_key = std::pair<protocol::job_id, std::uint8_t>;
  struct entry {
    protocol::digest parameters;
    protocol::digest input;
    bool asked = false;
    std::optional<v1::input_offer> held;
  };

  void on(const protocol::ledger::happened::check_requested& x);
  void on(const protocol::ledger::happened::input_asked& x);
  void on(const protocol::ledger::happened::audit_settled& x);
  template <class Other>
  void on(const Other&) {}

  std::uint64_t bytes_max_;
  std::uint64_t bytes_ = 0;
  std::map<job_key, entry> audits_;  ///< Under way.
};

}  // namespace datagen
