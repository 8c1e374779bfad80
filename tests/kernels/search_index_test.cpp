#include "kernels/search/index.hpp"

#include <string>

#include "jobs/search_bm25_job.hpp"
#include "support.hpp"

using namespace datagen::kernels::testing;

namespace {

const text_collection two_texts{{"b a", "a"}, "a\nb\n"};
// Header 28; ends of "a" at 28 and 32, of "b" at 36 and 40; documents 0, 1, 0 at 44; impacts at 56.

std::string refused(const bytes& input, std::string_view params = {}) {
  const auto result = run_cpu("search.bm25", params, input);
  CHECK(result.output.empty());
  return std::to_string(result.exit_status) + ": " + result.message;
}

bytes changed(std::size_t at, std::uint8_t value) {
  bytes out = two_texts.index(1);
  out.at(at) = value;
  return out;
}

}  // namespace

TEST_CASE("search index: a file of another kind or another size is refused") {
  CHECK(refused({}) ==
        "2: input is no search index: it does not start with DBM1, build it with bm25_index");
  CHECK(refused(changed(3, '2')) ==
        "2: input is no search index: it does not start with DBM1, build it with bm25_index");
  CHECK(refused(changed(4, 4)) == "2: impacts are 4 bytes each, expected 1 or 2");
  CHECK(refused(changed(11, 2)) ==
        "3: index is 33554434 documents, the limit is 16777216 documents");
  CHECK(refused(changed(15, 255)) == "2: input is 65 bytes, but its header needs 34225520705");
  bytes longer = two_texts.index(1);
  longer.push_back(0);
  CHECK(refused(longer) == "2: input is 66 bytes, but its header needs 65");
}

TEST_CASE("search index: terms and postings that do not ascend within their arrays are refused") {
  CHECK(refused(changed(28, 0)) == "2: text of term 0 ends at byte 0, expected 1 to 2");
  CHECK(refused(changed(31, 255)) == "2: text of term 0 ends at byte 4278190081, expected 1 to 2");
  CHECK(refused(changed(32, 0)) == "2: postings of term 0 end at 0, expected 1 to 3");
  CHECK(refused(changed(40, 4)) == "2: postings of term 1 end at 4, expected 3 to 3");
  CHECK(refused(changed(48, 0)) == "2: documents of term 0 do not ascend below 2");
  CHECK(refused(changed(48, 2)) == "2: documents of term 0 do not ascend below 2");
  CHECK(refused(changed(57, 0)) == "2: a posting has impact 0, expected at least 1");
  CHECK(refused(changed(59, 'b')) == "2: term 1 does not come after the term before it");
  CHECK(refused(changed(59, 'c')) == "2: term 1 does not come after the term before it");
}

TEST_CASE("search index: too many words, queries or results are refused with the figure") {
  std::string long_query;
  for (int i = 0; i < 65; ++i)
    long_query += "a ";
  CHECK(refused(text_collection{{"a"}, "a\n" + long_query}.index(1)) ==
        "3: query 2 is 65 words, the limit is 64 words");
  CHECK(refused(text_collection{{"a"}, std::string(65537, '\n')}.index(1)) ==
        "3: job is 65537 queries, the limit is 65536 queries");
  CHECK(refused(text_collection{{"a"}, std::string(65536, '\n')}.index(1), "k=65") ==
        "3: queries*k is 4259840 results, the limit is 4194304 results");
  CHECK(refused(text_collection{{"a"}, ""}.index(1)) ==
        "2: input has no query, expected one a line");
}

TEST_CASE("search index: no cut and no changed byte makes a reader leave the input") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  const bytes whole = some_texts(random, 40, 5).index(2);
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(run_cpu("search.bm25", "",
                        bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)))
                  .ok());
  for (int i = 0; i < 3000; ++i) {
    bytes damaged = whole;
    damaged[random.below(damaged.size())] = static_cast<std::uint8_t>(random.next());
    const auto result = run_cpu("search.bm25", "", damaged, 1);
    CHECK(result.comparable());
    CHECK(result.output == run_cpu("search.bm25", "", damaged, 1, true).output);
  }
}
