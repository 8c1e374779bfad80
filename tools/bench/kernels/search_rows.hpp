#pragma once

#include "kernels/registry.hpp"

namespace datagen::tools {

/// Prints search.bm25 beside SQLite FTS5 over the non-empty lines of a text file, each a document:
/// 500 queries of two or three words drawn from the text, ten answers each.
void print_search_rows(const kernels::registry& kernels, const char* corpus);

}  // namespace datagen::tools
