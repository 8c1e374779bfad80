#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>
#include <string>

#include "jobs/search_bm25_job.hpp"
#include "support.hpp"

using namespace datagen::kernels::testing;

namespace {

/// A job's input taken apart without the kernel's reader: postings per word.
struct plain_index {
  std::map<std::string, std::map<std::uint32_t, std::uint32_t>> impacts;
  std::string queries;
};

plain_index taken_apart(const bytes& file) {
  const auto word = [&](std::size_t at) {
    return file[at] | file[at + 1] << 8 | file[at + 2] << 16 |
           static_cast<std::uint32_t>(file[at + 3]) << 24;
  };
  const std::size_t width = word(4), terms = word(12), postings = word(16);
  const std::size_t ids = 28 + 8 * terms, impacts = ids + 4 * postings;
  const std::size_t text = impacts + width * postings;
  plain_index out;
  for (std::size_t t = 0, letter = 0, posting = 0; t < terms; ++t) {
    std::string term;
    for (; letter < word(28 + 8 * t); ++letter)
      term += static_cast<char>(file[text + letter]);
    for (; posting < word(32 + 8 * t); ++posting) {
      const std::size_t at = impacts + width * posting;
      out.impacts[term][word(ids + 4 * posting)] =
        file[at] + (width == 2 ? 256u * file[at + 1] : 0u);
    }
  }
  out.queries.assign(file.end() - static_cast<std::ptrdiff_t>(word(24)), file.end());
  return out;
}

std::vector<std::string> words_of(const std::string& line) {
  std::string spaced;
  for (char c : line)
    spaced += (c & 0x80) != 0 || std::isalnum(static_cast<unsigned char>(c)) != 0
                ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
                : ' ';
  std::istringstream in(spaced);
  std::vector<std::string> out;
  for (std::string word; in >> word;)
    out.push_back(word);
  return out;
}

/// The answer by sorting all documents.
std::string reference_answer(const bytes& input, std::size_t k) {
  const plain_index index = taken_apart(input);
  std::istringstream lines(index.queries);
  std::string out;
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::map<std::uint32_t, std::int64_t> scores;
    for (const auto& word : words_of(line))
      if (const auto at = index.impacts.find(word); at != index.impacts.end())
        for (const auto& [document, impact] : at->second)
          scores[document] -= impact;
    std::vector<std::pair<std::int64_t, std::uint32_t>> order;
    for (const auto& [document, score] : scores)
      order.emplace_back(score, document);
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < std::min(k, order.size()); ++i)
      out += std::to_string(number) + " Q0 " + std::to_string(order[i].second) + " " +
             std::to_string(i + 1) + " " + std::to_string(-order[i].first) + " datagen\n";
  }
  return out;
}

std::string text_of(std::span<const std::uint8_t> output) { return {output.begin(), output.end()}; }

std::string answer(const bytes& input, const std::string& params = "", std::uint32_t threads = 2,
                   bool portable = false) {
  const auto result = run_cpu("search.bm25", params, input, threads, portable);
  CHECK_MESSAGE(result.ok(), result.message);
  return text_of(result.output);
}

const text_collection proverbs{
  {"A rolling stone gathers no moss.", "Let sleeping dogs lie.",
   "You can't teach an old dog new tricks.", "Every dog has its day; every cat has nine.",
   "Stone walls do not a prison make, nor iron bars a cage; stone, iron, stone.", "",
   "\xc3\x89"
   "t\xc3\xa9 comme hiver: \xc3\x89t\xc3\xa9!"},
  "stone\ndog day dog\nno such words here\n\n\xc3\xa9t\xc3\xa9\nEVERY STONE"};

}  // namespace

TEST_CASE("search.bm25: answers that one can check by reading") {
  // 16-bit impacts. Query 1: the longer text has the word three times. Query 3 has "no" only.
  // Query 5: capital E with acute is another word, because only ASCII is folded.
  CHECK(answer(proverbs.index(2)) ==
        "1 Q0 4 1 36478 datagen\n"
        "1 Q0 0 2 30688 datagen\n"
        "2 Q0 3 1 88607 datagen\n"
        "2 Q0 2 2 51528 datagen\n"
        "3 Q0 0 1 44165 datagen\n"
        "6 Q0 3 1 53009 datagen\n"
        "6 Q0 4 2 36478 datagen\n"
        "6 Q0 0 3 30688 datagen\n");
  CHECK(answer(proverbs.index(2)) == reference_answer(proverbs.index(2), 10));
  CHECK(answer(proverbs.index(1), "k=1") == reference_answer(proverbs.index(1), 1));
}

