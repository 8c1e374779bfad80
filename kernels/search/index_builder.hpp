#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace datagen::kernels::search {

/// Builds the input of `search.bm25` from plain text, on the customer's side.
///
/// Words are those of tokens.hpp. The weight of word w in document d is BM25 as Lucene computes it
/// (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, with an idf that is
/// never negative), k1 = 1.2, b = 0.75:
///   ln(1 + (N - n_w + 0.5) / (n_w + 0.5)) * tf * (k1 + 1) / (tf + k1 * (1 - b + b * |d| / mean
///   |d|))
/// An impact is that weight scaled so that the largest of the index becomes 255 or 65535, rounded
/// to the nearest whole number, at least 1. The same text gives the same bytes on every machine.
class index_builder {
public:
  /// Adds the next document; the first has number 0.
  void add(std::string_view document);
  std::uint32_t documents() const { return static_cast<std::uint32_t>(lengths_.size()); }

  /// The index with `queries`, one a line.
  /// @param impact_bytes 1 or 2
  std::vector<std::uint8_t> finish(std::string_view queries, std::uint32_t impact_bytes) const;

private:
  struct posting {
    std::uint32_t document, count;
  };
  double weight(const posting& x, std::size_t containing, double mean_length) const;

  std::map<std::string, std::vector<posting>, std::less<>> terms_;  // ordered by bytes
  std::vector<std::uint32_t> lengths_;                              // in words
};

}  // namespace datagen::kernels::search
