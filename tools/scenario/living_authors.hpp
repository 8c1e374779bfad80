#pragma once
// What the Heavy authors that are up hold, and what can be claimed of it.

#include "tools/scenario/watch.hpp"

#include "actors/chain/heavy_service.hpp"

namespace datagen::scenario {

class living_authors {
public:
  living_authors(const cluster& of, std::uint32_t authors);

  /// The state of whoever is furthest; null where nobody is up.
  const protocol::ledger::ledger_machine* newest() const;

  // Why a claim does not hold; empty where it does.
  std::string supply_objection() const;
  std::string locks_objection() const;
  std::string row_objection(const std::string& name, const std::string& value) const;
  /// @param seen releases; @param now_unix the calendar's time, seconds
  std::string emission_objection(const sightings& seen, std::uint64_t now_unix) const;

private:
  std::map<std::uint32_t, std::shared_ptr<const heavy_service>> services_;
  std::uint64_t emission_start_unix_ = 0;
};

}  // namespace datagen::scenario
