#pragma once

#include "kernel.hpp"

namespace datagen::kernels {

/// `search.bm25`: the best documents of an inverted index for each of a batch of queries.
///
/// Params: `k` results per query, 1 to 1000, default 10.
/// Input: an index and its queries (search/index.hpp), built from text by search/index_builder.hpp
/// or the program bm25_index. Impacts are whole numbers, so every order of adding gives one sum.
/// A document's score is the sum of the impacts of the query's words, a repeated word counted
/// again. Output: text, a line for each result in the format of TREC runs: number of the query from
/// 1, "Q0", number of the document from 0, rank from 1, score, "datagen". Higher scores first, ties
/// by lower document; documents with none of the words are no results. Units: 1 + bytes / 8192 +
/// queries + postings visited / 512 + queries * documents / 16384.
extern const kernel_definition search_bm25;

}  // namespace datagen::kernels
