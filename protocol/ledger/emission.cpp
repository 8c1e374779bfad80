#include "protocol/ledger/emission.hpp"

#include <algorithm>

namespace datagen::protocol {

namespace {

constexpr amount daily_rate(std::uint32_t halvings) {
  return {emission_first_rate.units >> halvings};
}
static_assert(daily_rate(emission_halvings).units << emission_halvings == emission_first_rate.units,
              "halving is exact");

}  // namespace

amount emission_released(std::uint64_t day) {
  day = std::min(day, emission_last_day);
  amount result;
  for (std::uint32_t i = 0; i < emission_halvings; ++i) {
    const auto days = std::min(day, emission_halving_days);
    result += {daily_rate(i).units * days};
    day -= days;
  }
  result += {daily_rate(emission_halvings).units * day};
  return min(result, emission_total);
}

emission_state emission_after(std::uint64_t day) {
  const auto released = emission_released(day);
  const auto before = day == 0 ? amount{} : emission_released(day - 1);
  return {day, released, emission_total - released, released - before};
}

std::uint64_t emission_day_at(std::uint64_t now_unix, std::uint64_t start_unix) {
  return now_unix < start_unix ? 0 : (now_unix - start_unix) / seconds_per_day + 1;
}

}  // namespace datagen::protocol
