#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "../failure.hpp"
#include "../host_device.hpp"

namespace datagen::kernels::search {

inline constexpr std::uint64_t index_bytes_max = std::uint64_t{1} << 30;
inline constexpr std::uint64_t documents_max = std::uint64_t{1} << 24;
inline constexpr std::uint64_t queries_max = 65536;
inline constexpr std::uint64_t query_words_max = 64;  ///< words of one query, repeats counted
inline constexpr std::size_t header_bytes = 28;

/// Word `index` of a little-endian array; on a device the array is aligned, on the host it may not
/// be.
DATAGEN_HD inline std::uint32_t word_at(const std::uint8_t* array, std::uint64_t index) {
#if defined(__CUDA_ARCH__)
  return reinterpret_cast<const std::uint32_t*>(array)[index];
#else
  std::uint32_t value;
  memcpy(&value, array + 4 * index, sizeof value);
  return value;
#endif
}

/// An inverted index with its queries, as it lies in a job's input. Little-endian:
/// "DBM1", u32 bytes per impact (1 or 2), u32 documents, u32 terms, u32 postings, u32 bytes of term
/// text, u32 bytes of query text; then
/// - per term, terms ascending by bytes: u32 end of its text, u32 end of its postings;
/// - per posting, ascending within a term: u32 document;
/// - per posting: its impact, at least 1;
/// - the terms' text; the queries' text, one query a line.
struct index_view {
  std::uint32_t impact_bytes = 0, documents = 0, terms = 0, postings = 0;
  const std::uint8_t* ends = nullptr;     ///< (terms, 2) words
  const std::uint8_t* ids = nullptr;      ///< (postings) words
  const std::uint8_t* impacts = nullptr;  ///< (postings) of impact_bytes each
  const std::uint8_t* text = nullptr;

  DATAGEN_HD std::uint32_t first_posting(std::uint32_t term) const {
    return term == 0 ? 0 : word_at(ends, 2 * std::uint64_t{term} - 1);
  }
  DATAGEN_HD std::uint32_t end_posting(std::uint32_t term) const {
    return word_at(ends, 2 * std::uint64_t{term} + 1);
  }
  DATAGEN_HD std::uint32_t document(std::uint64_t posting) const { return word_at(ids, posting); }
  DATAGEN_HD std::uint32_t impact(std::uint64_t posting) const {
    if (impact_bytes == 1)
      return impacts[posting];
    return static_cast<std::uint32_t>(impacts[2 * posting] | impacts[2 * posting + 1] << 8);
  }
  std::string_view term(std::uint32_t index) const;
  /// The same index whose arrays lie in a copy of the input at `copy`.
  index_view moved(const std::uint8_t* input, const std::uint8_t* copy) const;
};

/// Every query's known terms, in the order of its words; words the index lacks are dropped.
struct query_list {
  std::vector<std::uint32_t> terms;
  std::vector<std::uint32_t> ends;  ///< per query: end of its part of `terms`
  std::uint64_t postings = 0;       ///< of all queries together, repeats counted
};

/// Reads and checks the whole input, queries too.
failure read_index(std::span<const std::uint8_t> input, index_view& index, query_list& queries);

}  // namespace datagen::kernels::search
