#pragma once
// Lines on logarithmic axes as an SVG picture, each with the exponent of its growth.

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace datagen::scenario {

struct chart_line {
  std::string name;
  std::vector<std::pair<double, double>> points;  ///< Positive; others are left out.
};

/// The exponent b of y = a · x^b, by least squares in the logarithms; none from fewer than two abscissae.
std::optional<double> exponent_of(const chart_line& x);

/// @param axis what the abscissa counts
std::string draw_log_chart(const std::string& title, const std::string& axis,
                           const std::vector<chart_line>& lines);

}  // namespace datagen::scenario
