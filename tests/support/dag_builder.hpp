#pragma once
// Writes text DAGs for oracles: full rounds by rule, special ones by hand.

#include "protocol/consensus/dag_text.hpp"
#include "protocol/consensus/linearizer.hpp"

namespace datagen::tests {

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

/// Collects the lines of a text DAG with n authors.
class dag_builder {
public:
  dag_builder(std::size_t n, std::size_t w, std::size_t l = 1) : n_(n) {
    text_ = "n=" + std::to_string(n) + " w=" + std::to_string(w) + " l=" + std::to_string(l) + "\n";
  }
  dag_builder& coin(round_number round, const std::string& leaders) {
    return line("coin " + std::to_string(round) + ": " + leaders);
  }
  dag_builder& line(const std::string& text) {
    text_ += text + "\n";
    return *this;
  }
  /// Rounds in which every author of `alive` references every one of them, own first.
  dag_builder& full(round_number from, round_number to, std::string alive = "") {
    for (std::size_t a = 0; a < n_ && alive.size() == a; ++a)
      alive += static_cast<char>('A' + a);
    for (auto round = from; round <= to; ++round)
      for (const char self : alive) {
        text_ += self + std::to_string(round) + ": " + self + std::to_string(round - 1);
        for (const char other : alive)
          if (other != self)
            text_ += std::string{" "} + other + std::to_string(round - 1);
        text_ += "\n";
      }
    return *this;
  }
  /// Every slot's decision: "1 B direct_commit B1", one line each.
  std::string slots() const {
    std::string result;
    for (const auto& s : report().slots)
      result += std::to_string(s.round) + " " + s.author + " " + s.decision +
                (s.block.empty() ? "" : " " + s.block) + "\n";
    return result;
  }
  /// The line of one slot, without its end.
  std::string slot(round_number round, std::size_t offset = 0) const {
    for (const auto& s : report().slots)
      if (s.round == round && s.offset == offset)
        return s.decision + (s.block.empty() ? "" : " " + s.block);
    return "no such slot";
  }
  /// Committed blocks per leader: "B1 | A1 C1 D1 C2".
  std::string output() const {
    std::string result;
    for (const auto& commit : report().output) {
      result += result.empty() ? "" : " | ";
      for (std::size_t i = 0; i < commit.size(); ++i)
        result += (i ? " " : "") + commit[i];
    }
    return result;
  }
  /// The committed leaders, one per output: "A1,C2".
  std::string leaders() const {
    std::string result;
    for (const auto& s : report().slots) {
      if (s.decision == "undecided")
        break;
      result += (result.empty() ? "" : ",") + (s.block.empty() ? std::string{"skip"} : s.block);
    }
    return result;
  }
  dag_report report() const {
    auto result = inspect_dag(text_);
    if (const auto* error = std::get_if<dag_text_error>(&result))
      FAIL("line " << error->line << ": " << error->what);
    return std::get<dag_report>(result);
  }
  const std::string& text() const { return text_; }

private:
  std::size_t n_;
  std::string text_;
};

}  // namespace datagen::tests
