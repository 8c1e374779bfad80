#include "tools/scenario/log_chart.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

namespace datagen::scenario {

namespace {

constexpr double width = 960, height = 560, left = 80, right = 330, top = 50, bottom = 60;
constexpr const char* colours[] = {"#1b6ca8", "#c8553d", "#3c8d5a", "#8e5ea2", "#b8860b", "#444444",
                                   "#008b8b", "#d16ba5", "#6b8e23", "#a0522d"};

std::vector<std::pair<double, double>> logs_of(const chart_line& x) {
  std::vector<std::pair<double, double>> result;
  for (const auto& [a, b] : x.points)
    if (a > 0 && b > 0)
      result.emplace_back(std::log10(a), std::log10(b));
  return result;
}

struct axes {
  double x0 = 0, x1 = 1, y0 = 0, y1 = 1;  ///< Decades.
  double x(double decade) const { return left + (decade - x0) / (x1 - x0) * (width - left - right); }
  double y(double decade) const {
    return height - bottom - (decade - y0) / (y1 - y0) * (height - top - bottom);
  }
};

axes axes_of(const std::vector<chart_line>& lines) {
  axes result{1e9, -1e9, 1e9, -1e9};
  for (const auto& line : lines)
    for (const auto& [a, b] : logs_of(line)) {
      result.x0 = std::min(result.x0, std::floor(a));
      result.x1 = std::max(result.x1, std::ceil(a));
      result.y0 = std::min(result.y0, std::floor(b));
      result.y1 = std::max(result.y1, std::ceil(b));
    }
  if (result.x0 >= result.x1)
    result.x1 = result.x0 + 1;
  if (result.y0 >= result.y1)
    result.y1 = result.y0 + 1;
  return result;
}

std::string power(double decade) {
  std::ostringstream out;
  out << std::pow(10, decade);
  return out.str();
}

void draw_grid(std::ostream& to, const axes& at) {
  for (double d = at.x0; d <= at.x1; ++d)
    to << "<line x1='" << at.x(d) << "' x2='" << at.x(d) << "' y1='" << top << "' y2='"
       << height - bottom << "' stroke='#ddd'/><text x='" << at.x(d) << "' y='"
       << height - bottom + 20 << "' text-anchor='middle'>" << power(d) << "</text>\n";
  for (double d = at.y0; d <= at.y1; ++d)
    to << "<line x1='" << left << "' x2='" << width - right << "' y1='" << at.y(d) << "' y2='"
       << at.y(d) << "' stroke='#ddd'/><text x='" << left - 8 << "' y='" << at.y(d) + 4
       << "' text-anchor='end'>" << power(d) << "</text>\n";
}

void draw_line(std::ostream& to, const axes& at, const chart_line& line, std::size_t number) {
  const auto colour = colours[number % std::size(colours)];
  to << "<polyline fill='none' stroke='" << colour << "' stroke-width='2' points='";
  for (const auto& [a, b] : logs_of(line))
    to << at.x(a) << "," << at.y(b) << " ";
  to << "'/>\n";
  for (const auto& [a, b] : logs_of(line))
    to << "<circle cx='" << at.x(a) << "' cy='" << at.y(b) << "' r='3.5' fill='" << colour << "'/>\n";
  const auto y = top + 16 + 24 * static_cast<double>(number);
  to << "<text x='" << width - right + 16 << "' y='" << y << "' fill='" << colour << "'>" << line.name;
  if (const auto exponent = exponent_of(line))
    to << ": n^" << std::setprecision(2) << std::fixed << *exponent << std::defaultfloat
       << std::setprecision(6);
  to << "</text>\n";
}

}  // namespace

std::optional<double> exponent_of(const chart_line& x) {
  const auto points = logs_of(x);
  double a = 0, b = 0, ab = 0, aa = 0;
  for (const auto& [px, py] : points) {
    a += px;
    b += py;
    ab += px * py;
    aa += px * px;
  }
  const auto n = static_cast<double>(points.size());
  const auto spread = n * aa - a * a;
  if (points.size() < 2 || spread <= 1e-12)
    return std::nullopt;
  return (n * ab - a * b) / spread;
}

std::string draw_log_chart(const std::string& title, const std::string& axis,
                           const std::vector<chart_line>& lines) {
  const auto at = axes_of(lines);
  std::ostringstream to;
  to << "<svg xmlns='http://www.w3.org/2000/svg' width='" << width << "' height='" << height
     << "' font-family='sans-serif' font-size='13'>\n<rect width='100%' height='100%' fill='white'/>\n"
     << "<text x='" << left << "' y='28' font-size='17'>" << title << "</text>\n";
  draw_grid(to, at);
  for (std::size_t i = 0; i < lines.size(); ++i)
    draw_line(to, at, lines[i], i);
  to << "<text x='" << (left + width - right) / 2 << "' y='" << height - 16
     << "' text-anchor='middle'>" << axis << "</text>\n</svg>\n";
  return to.str();
}

}  // namespace datagen::scenario
