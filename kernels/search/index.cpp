#include "index.hpp"

#include <string>

#include "tokens.hpp"

namespace datagen::kernels::search {
namespace {

std::string number(std::uint64_t value) { return std::to_string(value); }

/// Places the arrays; their sizes must add up to the input's.
failure read_header(std::span<const std::uint8_t> input, index_view& x, std::uint32_t& text_bytes,
                    std::string_view& queries) {
  const std::uint64_t size = input.size();
  if (size > index_bytes_max)
    return over_limit("input", size, index_bytes_max, "bytes");
  if (size < header_bytes || memcmp(input.data(), "DBM1", 4) != 0)
    return bad_input(
      "input is no search index: it does not start with DBM1, build it with "
      "bm25_index");
  const std::uint8_t* words = input.data();
  x.impact_bytes = word_at(words, 1);
  x.documents = word_at(words, 2);
  x.terms = word_at(words, 3);
  x.postings = word_at(words, 4);
  text_bytes = word_at(words, 5);
  const std::uint32_t query_bytes = word_at(words, 6);
  if (x.impact_bytes != 1 && x.impact_bytes != 2)
    return bad_input("impacts are " + number(x.impact_bytes) + " bytes each, expected 1 or 2");
  if (x.documents > documents_max)
    return over_limit("index", x.documents, documents_max, "documents");
  const std::uint64_t expected = header_bytes + 8 * std::uint64_t{x.terms} +
                                 std::uint64_t{x.postings} * (4 + x.impact_bytes) + text_bytes +
                                 query_bytes;
  if (size != expected)
    return bad_input("input is " + number(size) + " bytes, but its header needs " +
                     number(expected));
  x.ends = words + header_bytes;
  x.ids = x.ends + 8 * std::uint64_t{x.terms};
  x.impacts = x.ids + 4 * std::uint64_t{x.postings};
  x.text = x.impacts + std::uint64_t{x.impact_bytes} * x.postings;
  queries = {reinterpret_cast<const char*>(x.text + text_bytes), query_bytes};
  return {};
}

/// Both ends of every term grow, and end with the arrays; terms ascend.
failure check_terms(const index_view& x, std::uint32_t text_bytes) {
  std::uint32_t text_end = 0, posting_end = 0;
  for (std::uint32_t i = 0; i < x.terms; ++i) {
    const std::uint32_t text = word_at(x.ends, 2 * std::uint64_t{i});
    const std::uint32_t posting = x.end_posting(i);
    if (text <= text_end || text > text_bytes)
      return bad_input("text of term " + number(i) + " ends at byte " + number(text) +
                       ", expected " + number(std::uint64_t{text_end} + 1) + " to " +
                       number(text_bytes));
    if (posting <= posting_end || posting > x.postings)
      return bad_input("postings of term " + number(i) + " end at " + number(posting) +
                       ", expected " + number(std::uint64_t{posting_end} + 1) + " to " +
                       number(x.postings));
    text_end = text;
    posting_end = posting;
    if (i > 0 && x.term(i - 1) >= x.term(i))
      return bad_input("term " + number(i) + " does not come after the term before it");
  }
  if (text_end != text_bytes || posting_end != x.postings)
    return bad_input("the last term ends at byte " + number(text_end) + " and posting " +
                     number(posting_end) + ", expected " + number(text_bytes) + " and " +
                     number(x.postings));
  return {};
}

failure check_postings(const index_view& x) {
  for (std::uint32_t i = 0; i < x.terms; ++i) {
    const std::uint32_t end = x.end_posting(i);
    bool ascending = true;  // no early exit: the loop vectorises
    for (std::uint32_t p = x.first_posting(i) + 1; p < end; ++p)
      ascending &= x.document(p - 1) < x.document(p);
    if (!ascending || x.document(end - 1) >= x.documents)
      return bad_input("documents of term " + number(i) + " do not ascend below " +
                       number(x.documents));
  }
  bool positive = true;
  for (std::uint64_t p = 0; p < x.postings; ++p)
    positive &= x.impact(p) != 0;
  return positive ? failure{} : bad_input("a posting has impact 0, expected at least 1");
}

constexpr std::uint32_t no_term = 0xffffffff;

std::uint32_t find_term(const index_view& x, std::string_view word) {
  std::uint32_t low = 0, high = x.terms;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (x.term(middle) < word)
      low = middle + 1;
    else
      high = middle;
  }
  return low < x.terms && x.term(low) == word ? low : no_term;
}

failure read_queries(const index_view& x, std::string_view text, query_list& queries) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    std::uint64_t words = 0;
    for_each_word(line, [&](std::string_view word) {
      const std::uint32_t term = ++words <= query_words_max ? find_term(x, word) : no_term;
      if (term == no_term)
        return;
      queries.terms.push_back(term);
      queries.postings += x.end_posting(term) - x.first_posting(term);
    });
    queries.ends.push_back(static_cast<std::uint32_t>(queries.terms.size()));
    if (words > query_words_max)
      return over_limit("query " + number(queries.ends.size()), words, query_words_max, "words");
    if (queries.ends.size() > queries_max)
      return over_limit("job", queries.ends.size(), queries_max, "queries");
  }
  if (queries.ends.empty())
    return bad_input("input has no query, expected one a line");
  return {};
}

}  // namespace

std::string_view index_view::term(std::uint32_t index) const {
  const std::uint32_t begin = index == 0 ? 0 : word_at(ends, 2 * std::uint64_t{index} - 2);
  const std::uint32_t end = word_at(ends, 2 * std::uint64_t{index});
  return {reinterpret_cast<const char*>(text + begin), end - begin};
}

index_view index_view::moved(const std::uint8_t* input, const std::uint8_t* copy) const {
  index_view out = *this;
  out.ends = copy + (ends - input);
  out.ids = copy + (ids - input);
  out.impacts = copy + (impacts - input);
  out.text = copy + (text - input);
  return out;
}

failure read_index(std::span<const std::uint8_t> input, index_view& index, query_list& queries) {
  std::uint32_t text_bytes = 0;
  std::string_view text;
  queries = {};
  if (auto bad = read_header(input, index, text_bytes, text))
    return bad;
  if (auto bad = check_terms(index, text_bytes))
    return bad;
  if (auto bad = check_postings(index))
    return bad;
  return read_queries(index, text, queries);
}

}  // namespace datagen::kernels::search
