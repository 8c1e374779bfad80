#include "search_bm25.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include "host_device.hpp"
#include "launch.hpp"
#include "params.hpp"
#include "search/index.hpp"

namespace datagen::kernels {
namespace {

using search::index_view;
using search::query_list;

constexpr std::uint64_t results_max = 1000;
constexpr std::uint64_t visits_max = std::uint64_t{1} << 40;
constexpr std::uint64_t all_results_max = std::uint64_t{1} << 22;
constexpr datagen_limit limits[] = {{"input", search::index_bytes_max, "bytes"},
                                    {"documents", search::documents_max, "documents"},
                                    {"queries", search::queries_max, "queries"},
                                    {"query", search::query_words_max, "words"},
                                    {"postings and documents visited", visits_max, "visits"},
                                    {"k", results_max, "results"},
                                    {"queries*k", all_results_max, "results"}};
constexpr param_rule rules[] = {
  {.key = "k", .fallback = "10", .minimum = 1, .maximum = results_max}};

struct request {
  std::uint32_t k = 0;
  index_view index;
  query_list queries;
  std::uint64_t count() const { return queries.ends.size(); }
};

failure parse(const work& work, request& r) {
  param_values values;
  if (auto bad = parse_params(work.params, rules, values))
    return bad;
  r.k = static_cast<std::uint32_t>(values.integer("k"));
  if (auto bad = search::read_index(work.input, r.index, r.queries))
    return bad;
  if (r.count() * r.k > all_results_max)
    return over_limit("queries*k", r.count() * r.k, all_results_max, "results");
  const std::uint64_t visits = r.queries.postings + r.count() * r.index.documents;
  if (visits > visits_max)
    return over_limit("number of postings and documents visited", visits, visits_max, "visits");
  return {};
}

std::uint64_t units(const work& work, const request& r) {
  return 1 + work.input.size() / 8192 + r.count() + r.queries.postings / 512 +
         r.count() * r.index.documents / 16384;
}

/// A result as one number, larger is better; 0 is none.
DATAGEN_HD inline std::uint64_t result_of(std::uint32_t score, std::uint32_t document) {
  return std::uint64_t{score} << 32 | (0xffffffff - document);
}

/// What every query of a job reads, and where its k results go.
struct query_view {
  index_view index;
  const std::uint32_t* terms;
  const std::uint32_t* ends;
  std::uint32_t k;
  std::uint64_t* results;  // (queries, k)

  DATAGEN_HD std::uint32_t first_term(std::uint64_t query) const {
    return query == 0 ? 0 : ends[query - 1];
  }
};

/// One query as plainly as can be: a score per document, then an ordered insertion.
struct one_query {
  query_view view;
  std::uint64_t first;    // query of item 0
  std::uint32_t* scores;  // (items, documents), zero