TEST_CASE("search.bm25: known answers, so that an old index and an old result still verify") {
  random_source random(1);
  const auto texts = some_texts(random, 10000, 40);
  CHECK(hex(sha256(texts.index(2))) ==
        "07165fe45b089d76f7e8315452a1bdbc27103bee43051ec7bbc3158cfe43f8a0");
  CHECK(hex(sha256(from_text(answer(texts.index(2), "k=100")))) ==
        "8ff5936695980c59160b1dd84302428d873319d4ea4edacf9aa40b3bb6054fe8");
  CHECK(hex(sha256(from_text(answer(texts.index(1), "k=100")))) ==
        "c3d7fa5f7eaa1fe7e6f46581d7e353d9c597e0acb19ff6247f94a86f0a602134");
}

TEST_CASE("search.bm25: equals sorting every document, for every k, width and thread count") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  for (std::uint64_t documents : {0u, 1u, 33u, 4095u, 4096u, 4097u, 9000u})
    for (std::uint32_t width : {1u, 2u}) {
      const auto input = some_texts(random, documents, 20).index(width);
      CAPTURE(documents);
      CAPTURE(width);
      for (std::size_t k : {1u, 10u, 1000u}) {
        const auto params = "k=" + std::to_string(k);
        const auto expected = reference_answer(input, k);
        for (std::uint32_t threads : {1u, 2u, 3u, 16u})
          CHECK(answer(input, params, threads) == expected);
        CHECK(answer(input, params, 2, true) == expected);
        if (has_cuda())
          CHECK(text_of(run_cuda("search.bm25", params, input).output) == expected);
      }
    }
}

TEST_CASE("search.bm25: a random job of the shared generator is valid and equals sorting") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    const auto job = random_search_bm25_job(seed);
    CHECK(answer(job.input, job.params) ==
          reference_answer(job.input, std::stoul(job.params.substr(2))));
  }
}

TEST_CASE("search.bm25: documents of one score are ranked by their number") {
  text_collection same{std::vector<std::string>(5000, "one text"), "text"};
  std::string expected;
  const auto score = taken_apart(same.index(1)).impacts["text"][0];
  for (int i = 0; i < 3; ++i)
    expected += "1 Q0 " + std::to_string(i) + " " + std::to_string(i + 1) + " " +
                std::to_string(score) + " datagen\n";
  CHECK(answer(same.index(1), "k=3") == expected);
}

TEST_CASE("search.bm25: input that does not start at an aligned address gives the same answer") {
  const bytes input = proverbs.index(2);
  bytes shifted(input.size() + 3);
  std::copy(input.begin(), input.end(), shifted.begin() + 3);
  const auto result = run_cpu("search.bm25", "", std::span(shifted).subspan(3));
  CHECK(text_of(result.output) == answer(input));
}

TEST_CASE("index_builder: impacts are BM25's weights, scaled to the largest and rounded") {
  random_source random(test_seed());
  const auto texts = some_texts(random, 300, 1);
  const auto index = taken_apart(texts.index(2));
  std::vector<double> lengths;
  double all_words = 0;
  for (const auto& document : texts.documents) {
    lengths.push_back(static_cast<double>(words_of(document).size()));
    all_words += lengths.back();
  }
  std::map<std::string, std::map<std::uint32_t, double>> weights;
  double largest = 0;
  for (std::uint32_t d = 0; d < 300; ++d)
    for (const auto& word : words_of(texts.documents[d]))
      weights[word][d] += 1;
  for (auto& [word, documents] : weights)
    for (auto& [document, tf] : documents) {
      const auto with = static_cast<double>(documents.size());
      const double norm = 1.2 * (0.25 + 0.75 * lengths[document] / (all_words / 300));
      tf = std::log(1 + (300 - with + 0.5) / (with + 0.5)) * tf * 2.2 / (tf + norm);
      largest = std::max(largest, tf);
    }
  REQUIRE(index.impacts.size() == weights.size());
  for (const auto& [word, documents] : weights)
    for (const auto& [document, weight] : documents) {
      CAPTURE(word);
      CAPTURE(document);
      const double impact = index.impacts.at(word).at(document);
      CHECK(std::abs(impact - std::max(1.0, weight / largest * 65535)) <= 0.5 + 1e-6);
    }
}

TEST_CASE("search.bm25: units are known before the run and count what is visited") {
  text_collection texts{std::vector<std::string>(20000, "a b"), "a b\na a\nc"};
  const auto input = texts.index(1);
  const auto expected = 1 + input.size() / 8192 + 3 + 80000 / 512 + 60000 / 16384;
  CHECK(loaded().units({.kernel = "search.bm25", .params = {}, .input = input}).units == expected);
  CHECK(run_cpu("search.bm25", "", input).units == expected);
}
