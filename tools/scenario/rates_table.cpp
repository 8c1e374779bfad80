#include "tools/scenario/rates.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ostream>
#include <sstream>

namespace datagen::scenario {

namespace {

constexpr int widths[] = {20, 7, 28, 7, 28, 7, 8, 26, 22, 9};

std::string percent(double x) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(1) << 100 * x;
  return out.str();
}

std::string share(std::uint64_t found, std::uint64_t of) {
  if (of == 0)
    return "0/0";
  const auto x = wilson(found, of);
  return std::to_string(found) + "/" + std::to_string(of) + " " +
         percent(static_cast<double>(found) / static_cast<double>(of)) + " [" + percent(x.low) + " " +
         percent(x.high) + "]";
}

/// Marked where chance does not explain the difference.
std::string against(double form, std::uint64_t found, std::uint64_t of) {
  return percent(form) + (of == 0 || wilson(found, of).holds(form) ? "" : " !");
}

std::string loss(const rates_row& x) {
  std::ostringstream out;
  const auto n = static_cast<double>(x.decided);
  out << std::fixed << std::setprecision(1) << x.lost_dg / n << " / " << x.lost_expected.mean / n
      << " ± " << 1.96 * std::sqrt(x.lost_expected.variance) / n;
  return out.str();
}

/// setw counts bytes; a cell may hold ± and –.
void cell(std::ostream& to, std::size_t column, const std::string& text) {
  const auto width = std::count_if(text.begin(), text.end(),
                                   [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  to << text << std::string(static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, widths[column] - width)), ' ');
}

}  // namespace

void print_head(std::ostream& to, const rates_wish& x) {
  to << "audit rate p = " << x.rate_percent << " %; " << x.seeds << " runs of each from seed " << x.seed
     << "; [ ] Wilson's interval at 95 %, in percent; ! chance does not explain it\n";
  const char* names[] = {"adversary", "deeds", "drawn of decided", "p", "convicted of tried", "d",
                         "caught", "lost DG a deed: seen / form", "false of audits", "jobs"};
  for (std::size_t i = 0; i < std::size(names); ++i)
    cell(to, i, names[i]);
  to << std::endl;
}

void print(std::ostream& to, const rates_wish& x, const rates_row& row) {
  cell(to, 0, row.name);
  cell(to, 1, std::to_string(row.deeds));
  const auto p = x.rate_percent / 100.0;
  cell(to, 2, row.is_drawn ? share(row.drawn, row.decided) : "–");
  cell(to, 3, row.is_drawn ? against(p, row.drawn, row.decided) : "–");
  cell(to, 4, row.is_tried ? share(row.convicted, row.tried) : "–");
  cell(to, 5, row.is_tried ? against(row.detection, row.convicted, row.tried) : "–");
  cell(to, 6, std::to_string(row.caught) + "/" + std::to_string(row.runs));
  cell(to, 7, row.lost_expected.mean > 0 && row.decided > 0 ? loss(row) : "–");
  cell(to, 8, std::to_string(row.false_audits) + "/" + std::to_string(row.audits) + " [0 " +
                percent(wilson(row.false_audits, row.audits).high) + "]" +
                (row.harmed == 0 ? "" : " HARMED " + std::to_string(row.harmed)));
  to << row.jobs_answered << "/" << row.jobs_sent << std::endl;
  for (const auto& why : row.broken)
    to << "  broken: " << why << std::endl;
}

}  // namespace datagen::scenario
