#include "tools/bench/kernels/search_rows.hpp"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "kernels/search/index_builder.hpp"
#include "kernels/search/tokens.hpp"
#include "tools/bench/kernels/aims.hpp"
#include "tools/bench/kernels/interleaved_rounds.hpp"
#if defined(DATAGEN_BENCH_SQLITE)
#include "tools/bench/kernels/fts5_index.hpp"
#endif

namespace datagen::tools {
namespace {

struct collection {
  std::vector<std::string> documents;
  std::vector<std::vector<std::string>> queries;
  std::string query_text;
};

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out;
  kernels::search::for_each_word(text, [&](std::string_view word) { out.emplace_back(word); });
  return out;
}

collection read_collection(const char* path) {
  collection out;
  std::ifstream file(path, std::ios::binary);
  for (std::string line; std::getline(file, line);)
    if (!words_of(line).empty())
      out.documents.push_back(line);
  std::uint64_t state = 1;
  const auto below = [&](std::size_t bound) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state >> 33) % bound;
  };
  for (std::size_t i = 0; i < 500 && !out.documents.empty(); ++i) {
    const auto words = words_of(out.documents[below(out.documents.size())]);
    std::vector<std::string> query;
    for (std::size_t j = 0; j < 2 + i % 2; ++j) {
      query.push_back(words[below(words.size())]);
      out.query_text += query.back() + " ";
    }
    out.query_text += "\n";
    out.queries.push_back(query);
  }
  return out;
}

/// Documents per query, from the TREC lines of a result.
std::vector<std::set<std::uint32_t>> answers_of(const kernels::job_result& result,
                                                std::size_t queries) {
  std::vector<std::set<std::uint32_t>> out(queries);
  std::istringstream lines(std::string(result.output.begin(), result.output.end()));
  std::size_t query = 0;
  std::uint32_t document = 0;
  std::string rest, q0;
  while (lines >> query >> q0 >> document && std::getline(lines, rest))
    out[query - 1].insert(document);
  return out;
}

}  // namespace

std::vector<std::uint8_t> drawn_search() {
  constexpr double words = 50'000;
  std::uint64_t state = 7;
  const auto word = [&] {  // rank r with a chance as 1 / r: the exponential of a uniform number
    state = state * 6364136223846793005u + 1442695040888963407u;
    const double uniform = static_cast<double>(state >> 11) * 0x1p-53;
    return "w" + std::to_string(static_cast<int>(std::pow(words, uniform)));
  };
  const auto text = [&](int length) {
    std::string out;
    for (int i = 0; i < length; ++i)
      out += word() + " ";
    return out;
  };
  kernels::search::index_builder builder;
  for (int i = 0; i < 100'000; ++i)
    builder.add(text(64));
  std::string queries;
  for (int i = 0; i < 2'000; ++i)
    queries += text(3) + "\n";
  return builder.finish(queries, 2);
}

void print_search_rows(const kernels::registry& kernels, const char* corpus) {
  const collection texts = read_collection(corpus);
  kernels::search::index_builder builder;
  for (const auto& document : texts.documents)
    builder.add(document);
  const auto input = builder.finish(texts.query_text, 2);
  kernels::job_result answer;
  const auto search = [&](std::uint32_t threads) {
    answer = kernels.run({.kernel = "search.bm25",
                          .params = {},
                          .input = input,
                          .backend = "cpu",
                          .threads = threads});
    if (!answer.ok())
      std::printf("search.bm25: %s\n", answer.message.c_str());
  };
  std::vector<body> bodies = {{true, [&] { search(1); }}, {false, [&] { search(0); }}};
#if defined(DATAGEN_BENCH_SQLITE)
  fts5_index peer(texts.documents);
  std::vector<std::vector<std::uint32_t>> theirs(texts.queries.size());
  bodies.push_back({true, [&] {
                      for (std::size_t i = 0; i < texts.queries.size(); ++i)
                        theirs[i] = peer.best(texts.queries[i], 10);
                    }});
#endif
  const auto best = best_of(3, bodies);
  const double thousands = 1e-3 * static_cast<double>(texts.queries.size());
  std::printf(
    "search.bm25 %s, %zu documents, index of %.1f MB: %.1f k queries/s one thread, %.1f "
    "all threads (with the check of the whole index)\n",
    corpus, texts.documents.size(), 1e-6 * static_cast<double>(input.size()), thousands / best[0],
    thousands / best[1]);
#if defined(DATAGEN_BENCH_SQLITE)
  const auto ours = answers_of(answer, texts.queries.size());
  std::size_t shared = 0, all = 0;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    all += theirs[i].size();
    for (std::uint32_t document : theirs[i])
      shared += ours[i].count(document);
  }
  std::printf(
    "  SQLite FTS5 bm25 in memory, one thread: %.2f k queries/s; ours / FTS5 = %.1f; "
    "%.0f %% of its answers are ours too\n",
    thousands / best[2], aim("search.bm25 / SQLite FTS5, one thread", best[2] / best[0], 5),
    100.0 * static_cast<double>(shared) / static_cast<double>(all));
#else
  std::printf("  SQLite was not found at build time: no comparison\n");
#endif
}

}  // namespace datagen::tools
