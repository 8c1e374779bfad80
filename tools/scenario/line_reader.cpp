#include "tools/scenario/line_reader.hpp"

#include <algorithm>
#include <charconv>

namespace datagen::scenario {

namespace {

constexpr std::string_view marks = "{}|;";
constexpr std::string_view blanks = " \t\r";

std::uint64_t read_number(std::string_view text, position at) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw script_failure{at, "'" + std::string{text} + "' is no number"};
  return value;
}

bool names_parties(std::string_view x) {
  return x.size() >= 2 && std::string_view{"vhru"}.find(x[0]) != std::string_view::npos &&
         (x.substr(1) == "*" || x.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

}  // namespace

std::vector<word> split(std::string_view line, position at) {
  std::vector<word> words;
  for (std::size_t i = 0; i < line.size() && line[i] != '#';) {
    if (blanks.find(line[i]) != std::string_view::npos) {
      ++i;
      continue;
    }
    auto end = i + 1;
    if (marks.find(line[i]) == std::string_view::npos)
      while (end < line.size() && line[end] != '#' &&
             (blanks.find(line[end]) == std::string_view::npos) &&
             marks.find(line[end]) == std::string_view::npos)
        ++end;
    words.push_back(
      {line.substr(i, end - i), {at.line, at.column + static_cast<std::uint32_t>(i)}});
    i = end;
  }
  return words;
}

std::string line_reader::text() const {
  auto result = std::string{line_.substr(0, line_.find('#'))};
  result.erase(result.find_last_not_of(blanks) + 1);
  return result.substr(std::min(result.find_first_not_of(blanks), result.size()));
}

void line_reader::fail(const word& found, const std::string& expected) const {
  throw script_failure{
    found.at, "'" + std::string{found.text} + "' found where " + expected + " is expected"};
}
void line_reader::fail_at_end(const std::string& expected) const {
  throw script_failure{end_, "the line ends where " + expected + " is expected"};
}

word line_reader::take(const std::string& expected) {
  if (done())
    fail_at_end(expected);
  return words_[next_++];
}
bool line_reader::take_if(std::string_view text) {
  if (done() || words_[next_].text != text)
    return false;
  ++next_;
  return true;
}
void line_reader::need(const std::string& text) {
  if (const auto found = take("'" + text + "'"); found.text != text)
    fail(found, "'" + text + "'");
}
bool line_reader::take_all(std::string_view sentence) {
  const auto wanted = split(sentence, {});
  const auto rest = static_cast<std::ptrdiff_t>(next_);
  const bool fits = next_ + wanted.size() <= words_.size() &&
                    std::equal(wanted.begin(), wanted.end(), words_.begin() + rest,
                               [](const word& a, const word& b) { return a.text == b.text; });
  if (fits)
    next_ += wanted.size();
  return fits;
}
void line_reader::end() const {
  if (!done())
    fail(words_[next_], "the end of the line");
}

std::uint64_t line_reader::number(const std::string& expected) {
  const auto found = take(expected);
  return read_number(found.text, found.at);
}
std::uint64_t line_reader::time(const char* after) {
  const auto found = take(std::string{"a time after '"} + after + "'");
  return read_time(found.text, found.at);
}

party line_reader::one(std::string_view kinds, const std::string& expected) {
  const auto found = take(expected);
  const auto x = read_party(found.text, in_, found.at);
  if (kinds.find(x.kind) == std::string_view::npos)
    fail(found, expected);
  return x;
}
parties line_reader::several() {
  if (!take_if("{"))
    return all_of(take("a party or '{'"));
  parties result;
  while (!take_if("}"))
    result.merge(all_of(take("a party or '}'")));
  if (result.empty())
    throw script_failure{words_[next_ - 1].at, "{} names nobody; name at least one party"};
  return result;
}
parties line_reader::list() {
  auto result = several();
  while (!done() && names_parties(words_[next_].text))
    result.merge(all_of(words_[next_++]));
  return result;
}
parties line_reader::all_of(const word& x) const {
  if (x.text.size() != 2 || x.text[1] != '*')
    return {read_party(x.text, in_, x.at)};
  parties result;
  for (std::uint32_t i = 0; i < size_of(x); ++i)
    result.insert({x.text[0], i});
  return result;
}
std::uint32_t line_reader::size_of(const word& x) const {
  switch (x.text[0]) {
    case 'v':
      return in_.validators;
    case 'h':
      return in_.authors;
    case 'r':
      return in_.routers;
    case 'u':
      return in_.users;
    default:
      fail(x, "v*, h*, r* or u*");
  }
}

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

}  // namespace datagen::scenario
