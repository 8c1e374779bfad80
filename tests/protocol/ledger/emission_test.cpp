#include "protocol/ledger/emission.hpp"

using namespace datagen::protocol;

TEST_CASE("R30 emission: the published known answers") {
  const std::map<std::uint64_t, std::string> answers = {{0, "0 DG"},
                                                        {1, "4560 DG"},
                                                        {1'095, "4993200 DG"},
                                                        {2'190, "7489800 DG"},
                                                        {6'570, "9830362.5 DG"},
                                                        {7'665, "9908381.25 DG"},
                                                        {79'126, "14999977.5 DG"},
                                                        {79'127, "15000000 DG"}};
  for (const auto& [day, text] : answers)
    CHECK_MESSAGE(to_text(emission_released(day)) == text, day);
}

TEST_CASE("R30 emission: the closed form equals the day-by-day loop for all 79,200 days") {
  // The loop of the public contract, in quarters of a DG: 18240 a day, halved six times.
  std::uint64_t rate = 18'240, released = 0, mismatches = 0;
  const std::uint64_t total = 60'000'000;
  for (std::uint64_t day = 1; day <= 79'200; ++day) {
    if (day > 1 && (day - 1) % 1'095 == 0 && (day - 1) / 1'095 <= 6)
      rate /= 2;
    const auto today = std::min(rate, total - released);
    released += today;
    const auto got = emission_after(day);
    const auto quarter = units_per_dg / 4;
    if (got.released.units != released * quarter || got.rate.units != today * quarter ||
        got.remaining.units != (total - released) * quarter || got.day != day)
      ++mismatches;
  }
  CHECK(mismatches == 0);
  CHECK(rate == 285);  // 71.25 DG
  CHECK(released == total);
}

TEST_CASE("R30 emission: never more than 15,000,000 DG, however late") {
  for (std::uint64_t day : {79'126ull, 79'127ull, 79'128ull, 1'000'000ull, ~0ull}) {
    const auto x = emission_after(day);
    CHECK(x.released <= emission_total);
    CHECK(x.released + x.remaining == emission_total);
  }
  CHECK(emission_after(emission_last_day).remaining == amount{});
  CHECK(to_text(emission_after(emission_last_day).rate) == "22.5 DG");
  CHECK(emission_after(~0ull).rate == amount{});
  CHECK(emission_after(0).rate == amount{});
}

TEST_CASE("R30 emission: day 1 falls at genesis time itself, each further day 86,400 s later") {
  const std::uint64_t start = 1'711'922'400;  // 1 April 2024 00:00 CEST
  CHECK(emission_day_at(0, start) == 0);
  CHECK(emission_day_at(start - 1, start) == 0);
  CHECK(emission_day_at(start, start) == 1);
  CHECK(emission_day_at(start + 86'399, start) == 1);
  CHECK(emission_day_at(start + 86'400, start) == 2);
  // Exhausted in 2240: the last release lies between its first and last second, UTC.
  const auto last = start + (emission_last_day - 1) * seconds_per_day;
  CHECK(last > 8'520'336'000);
  CHECK(last < 8'551'958'400);
}
