#include "protocol/job/echo.hpp"

#include "protocol/crypto/merkle.hpp"

#include <algorithm>

namespace datagen::protocol {

digest digest_of(const echo_question& x) { return hash("echo-package", x); }

bytes echo_input(const echo_question& x) {
  bytes input;
  for (std::uint32_t i = 0; input.size() < echo_input_bytes; ++i) {
    const auto word = hash("echo-input", x, i);
    input.insert(input.end(), word.value.begin(), word.value.end());
  }
  return input;
}

ledger::tx::echo_report make_echo_report(const echo_question& x, std::uint64_t at_ms,
                                         std::vector<ledger::tx::echo_entry> entries,
                                         std::size_t best_max) {
  invariant(!entries.empty(), "an Echo report has entries");
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.round_trip_us < b.round_trip_us; });
  std::vector<digest> leaves;
  leaves.reserve(entries.size());
  for (const auto& entry : entries)
    leaves.push_back(merkle_leaf(encode(entry)));
  ledger::tx::echo_report report{.session = x.session,
                                 .at_ms = at_ms,
                                 .package = digest_of(x),
                                 .entries_root = merkle_root(leaves),
                                 .entries = static_cast<std::uint32_t>(entries.size())};
  entries.resize(std::min(entries.size(), best_max));
  report.best = std::move(entries);
  return report;
}

}  // namespace datagen::protocol
