#pragma once

#include <cstdint>
#include <vector>

#include "kernels/registry.hpp"

namespace datagen::tools {

/// A job of search.bm25: 2,000 queries of three words in 100,000 documents of 64 words, whose
/// frequencies fall as one over their rank.
std::vector<std::uint8_t> drawn_search();

/// Prints search.bm25 beside SQLite FTS5 over the non-empty lines of a text file, each a document:
/// 500 queries of two or three words drawn from the text, ten answers each.
void print_search_rows(const kernels::registry& kernels, const char* corpus);

}  // namespace datagen::tools
