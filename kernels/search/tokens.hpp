#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace datagen::kernels::search {

/// True for the bytes that words consist of: ASCII letters and digits, and every byte of a
/// character outside ASCII. The rule of the tokenizer `ascii` of SQLite's FTS5.
inline bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

/// Calls `f(std::string_view word)` for every maximal run of word bytes of `text`, from left to
/// right, ASCII capitals lowered. Any bytes are accepted; the view lives during the call.
template <class Function>
void for_each_word(std::string_view text, Function f) {
  std::string word;
  for (std::size_t at = 0; at < text.size();) {
    word.clear();
    for (; at < text.size() && is_word_byte(text[at]); ++at) {
      const char c = text[at];
      word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (word.empty())
      ++at;
    else
      f(std::string_view(word));
  }
}

}  // namespace datagen::kernels::search
