#pragma once
// One line of a scenario, read word by word, with the column of every word.

#include "tools/scenario/sentence.hpp"

namespace datagen::scenario {

struct word {
  std::string_view text;
  position at;
};
/// Blanks part words; braces, bars and semicolons are words; what follows a # is none.
std::vector<word> split(std::string_view line, position at);

/// @throws script_failure from everything that reads
class line_reader {
public:
  line_reader(std::string_view line, position at, const script& in)
      : line_(line), words_(split(line, at)), in_(in) {
    end_ = {at.line, at.column + static_cast<std::uint32_t>(line.size())};
  }

  bool done() const { return next_ == words_.size(); }
  /// The next word; nothing at the end.
  const word* peek() const { return done() ? nullptr : &words_[next_]; }
  word take(const std::string& expected);
  bool take_if(std::string_view text);
  void need(const std::string& text);
  /// All words of `sentence`, or none.
  bool take_all(std::string_view sentence);
  std::uint64_t number(const std::string& expected);
  std::uint64_t time(const char* after);
  /// A party of one of these kinds.
  party one(std::string_view kinds, const std::string& expected);
  /// `v3`, `h*`, or `{v0 v1 h*}`.
  parties several();
  /// Parties up to the next word that names none; at least one.
  parties list();
  parties all_of(const word& x) const;
  std::uint32_t size_of(const word& x) const;
  void end() const;

  /// The line without its comment and outer blanks.
  std::string text() const;
  [[noreturn]] void fail(const word& found, const std::string& expected) const;
  [[noreturn]] void fail_at_end(const std::string& expected) const;

private:
  std::string_view line_;
  std::vector<word> words_;
  const script& in_;
  position end_;
  std::size_t next_ = 0;
};

}  // namespace datagen::scenario
