#include "tools/scenario/sentence.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace datagen::scenario {

namespace {

constexpr std::string_view marks = "{}|;";

struct word {
  std::string_view text;
  position at;
};

std::vector<word> split(std::string_view line, position at) {
  std::vector<word> words;
  for (std::size_t i = 0; i < line.size() && line[i] != '#';) {
    if (line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
      ++i;
      continue;
    }
    auto end = i + 1;
    if (marks.find(line[i]) == std::string_view::npos)
      while (end < line.size() && line[end] != ' ' && line[end] != '\t' && line[end] != '\r' &&
             line[end] != '#' && marks.find(line[end]) == std::string_view::npos)
        ++end;
    words.push_back(
      {line.substr(i, end - i), {at.line, at.column + static_cast<std::uint32_t>(i)}});
    i = end;
  }
  return words;
}

std::uint64_t read_number(std::string_view text, position at) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw script_failure{at, "'" + std::string{text} + "' is no number"};
  return value;
}

struct fixed_claim {
  std::string_view sentence;
  claim what;
};
constexpr std::array fixed_claims{
  fixed_claim{"supply is conserved", claim::supply_conserved},
  fixed_claim{"no two blocks at one height", claim::no_fork},
  fixed_claim{"no honest validator is slashed", claim::honest_unharmed},
  fixed_claim{"no job is paid twice", claim::nothing_paid_twice},
  fixed_claim{"every job is answered", claim::all_answered}};
constexpr std::array counted_claims{
  fixed_claim{"jobs are answered", claim::answered},
  fixed_claim{"checkpoints are settled", claim::checkpoints_settled},
  fixed_claim{"audits pass", claim::audits_passed},
  fixed_claim{"audits fail", claim::audits_failed}};

bool may_be_always(claim x) { return x <= claim::nothing_paid_twice; }

class sentence_reader {
public:
  sentence_reader(std::string_view line, position at, script& to)
      : line_(line), words_(split(line, at)), to_(to) {
    end_ = {at.line, at.column + static_cast<std::uint32_t>(line.size())};
  }

  void read() {
    if (words_.empty())
      return;
    const auto first = take("'at', 'within', 'always' or 'finally'");
    if (first.text == "at")
      return read_actions(read_time(take("a time").text, words_[1].at));
    expectation x{.text = text(), .at = first.at};
    if (first.text == "within") {
      x.when = judged::within;
      x.until_ms = read_time(take("a time").text, words_[1].at);
    } else if (first.text == "always" || first.text == "finally") {
      x.when = first.text == "always" ? judged::always : judged::finally;
    } else {
      fail(first, "'at', 'within', 'always' or 'finally'");
    }
    read_claim(x);
    to_.expected.push_back(std::move(x));
  }

private:
  bool done() const { return next_ == words_.size(); }
  std::string text() const {
    auto result = std::string{line_.substr(0, line_.find('#'))};
    result.erase(result.find_last_not_of(" \t\r") + 1);
    return result.substr(std::min(result.find_first_not_of(" \t"), result.size()));
  }
  [[noreturn]] void fail(const word& found, const std::string& expected) const {
    throw script_failure{
      found.at, "'" + std::string{found.text} + "' found where " + expected + " is expected"};
  }
  word take(const std::string& expected) {
    if (done())
      throw script_failure{end_, "the line ends where " + expected + " is expected"};
    return words_[next_++];
  }
  bool take_if(std::string_view text) {
    if (done() || words_[next_].text != text)
      return false;
    ++next_;
    return true;
  }
  void need(const std::string& text) {
    if (const auto found = take("'" + text + "'"); found.text != text)
      fail(found, "'" + text + "'");
  }
  party one(char kind) {
    const auto found = take(std::string{"a party like "} + kind + "0");
    const auto x = read_party(found.text, to_, found.at);
    if (x.kind != kind)
      fail(found, std::string{"a party like "} + kind + "0");
    return x;
  }
  std::uint64_t time(const char* after) {
    const auto found = take(std::string{"a time after '"} + after + "'");
    return read_time(found.text, found.at);
  }