  DATAGEN_HD void operator()(std::uint64_t item) const {
    const index_view& index = view.index;
    const std::uint64_t query = first + item;
    std::uint32_t* const score = scores + item * index.documents;
    for (std::uint32_t t = view.first_term(query); t < view.ends[query]; ++t)
      for (std::uint32_t p = index.first_posting(view.terms[t]);
           p < index.end_posting(view.terms[t]); ++p)
        score[index.document(p)] += index.impact(p);
    std::uint64_t* const best = view.results + query * view.k;
    for (std::uint32_t document = 0; document < index.documents; ++document) {
      if (score[document] == 0)
        continue;
      std::uint64_t moving = result_of(score[document], document);
      for (std::uint32_t i = view.k; i-- > 0 && best[i] < moving;) {
        if (i + 1 < view.k)
          best[i + 1] = best[i];
        best[i] = moving;
      }
    }
  }
};

/// Runs `one_query` in windows whose scores fit a stated memory.
failure run_plain(const run_settings& settings, const query_view& view, std::uint64_t queries) {
  constexpr std::uint64_t scores_max = std::uint64_t{1} << 26;
  const std::uint64_t documents = greatest<std::uint64_t>(1, view.index.documents);
  const std::uint64_t window = greatest<std::uint64_t>(1, scores_max / documents);
  run_settings quiet = settings;
  quiet.progress = nullptr;
  for (std::uint64_t first = 0; first < queries; first += window) {
    const std::uint64_t count = least(window, queries - first);
    device_output<std::uint32_t> scores(count * documents);
    if (auto bad = launch(quiet, count, count, one_query{view, first, scores.data()}))
      return bad;
    settings.report(first + count, queries);
  }
  return {};
}

#if defined(__CUDACC__)

constexpr std::uint32_t block_threads = 256;
constexpr std::uint32_t posting_blocks = 32;  // blocks that share the postings of one query

/// Adds the impacts of query first + blockIdx.y to its scores; integers, so atomics change nothing.
__global__ void add_impacts(query_view view, std::uint64_t first, std::uint32_t* scores) {
  const std::uint64_t query = first + blockIdx.y;
  std::uint32_t* const score = scores + std::uint64_t{blockIdx.y} * view.index.documents;
  for (std::uint32_t t = view.first_term(query); t < view.ends[query]; ++t) {
    const std::uint64_t end = view.index.end_posting(view.terms[t]);
    for (std::uint64_t p = view.index.first_posting(view.terms[t]) +
                           std::uint64_t{blockIdx.x} * block_threads + threadIdx.x;
         p < end; p += posting_blocks * block_threads)
      atomicAdd(&score[view.index.document(p)], view.index.impact(p));
  }
}

/// The k largest results of query first + blockIdx.x, unordered. Results are distinct, so the k-th
/// largest is found byte by byte from counts, and no order of threads can change the set.
__global__ void select_results(query_view view, std::uint64_t first, const std::uint32_t* scores) {
  __shared__ std::uint32_t counts[256];
  __shared__ std::uint64_t bound;
  __shared__ std::uint32_t wanted, stored;
  const std::uint32_t documents = view.index.documents;
  const std::uint32_t* const score = scores + std::uint64_t{blockIdx.x} * documents;
  std::uint64_t* const best = view.results + (first + blockIdx.x) * view.k;
  if (threadIdx.x == 0) {
    bound = 0;
    wanted = view.k;
    stored = 0;
  }
  for (int shift = 56; shift >= 0; shift -= 8) {
    counts[threadIdx.x] = 0;
    __syncthreads();
    for (std::uint32_t d = threadIdx.x; d < documents; d += block_threads) {
      const std::uint64_t result = result_of(score[d], d);
      const bool same_prefix = shift == 56 || (result ^ bound) >> (shift + 8) == 0;
      if (score[d] != 0 && same_prefix)
        atomicAdd(&counts[result >> shift & 255], 1u);
    }
    __syncthreads();
    if (threadIdx.x == 0) {
      int byte = 255;
      while (byte > 0 && counts[byte] < wanted)
        wanted -= counts[byte--];
      bound |= std::uint64_t(byte) << shift;
    }
    __syncthreads();
  }
  for (std::uint32_t d = threadIdx.x; d < documents; d += block_threads) {
    const std::uint64_t result = result_of(score[d], d);
    if (score[d] != 0 && result >= bound)
      best[atomicAdd(&stored, 1u)] = result;
  }
}

failure run_fast(const run_settings& settings, const query_view& view, std::uint64_t queries) {
  constexpr std::uint64_t scores_max = std::uint64_t{1} << 28;
  constexpr std::uint64_t grid_max = 32768;
  const std::uint64_t documents = greatest<std::uint64_t>(1, view.index.documents);
  const std::uint64_t window =
    least(least(grid_max, queries), greatest<std::uint64_t>(1, scores_max / documents));
  device_output<std::uint32_t> scores(window * documents);
  for (std::uint64_t first = 0; first < queries; first += window) {
    if (settings.cancelled())
      return {DATAGEN_CANCELLED, "the job was cancelled"};
    const auto count = static_cast<unsigned>(least(window, queries - first));
    cudaMemset(scores.data(), 0, window * documents * sizeof(std::uint32_t));
    add_impacts<<<dim3(posting_blocks, count), block_threads>>>(view, first, scores.data());
    select_results<<<count, block_threads>>>(view, first, scores.data());
    if (const auto error = cudaDeviceSynchronize(); error != cudaSuccess)
      return {DATAGEN_DEVICE_FAILED, cudaGetErrorString(error)};
    settings.report(first + count, queries);
  }
  return {};
}

#else

constexpr std::uint32_t block_documents = 4096;  // whose scores stay in the first-level cache

/// Keeps the k largest results in a heap whose smallest is in front.
class best_results {
public:
  best_results(std::uint64_t* memory, std::uint32_t k) : memory_(memory), k_(k) {}

  /// Scores up to this cannot be results any more: later documents lose ties.
  std::uint32_t bound() const {
    return size_ < k_ ? 0 : static_cast<std::uint32_t>(memory_[0] >> 32);
  }
  void add(std::uint64_t result) {
    if (size_ == k_)
      std::pop_heap(memory_, memory_ + size_--, std::greater<>{});
    memory_[size_++] = result;
    std::push_heap(memory_, memory_ + size_, std::greater<>{});
  }

private:
  std::uint64_t* memory_;
  std::uint32_t k_, size_ = 0;
};

/// One query, a block of documents after the other; blocks without a posting are skipped.
struct blocked_query {
  query_view view;

