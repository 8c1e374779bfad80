#pragma once
// Reading TOML files that people write: every key is asked for by name, one that nobody asked for
// is an error, and every error says where it is.

#include "actors/node/file_position.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace datagen {

namespace detail {
/// The library's parser asserts where some malformed files lead it: there they are refused instead.
constexpr void toml_holds(bool condition) {
  if (!condition)
    throw std::logic_error{"this is no TOML"};
}
}  // namespace detail

}  // namespace datagen

#define TOML_ASSERT(condition) ::datagen::detail::toml_holds(static_cast<bool>(condition))
#include <toml++/toml.h>

namespace datagen {

/// Throws `file_failure`.
toml::table parse_toml(const std::string& text);

inline file_position position_of(const toml::source_region& x) {
  return {x.begin.line, x.begin.column};
}

/// One table of a file. All readers throw `file_failure`.
class toml_section {
public:
  /// @param table null: there is none, and no key is there
  /// @param name as an error shows it, e.g. "[links]"
  toml_section(const toml::table* table, std::string name)
      : table_(table), name_(std::move(name)) {}
  toml_section(const toml::table& table, std::string name)
      : toml_section(&table, std::move(name)) {}

  const toml::node* find(const char* key);
  /// Leaves `to` as it is where the key is missing. So do the others, unless `required`.
  void number(const char* key, std::int64_t low, std::int64_t high, auto& to) {
    if (const auto* x = find(key))
      to = static_cast<std::decay_t<decltype(to)>>(number_in(*x, key, low, high));
  }
  bool text(const char* key, std::string& to);
  void flag(const char* key, bool& to);
  std::string required_text(const char* key);
  std::vector<std::string> texts(const char* key);
  /// Whole numbers from 0 to `high`.
  std::vector<std::uint32_t> numbers(const char* key, std::uint32_t high);
  /// A table of its own; nothing where there is none.
  const toml::table* table(const char* key);
  /// An array of tables.
  std::vector<const toml::table*> tables(const char* key);
  /// Every key has been asked for, or the error names the first that was not and those there are.
  void end() const;
  /// An error about the value of `key`, which is there.
  [[noreturn]] void refuse(const char* key, const std::string& sentence) const;
  [[noreturn]] static void refuse(const toml::node& at, const std::string& sentence);

  /// The text in `x`, which is the value of `key`.
  static std::string text_in(const toml::node& x, const std::string& key);

private:
  std::int64_t number_in(const toml::node& x, const std::string& key, std::int64_t low,
                         std::int64_t high) const;

  const toml::table* table_;
  std::string name_;
  std::vector<std::string> known_;
};

}  // namespace datagen
