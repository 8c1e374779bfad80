#include "index_builder.hpp"

#include <algorithm>
#include <numeric>

#include "../math.hpp"
#include "tokens.hpp"

namespace datagen::kernels::search {
namespace {

constexpr double k1 = 1.2;
constexpr double b = 0.75;

void put_word(std::string& out, std::size_t value) {
  for (int i = 0; i < 4; ++i)
    out += static_cast<char>(value >> (8 * i));
}

}  // namespace

void index_builder::add(std::string_view document) {
  const std::uint32_t id = documents();
  std::uint32_t words = 0;
  for_each_word(document, [&](std::string_view word) {
    ++words;
    auto at = terms_.find(word);
    if (at == terms_.end())
      at = terms_.emplace(word, std::vector<posting>{}).first;
    if (at->second.empty() || at->second.back().document != id)
      at->second.push_back({id, 0});
    ++at->second.back().count;
  });
  lengths_.push_back(words);
}

double index_builder::weight(const posting& x, std::size_t containing, double mean_length) const {
  const double all = documents();
  const auto with = static_cast<double>(containing);
  const double idf = logarithm(1.0 + (all - with + 0.5) / (with + 0.5));
  const double tf = x.count;
  const double length = lengths_[x.document] / mean_length;
  return idf * tf * (k1 + 1.0) / (tf + k1 * (1.0 - b + b * length));
}

std::vector<std::uint8_t> index_builder::finish(std::string_view queries,
                                                std::uint32_t impact_bytes) const {
  const auto words = std::accumulate(lengths_.begin(), lengths_.end(), std::uint64_t{0});
  const double mean = static_cast<double>(words) / std::max(documents(), 1u);
  std::vector<double> weights;
  std::size_t text_bytes = 0;
  for (const auto& [word, postings] : terms_) {
    text_bytes += word.size();
    for (const posting& x : postings)
      weights.push_back(weight(x, postings.size(), mean));
  }
  std::string out = "DBM1";
  for (std::size_t value : {std::size_t{impact_bytes}, lengths_.size(), terms_.size(),
                            weights.size(), text_bytes, queries.size()})
    put_word(out, value);
  std::size_t text_end = 0, posting_end = 0;
  for (const auto& [word, postings] : terms_) {
    put_word(out, text_end += word.size());
    put_word(out, posting_end += postings.size());
  }
  for (const auto& [word, postings] : terms_)
    for (const posting& x : postings)
      put_word(out, x.document);
  const double largest = weights.empty() ? 1.0 : *std::max_element(weights.begin(), weights.end());
  const double scale = (impact_bytes == 1 ? 255.0 : 65535.0) / largest;
  for (double x : weights) {
    const auto impact = std::max(std::uint32_t{1}, static_cast<std::uint32_t>(x * scale + 0.5));
    for (std::uint32_t i = 0; i < impact_bytes; ++i)
      out += static_cast<char>(impact >> (8 * i));
  }
  for (const auto& [word, postings] : terms_)
    out += word;
  out += queries;
  return {out.begin(), out.end()};
}

}  // namespace datagen::kernels::search