  /// `v3`, or `{v0 v1 h*}`.
  parties read_parties() {
    if (!take_if("{")) {
      const auto found = take("a party or '{'");
      return all_of(found);
    }
    parties result;
    while (!take_if("}"))
      result.merge(all_of(take("a party or '}'")));
    if (result.empty())
      throw script_failure{words_[next_ - 1].at, "{} names nobody; name at least one party"};
    return result;
  }
  parties all_of(const word& x) {
    if (x.text.size() != 2 || x.text[1] != '*')
      return {read_party(x.text, to_, x.at)};
    parties result;
    for (std::uint32_t i = 0; i < size_of(x); ++i)
      result.insert({x.text[0], i});
    return result;
  }
  std::uint32_t size_of(const word& x) const {
    switch (x.text[0]) {
      case 'v':
        return to_.validators;
      case 'h':
        return to_.authors;
      case 'r':
        return to_.routers;
      case 'u':
        return to_.users;
      default:
        fail(x, "v*, h*, r* or u*");
    }
  }

  void read_actions(std::uint64_t at_ms) {
    do {
      const auto what = take("kill, restart, cut, partition or slow");
      if (what.text == "kill")
        add(at_ms, act::kill{read_party_that_restarts()}, what.at);
      else if (what.text == "restart")
        read_restart(at_ms, what.at);
      else if (what.text == "cut")
        read_cut(at_ms, what.at);
      else if (what.text == "partition")
        read_partition(at_ms, what.at);
      else if (what.text == "slow")
        read_slow(at_ms, what.at);
      else
        fail(what, "kill, restart, cut, partition or slow");
    } while (take_if(";"));
    if (!done())
      fail(words_[next_], "';' or the end of the line");
  }
  party read_party_that_restarts() {
    const auto found = take("a validator or a Heavy author");
    const auto x = read_party(found.text, to_, found.at);
    if (x.kind != 'v' && x.kind != 'h')
      fail(found, "a validator (v0) or a Heavy author (h0)");
    return x;
  }
  void read_restart(std::uint64_t at_ms, position at) {
    const auto who = read_party_that_restarts();
    add(at_ms + (take_if("after") ? time("after") : 0), act::restart{who}, at);
  }
  void read_cut(std::uint64_t at_ms, position at) {
    const auto who = read_parties();
    parties others;
    for (const auto kind : {'v', 'h', 'r', 'u'})
      for (std::uint32_t i = 0; i < size_of({{&kind, 1}, at}); ++i)
        if (who.count({kind, i}) == 0)
          others.insert({kind, i});
    cut_for(at_ms, who, others, true, at);
  }
  void read_partition(std::uint64_t at_ms, position at) {
    const auto from = read_parties();
    const auto between = take("'|' or '->'");
    if (between.text != "|" && between.text != "->")
      fail(between, "'|' (both ways) or '->' (messages to the right are lost)");
    const auto to = read_parties();
    for (const auto& x : to)
      if (from.count(x) != 0)
        throw script_failure{between.at, to_string(x) + " is on both sides of the partition"};
    cut_for(at_ms, from, to, between.text == "|", at);
  }
  void cut_for(std::uint64_t at_ms, const parties& from, const parties& to, bool both,
               position at) {
    add(at_ms, act::cut{from, to, both}, at);
    if (take_if("for"))
      add(at_ms + time("for"), act::mend{from, to, both}, at);
  }
  void read_slow(std::uint64_t at_ms, position at) {
    const auto who = read_parties();
    need("by");
    const auto by_ms = static_cast<std::int64_t>(time("by"));
    add(at_ms, act::slow{who, by_ms}, at);
    if (take_if("for"))
      add(at_ms + time("for"), act::slow{who, -by_ms}, at);
  }
  void add(std::uint64_t at_ms, action what, position at) {
    if (at_ms > to_.stop_ms)
      throw script_failure{at, "this happens after the run's stop"};
    to_.steps.push_back({at_ms, std::move(what), text(), at});
  }

