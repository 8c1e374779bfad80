#pragma once

#include "kernels/search/index_builder.hpp"
#include "random_job.hpp"
#include "random_source.hpp"

namespace datagen::kernels::testing {

/// Words as text has them: "w0" is in most lines, "w299" in hardly any, some are not ASCII.
inline std::string some_word(random_source& random) {
  const auto rank = random.below(1 + random.below(1 + random.below(300)));
  return rank % 7 == 3 ? "\xc3\xa9" + std::to_string(rank) : "W" + std::to_string(rank);
}

inline std::string some_words(random_source& random, std::uint64_t count) {
  static constexpr const char* gaps[] = {" ", ", ", "-", "\t", ". "};
  std::string out;
  for (std::uint64_t i = 0; i < count; ++i)
    out += some_word(random) + gaps[random.below(5)];
  return out;
}

/// Documents and queries as text.
struct text_collection {
  std::vector<std::string> documents;
  std::string queries;

  std::vector<std::uint8_t> index(std::uint32_t impact_bytes) const {
    search::index_builder builder;
    for (const auto& document : documents)
      builder.add(document);
    return builder.finish(queries, impact_bytes);
  }
};

inline text_collection some_texts(random_source& random, std::uint64_t documents,
                                  std::uint64_t queries) {
  text_collection out;
  for (std::uint64_t i = 0; i < documents; ++i)
    out.documents.push_back(some_words(random, random.below(12)));
  for (std::uint64_t i = 0; i < queries; ++i) {
    out.queries += some_words(random, random.below(5));
    if (random.below(4) == 0)
      out.queries += "word nobody wrote";
    out.queries += '\n';
  }
  return out;
}

/// Up to 500 documents, one in eight up to 9,500 (three blocks); up to 12 queries.
inline random_job random_search_bm25_job(std::uint64_t seed) {
  random_source random(seed);
  const auto documents = random.below(random.below(8) == 0 ? 9500 : 500);
  const auto texts = some_texts(random, documents, 1 + random.below(12));
  const auto k = 1 + random.below(random.below(3) == 0 ? 1000 : 20);
  return {"k=" + std::to_string(k), texts.index(static_cast<std::uint32_t>(1 + random.below(2)))};
}

}  // namespace datagen::kernels::testing
