#include "tools/scenario/living_authors.hpp"

#include "protocol/ledger/emission.hpp"

#include <algorithm>

namespace datagen::scenario {

using namespace protocol;

namespace {

/// What `day` daily releases come to, summed day by day in hundredths of DG and not by the rule that
/// the ledger has (whitepaper L398-401): 4560 DG, half of it after each 1095 days, at least 71.25.
amount released_by_hand(std::uint64_t day) {
  constexpr std::uint64_t first = 456'000, least = 7'125, halving_days = 1'095, all = 1'500'000'000;
  std::uint64_t sum = 0;
  for (std::uint64_t d = 0; d < day && sum < all; ++d)
    sum += std::max(d / halving_days > 6 ? 0 : first >> (d / halving_days), least);
  return {uint128{std::min(sum, all)} * (units_per_dg / 100)};
}

std::string in_state_of(std::uint32_t author) {
  return "in the state of h" + std::to_string(author) + " ";
}

}  // namespace

living_authors::living_authors(const cluster& of, std::uint32_t authors)
    : emission_start_unix_(of.chain().params.emission_start_unix != 0
                             ? of.chain().params.emission_start_unix
                             : of.chain().time_ms / second_ms) {
  for (std::uint32_t i = 0; i < authors; ++i)
    if (auto x = std::dynamic_pointer_cast<const heavy_service>(of.service_of({role::heavy_author, i})))
      services_[i] = std::move(x);
}

const ledger::ledger_machine* living_authors::newest() const {
  const ledger::ledger_machine* result = nullptr;
  for (const auto& [i, service] : services_)
    if (result == nullptr || service->ledger().height() > result->height())
      result = &service->ledger();
  return result;
}

std::string living_authors::supply_objection() const {
  for (const auto& [i, service] : services_)
    if (!(total(service->ledger().where_supply_is()) == ledger::supply_total))
      return in_state_of(i) + "it is not";
  return {};
}

std::string living_authors::locks_objection() const {
  for (const auto& [i, service] : services_)
    if (const auto held = service->ledger().where_supply_is().vote_locks; held > amount{})
      return in_state_of(i) + to_text(held) + " are locked";
  return {};
}

std::string living_authors::row_objection(const std::string& name, const std::string& value) const {
  for (const auto& [i, service] : services_)
    for (const auto& row : parameter_rows(service->ledger().params()))
      if (row.name == name && row.value != value)
        return in_state_of(i) + "it is " + row.value;
  return {};
}

std::string living_authors::emission_objection(const sightings& seen,
                                               std::uint64_t now_unix) const {
  if (const auto due = released_by_hand(seen.emission_day); !(seen.emitted == due))
    return to_text(seen.emitted) + " were released by day " + std::to_string(seen.emission_day) +
           ", not " + to_text(due);
  for (const auto& [i, service] : services_) {
    const auto& treasury = *service->ledger().now().treasury;
    if (const auto due = emission_total - released_by_hand(treasury.emission_day);
        !(treasury.unreleased == due))
      return in_state_of(i) + to_text(treasury.unreleased) + " are left after day " +
             std::to_string(treasury.emission_day) + ", not " + to_text(due);
    if (treasury.emission_day > emission_day_at(now_unix, emission_start_unix_))
      return in_state_of(i) + "day " + std::to_string(treasury.emission_day) +
             " is paid before it began";
  }
  return {};
}

}  // namespace datagen::scenario