  void read_claim(expectation& x) {
    if (x.until_ms > to_.stop_ms)
      throw script_failure{x.at, "this is judged after the run's stop"};
    if (take_if("at")) {
      need("least");
      const auto count = take("a number");
      x.count = read_number(count.text, count.at);
      x.what = fixed(counted_claims,
                     "'jobs are answered', 'checkpoints are settled', 'audits pass' "
                     "or 'audits fail'");
    } else if (const auto& first = take("a claim");
               first.text.size() >= 2 && (first.text[0] == 'v' || first.text[0] == 'u') &&
               first.text[1] >= '0' && first.text[1] <= '9') {
      x.who = read_party(first.text, to_, first.at);
      need("is");
      read_fate(x);
    } else {
      --next_;
      x.what = fixed(fixed_claims,
                     "'supply is conserved', 'no two blocks at one height', 'no honest "
                     "validator is slashed', 'no job is paid twice', 'every job is "
                     "answered', 'at least N …' or a party");
    }
    if (!done())
      fail(words_[next_], "the end of the line");
    if (x.when == judged::always && !may_be_always(x.what))
      throw script_failure{x.at, "this cannot hold from the start: say 'within TIME' or 'finally'"};
  }
  void read_fate(expectation& x) {
    const auto fate = take("'slashed', 'expelled' or 'paired with'");
    if (x.who.kind == 'v' && fate.text == "slashed")
      x.what = claim::slashed;
    else if (x.who.kind == 'v' && fate.text == "expelled")
      x.what = claim::expelled;
    else if (x.who.kind == 'u' && fate.text == "paired") {
      need("with");
      x.what = claim::paired;
      x.with = one('v');
    } else
      fail(fate, x.who.kind == 'u' ? "'paired with'" : "'slashed' or 'expelled'");
  }
  /// One of `known`, word by word.
  template <class Claims>
  claim fixed(const Claims& known, const char* expected) {
    for (const auto& x : known) {
      const auto words = split(x.sentence, {});
      const bool fits = next_ + words.size() <= words_.size() &&
                        std::equal(words.begin(), words.end(), words_.begin() + next_,
                                   [](const word& a, const word& b) { return a.text == b.text; });
      if (fits) {
        next_ += words.size();
        return x.what;
      }
    }
    fail(take(expected), expected);
  }

  std::string_view line_;
  std::vector<word> words_;
  script& to_;
  position end_;
  std::size_t next_ = 0;
};

}  // namespace

std::uint64_t read_time(std::string_view word, position at) {
  const auto digits = std::min(word.find_first_not_of("0123456789"), word.size());
  const auto unit = word.substr(digits);
  const std::uint64_t ms = unit == "ms"  ? 1
                           : unit == "s" ? 1'000
                           : unit == "m" ? 60'000
                           : unit == "h" ? 3'600'000
                           : unit == "d" ? 86'400'000
                                         : 0;
  if (digits == 0 || digits > 12 || ms == 0)
    throw script_failure{at,
                         "'" + std::string{word} +
                           "' is no time; write a number with its unit: 500ms, 20s, 3m, 2h or 1d"};
  const auto result = read_number(word.substr(0, digits), at) * ms;
  if (result > script_ms_max)
    throw script_failure{at, "'" + std::string{word} + "' is beyond 400 days"};
  return result;
}

party read_party(std::string_view word, const script& in, position at) {
  const auto fail = [&](const std::string& why) -> party {
    throw script_failure{at, "'" + std::string{word} + "' " + why};
  };
  if (word.size() < 2 || std::string_view{"vhru"}.find(word[0]) == std::string_view::npos ||
      word.find_first_not_of("0123456789", 1) != std::string_view::npos || word.size() > 7)
    return fail("is no party; write v0 (validator), h0 (Heavy author), r0 (router) or u0 (user)");
  const party x{word[0], static_cast<std::uint32_t>(read_number(word.substr(1), at))};
  const auto size = x.kind == 'v'   ? in.validators
                    : x.kind == 'h' ? in.authors
                    : x.kind == 'r' ? in.routers
                                    : in.users;
  return x.index < size
           ? x
           : fail("is not in this cluster: it has " + std::to_string(size) + " of that kind");
}

void read_sentence(std::string_view line, position at, script& to) {
  sentence_reader{line, at, to}.read();
}

}  // namespace datagen::scenario
