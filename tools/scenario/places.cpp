#include "tools/scenario/places.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>

namespace datagen::scenario {

namespace {

/// Inter-region round trips in ms, averages of 28 September to 27 October 2024, from IBM Cloud's
/// page on VPC network latency; row = from.
constexpr std::size_t measured_places = 10;
constexpr std::array<std::array<std::uint16_t, measured_places>, measured_places> round_trips_ms{{
  {0, 34, 31, 123, 113, 119, 150, 185, 141, 144},
  {34, 0, 19, 93, 84, 108, 169, 214, 162, 131},
  {31, 19, 0, 90, 76, 89, 175, 213, 169, 119},
  {123, 92, 92, 0, 13, 29, 232, 250, 231, 197},
  {114, 84, 76, 13, 0, 27, 244, 261, 242, 188},
  {119, 107, 90, 29, 27, 0, 259, 275, 255, 207},
  {150, 171, 176, 234, 245, 259, 0, 122, 9, 292},
  {184, 214, 214, 250, 261, 275, 122, 0, 115, 328},
  {143, 164, 167, 231, 243, 257, 9, 115, 0, 283},
  {144, 131, 119, 198, 188, 206, 291, 327, 287, 0},
}};

struct place {
  std::string_view name;
  double latitude;
  double longitude;
};
/// The first ten are those of the table, in its order.
constexpr std::array places{
  place{"dallas", 32.78, -96.80},     place{"toronto", 43.65, -79.38},
  place{"washington", 38.91, -77.04}, place{"frankfurt", 50.11, 8.68},
  place{"london", 51.51, -0.13},      place{"madrid", 40.42, -3.70},
  place{"osaka", 34.69, 135.50},      place{"sydney", -33.87, 151.21},
  place{"tokyo", 35.68, 139.69},      place{"sao_paulo", -23.55, -46.63},
  place{"nairobi", -1.29, 36.82},     place{"dar_es_salaam", -6.79, 39.21},
  place{"kampala", 0.35, 32.58},      place{"johannesburg", -26.20, 28.05},
  place{"lagos", 6.52, 3.38},         place{"cairo", 30.04, 31.24},
  place{"mumbai", 19.08, 72.88},      place{"singapore", 1.35, 103.82}};

constexpr std::uint64_t same_place_us = 500;  // of the measured 0.1 to 2.2 ms within a region

std::optional<std::size_t> find(std::string_view name) {
  const auto it =
    std::find_if(places.begin(), places.end(), [&](const place& x) { return x.name == name; });
  return it == places.end() ? std::nullopt : std::optional<std::size_t>(it - places.begin());
}

double kilometres(const place& a, const place& b) {
  constexpr double radius = 6'371, radian = 3.14159265358979323846 / 180;
  const auto half = [](double x) { return std::sin(x / 2) * std::sin(x / 2); };
  const auto h = half((b.latitude - a.latitude) * radian) +
                 std::cos(a.latitude * radian) * std::cos(b.latitude * radian) *
                   half((b.longitude - a.longitude) * radian);
  return 2 * radius * std::asin(std::sqrt(h));
}

/// Fibre is 1.6 times as long as the great circle, light in it makes 200 km/ms; 2 ms for access.
std::uint64_t modelled_us(const place& a, const place& b) {
  const auto round_trip_ms = 2 * kilometres(a, b) * 1.6 / 200 + 2;
  // Whole tenths of a millisecond: the last bits of a sine must not decide a run.
  return static_cast<std::uint64_t>(std::llround(round_trip_ms * 10)) * 100 / 2;
}

}  // namespace

bool is_place(const std::string& name) { return find(name).has_value(); }

std::vector<std::string> place_names() {
  std::vector<std::string> result;
  for (const auto& x : places)
    result.emplace_back(x.name);
  return result;
}

distance between(const std::string& from, const std::string& to) {
  const auto a = *find(from), b = *find(to);
  if (a == b)
    return {same_place_us, true};
  if (a < measured_places && b < measured_places)
    return {std::uint64_t{round_trips_ms[a][b]} * 1'000 / 2, true};
  return {modelled_us(places[a], places[b]), false};
}

}  // namespace datagen::scenario