  void operator()(std::uint64_t query) const {
    const index_view& index = view.index;
    std::uint32_t next[search::query_words_max], end[search::query_words_max];
    const std::uint32_t first = view.first_term(query);
    const std::uint32_t count = view.ends[query] - first;
    for (std::uint32_t t = 0; t < count; ++t) {
      next[t] = index.first_posting(view.terms[first + t]);
      end[t] = index.end_posting(view.terms[first + t]);
    }
    best_results best(view.results + query * view.k, view.k);
    for (;;) {
      std::uint32_t lowest = index.documents;
      for (std::uint32_t t = 0; t < count; ++t)
        if (next[t] < end[t])
          lowest = least(lowest, index.document(next[t]));
      if (lowest == index.documents)
        return;
      const std::uint32_t base = lowest / block_documents * block_documents;
      alignas(64) std::uint32_t scores[block_documents] = {};
      for (std::uint32_t t = 0; t < count; ++t)
        add_block(next[t], end[t], base, scores);
      offer(scores, base, best);
    }
  }

private:
  void add_block(std::uint32_t& next, std::uint32_t end, std::uint32_t base,
                 std::uint32_t* scores) const {
    const index_view& index = view.index;
    if (index.impact_bytes == 1)
      for (; next < end; ++next) {
        const std::uint32_t at = index.document(next) - base;
        if (at >= block_documents)
          return;
        scores[at] += index.impacts[next];
      }
    else
      for (; next < end; ++next) {
        const std::uint32_t at = index.document(next) - base;
        if (at >= block_documents)
          return;
        scores[at] += index.impact(next);
      }
  }

  static void offer(const std::uint32_t* scores, std::uint32_t base, best_results& best) {
    constexpr std::uint32_t group = 32;  // looked at one by one only when one of them is enough
    for (std::uint32_t at = 0; at < block_documents; at += group) {
      std::uint32_t highest = 0;
      for (std::uint32_t i = 0; i < group; ++i)
        highest = greatest(highest, scores[at + i]);
      if (highest <= best.bound())
        continue;
      for (std::uint32_t i = at; i < at + group; ++i)
        if (scores[i] > best.bound())
          best.add(result_of(scores[i], base + i));
    }
  }
};

failure run_fast(const run_settings& settings, const query_view& view, std::uint64_t queries) {
  return launch(settings, queries, 256, blocked_query{view});
}

#endif

std::vector<std::uint8_t> run_text(const std::vector<std::uint64_t>& results, std::uint32_t k) {
  std::string out;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i] == 0)
      continue;
    out += std::to_string(i / k + 1) + " Q0 " +
           std::to_string(0xffffffff - static_cast<std::uint32_t>(results[i])) + " " +
           std::to_string(i % k + 1) + " " + std::to_string(results[i] >> 32) + " datagen\n";
  }
  return {out.begin(), out.end()};
}

failure run(const work& work, const request& r, const run_settings& settings,
            output_buffer& output) {
  const device_input input(work.input.data(), work.input.size());
  const device_input terms(r.queries.terms.data(), r.queries.terms.size());
  const device_input ends(r.queries.ends.data(), r.queries.ends.size());
  device_output<std::uint64_t> results(r.count() * r.k);
  const query_view view{r.index.moved(work.input.data(), input.data()), terms.data(), ends.data(),
                        r.k, results.data()};
  auto bad =
    settings.portable ? run_plain(settings, view, r.count()) : run_fast(settings, view, r.count());
  if (bad)
    return bad;
  std::vector<std::uint64_t> best = results.download();
  for (std::uint64_t query = 0; query < r.count(); ++query)
    std::sort(best.begin() + static_cast<std::ptrdiff_t>(query * r.k),
              best.begin() + static_cast<std::ptrdiff_t>((query + 1) * r.k), std::greater<>{});
  const auto text = run_text(best, r.k);
  output.assign(text.begin(), text.end());
  return {};
}

}  // namespace

const kernel_definition search_bm25{
  .id = "search.bm25",
  .version = 0,
  .summary = "best documents of an inverted index for a batch of queries",
  .limits = limits,
  .units = units_of_job<request, parse, units>,
  .run = run_job<request, parse, units, run>,
};

}  // namespace datagen::kernels
