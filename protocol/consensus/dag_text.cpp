#include "protocol/consensus/dag_text.hpp"

#include <charconv>

namespace datagen::protocol::consensus {

namespace {

constexpr std::size_t authors_max = 26;  // letters
constexpr std::uint32_t number_max = 1'000'000;

using words = std::vector<std::string_view>;

words split(std::string_view line) {
  words result;
  constexpr std::string_view blank = " \t\r";
  for (auto start = line.find_first_not_of(blank); start != line.npos;
       start = line.find_first_not_of(blank)) {
    line.remove_prefix(start);
    result.push_back(line.substr(0, line.find_first_of(blank)));
    line.remove_prefix(result.back().size());
  }
  return result;
}

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size() || value > number_max)
    return std::nullopt;
  return value;
}

/// Takes the lines one after the other; `error_` holds the first complaint.
class dag_reader {
public:
  bool read(std::string_view line) {
    const auto tokens = split(line);
    if (tokens.empty() || tokens[0].front() == '#')
      return true;
    if (result_.authors == 0)
      return header(tokens);
    return tokens[0] == "coin" ? coin(tokens) : block(tokens);
  }
  bool started() const { return result_.authors != 0; }
  std::string& error() { return error_; }
  text_dag& result() { return result_; }

private:
  bool fail(std::string what) {
    error_ = std::move(what);
    return false;
  }

  bool header(const words& tokens) {
    std::uint32_t values[3] = {};
    constexpr std::string_view keys[] = {"n=", "w=", "l="};
    bool good = tokens.size() == 3;
    for (std::size_t i = 0; good && i < 3; ++i) {
      const auto value =
        tokens[i].starts_with(keys[i]) ? number(tokens[i].substr(2)) : std::nullopt;
      good = value.has_value();
      values[i] = value.value_or(0);
    }
    if (!good)
      return fail("expected the first line to read like 'n=4 w=4 l=1'");
    if (values[0] < 1 || values[0] > authors_max)
      return fail("expected n from 1 to 26, found " + std::string{tokens[0]});
    if (values[1] < 3 || values[1] > 100)
      return fail("expected w from 3 to 100, found " + std::string{tokens[1]});
    if (values[2] < 1 || values[2] > values[0])
      return fail("expected l from 1 to n, found " + std::string{tokens[2]});
    result_.authors = values[0];
    result_.params.wave = values[1];
    result_.params.leaders = values[2];
    return true;
  }

  std::optional<author_index> author(char letter) const {
    const auto index = static_cast<std::size_t>(letter - 'A');
    if (letter < 'A' || index >= result_.authors)
      return std::nullopt;
    return static_cast<author_index>(index);
  }

  bool coin(const words& tokens) {
    std::optional<std::uint32_t> round;
    if (tokens.size() >= 2 && tokens[1].ends_with(':'))
      round = number(tokens[1].substr(0, tokens[1].size() - 1));
    if (!round || *round == 0)
      return fail("expected 'coin R: B C' with a round R from 1");
    if (tokens.size() != 2 + result_.params.leaders)
      return fail("expected " + std::to_string(result_.params.leaders) + " leaders after 'coin " +
                  std::to_string(*round) + ":'");
    auto& leaders = result_.leaders[*round];
    if (!leaders.empty())
      return fail("expected one coin line for round " + std::to_string(*round));
    for (std::size_t i = 2; i < tokens.size(); ++i) {
      const auto leader = tokens[i].size() == 1 ? author(tokens[i][0]) : std::nullopt;
      if (!leader)
        return fail("expected an author's letter, found '" + std::string{tokens[i]} + "'");
      for (const auto earlier : leaders)
        if (earlier == *leader)
          return fail("expected distinct leaders, found '" + std::string{tokens[i]} + "' twice");
      leaders.push_back(*leader);
    }
    return true;
  }

  /// "A1'" → (1, A, one prime).
  std::optional<vertex_ref> name(std::string_view text) const {
    const auto letter = text.empty() ? std::nullopt : author(text[0]);
    const auto digits = text.substr(0, text.find('\''));
    const auto primes = text.substr(digits.size());
    const auto round = letter ? number(digits.substr(1)) : std::nullopt;
    if (!round || primes.size() > 255 || primes.find_first_not_of('\'') != primes.npos)
      return std::nullopt;
    vertex_ref result{*round, *letter, {}};
    result.id.value[0] = static_cast<std::uint8_t>(primes.size());
    return result;
  }

  bool block(const words& tokens) {
    auto head = tokens[0];
    std::optional<vertex_ref> ref;
    if (head.ends_with(':'))
      ref = name(head.substr(0, head.size() - 1));
    if (!ref || ref->round == 0)
      return fail("expected 'coin R: …' or a block like 'A2: A1 B1 C1', found '" +
                  std::string{head} + "'");
    if (known_.contains(*ref))
      return fail("expected '" + vertex_name(*ref) + "' once");
    sealed_vertex v;
    v.ref = *ref;
    v.body.round = ref->round;
    v.body.author = ref->author;
    for (std::size_t i = 1; i < tokens.size(); ++i) {
      const auto parent = name(tokens[i]);
      if (!parent)
        return fail("expected a block name, found '" + std::string{tokens[i]} + "'");
      v.body.ancestors.push_back(*parent);
    }
    if (!check_ancestors(v))
      return false;
    known_.insert(*ref);
    result_.vertices.push_back(std::make_shared<const sealed_vertex>(std::move(v)));
    return true;
  }

  bool check_ancestors(const sealed_vertex& v) {
    std::set<author_index> seen;
    std::size_t parents = 0;
    const auto self = vertex_name(v.ref);
    for (const auto& ancestor : v.body.ancestors) {
      const auto found = "found " + vertex_name(ancestor) + " in " + self;
      if (ancestor.round >= v.ref.round)
        return fail("expected older ancestors, " + found);
      if (seen.empty() && ancestor.author != v.ref.author)
        return fail("expected the author's own block first, " + found);
      if (!seen.insert(ancestor.author).second)
        return fail("expected one ancestor per author, " + found);
      if (ancestor.round == 0 ? ancestor.id != digest{} : !known_.contains(ancestor))
        return fail("expected ancestors from earlier lines, " + found);
      parents += ancestor.round + 1 == v.ref.round;
    }
    const auto quorum = result_.authors - (result_.authors - 1) / 3;
    if (parents < quorum)
      return fail("expected ancestors of " + std::to_string(quorum) + " authors at round " +
                  std::to_string(v.ref.round - 1) + ", found " + std::to_string(parents) + " in " +
                  self);
    return true;
  }

  text_dag result_;
  std::set<vertex_ref> known_;
  std::string error_;
};

}  // namespace

std::string vertex_name(const vertex_ref& ref) {
  return static_cast<char>('A' + ref.author) + std::to_string(ref.round) +
         std::string(ref.id.value[0], '\'');
}

std::variant<dag_text_error, text_dag> parse_dag(std::string_view text) {
  dag_reader reader;
  std::size_t line = 0;
  while (!text.empty()) {
    ++line;
    const auto end = std::min(text.find('\n'), text.size());
    if (!reader.read(text.substr(0, end)))
      return dag_text_error{line, std::move(reader.error())};
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!reader.started())
    return dag_text_error{0, "expected the first line to read like 'n=4 w=4 l=1'"};
  return std::move(reader.result());
}

std::optional<election> text_elector::elect(const dag&, round_number slot_round) const {
  const auto found = leaders_.find(slot_round);
  if (found == leaders_.end())
    return std::nullopt;
  return election{{}, found->second};
}

}  // namespace datagen::protocol::consensus
