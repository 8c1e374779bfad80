#include "protocol/ledger/exposure.hpp"

namespace datagen::protocol::ledger {

namespace {

template <class Map, class Key>
uint128 value_of(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? 0 : found->second;
}

template <class Map, class Key>
void subtract(Map& map, const Key& key, std::uint64_t value) {
  const auto found = map.find(key);
  const auto had = found == map.end() ? 0 : found->second;
  invariant(had >= value, "only value that was added matures");
  if (had == value && found != map.end())
    map.erase(found);
  else if (found != map.end())
    found->second -= value;
}

std::string text(uint128 nano) { return to_text({nano * units_per_nano_dg}); }

}  // namespace

void exposure::add(validator_id validator, const account_id& user, std::uint64_t value) {
  if (value == 0)
    return;
  total_[validator] += value;
  by_user_[{validator, user}] += value;
}

void exposure::remove(validator_id validator, const account_id& user, std::uint64_t value) {
  subtract(total_, validator, value);
  subtract(by_user_, std::pair{validator, user}, value);
}

uint128 exposure::of(validator_id validator) const { return value_of(total_, validator); }

uint128 exposure::of(validator_id validator, const account_id& user) const {
  return value_of(by_user_, std::pair{validator, user});
}

cap_ruling check_cap(const parameters& p, const staked& stake, const exposure& now,
                     validator_id validator, const account_id& user, std::uint64_t value) {
  const auto v = value_cap(p, stake.highest, stake.left);
  const auto cap = v.units / units_per_nano_dg;
  const auto job = "the job is worth " + text(value) + "; of this validator's cap of " + text(cap) +
                   " for unmatured work ";
  if (const auto filled = now.of(validator); value > cap || filled > cap - value)
    return {cap_check::validator_full, job + text(filled) + " are in use"};
  const auto share = value_cap_per_user(p, v).units / units_per_nano_dg;
  if (const auto filled = now.of(validator, user); value > share || filled > share - value)
    return {cap_check::user_full, job + "one user may fill " + text(share) + ", and " +
                                    text(filled) + " are in use"};
  return {};
}

}  // namespace datagen::protocol::ledger
