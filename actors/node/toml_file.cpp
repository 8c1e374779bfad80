#include "actors/node/toml_file.hpp"

namespace datagen {

std::string explain(const std::string& file, const file_failure& x) {
  return file + ":" + std::to_string(x.at.line) + ":" + std::to_string(x.at.column) + ": " +
         x.what();
}

namespace {

/// The library nests a table per part of a key (a.b.c…) and frees them by recursion, so that a long
/// key would end the process. Counts dots since the last character that ends a key.
void check_dots(std::string_view text) {
  constexpr std::uint32_t dots_max = 100;
  file_position at;
  std::uint32_t dots = 0;
  for (const char c : text) {
    at.line += c == '\n' ? 1 : 0;
    if (std::string_view{"\n=[]{},#"}.find(c) != std::string_view::npos)
      dots = 0;
    dots += c == '.' ? 1 : 0;
    if (dots > dots_max)
      throw file_failure{at, "more than 100 dots in one key or text"};
  }
}

}  // namespace

toml::table parse_toml(const std::string& text) {
  check_dots(text);
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& x) {
    throw file_failure{position_of(x.source()), std::string{x.description()}};
  } catch (const std::logic_error& x) {
    throw file_failure{{}, x.what()};
  }
}

const toml::node* toml_section::find(const char* key) {
  known_.emplace_back(key);
  return table_ ? table_->get(key) : nullptr;
}

bool toml_section::text(const char* key, std::string& to) {
  const auto* x = find(key);
  if (x)
    to = text_in(*x, key);
  return x != nullptr;
}

void toml_section::flag(const char* key, bool& to) {
  const auto* x = find(key);
  if (x && !x->is_boolean())
    refuse(*x, std::string{key} + " must be true or false");
  if (x)
    to = *x->value<bool>();
}

std::string toml_section::required_text(const char* key) {
  std::string result;
  if (!text(key, result))
    throw file_failure{table_ ? position_of(table_->source()) : file_position{},
                       name_ + " must say " + key + " = \"…\""};
  return result;
}

std::vector<std::string> toml_section::texts(const char* key) {
  std::vector<std::string> result;
  const auto* x = find(key);
  if (x && !x->is_array())
    refuse(*x, std::string{key} + " must be a list of texts: [\"…\", \"…\"]");
  if (x)
    for (const auto& entry : *x->as_array())
      result.push_back(text_in(entry, key));
  return result;
}

std::vector<std::uint32_t> toml_section::numbers(const char* key, std::uint32_t high) {
  std::vector<std::uint32_t> result;
  const auto* x = find(key);
  if (x && !x->is_array())
    refuse(*x, std::string{key} + " must be a list of numbers: [0, 1]");
  if (x)
    for (const auto& entry : *x->as_array())
      result.push_back(static_cast<std::uint32_t>(number_in(entry, key, 0, high)));
  return result;
}

const toml::table* toml_section::table(const char* key) {
  const auto* x = find(key);
  if (x && !x->is_table())
    refuse(*x, std::string{key} + " must be a table: [" + key + "]");
  return x ? x->as_table() : nullptr;
}

std::vector<const toml::table*> toml_section::tables(const char* key) {
  std::vector<const toml::table*> result;
  const auto* x = find(key);
  if (x && !x->is_array_of_tables())
    refuse(*x, std::string{key} + " must be tables: [[" + key + "]]");
  if (x)
    for (const auto& entry : *x->as_array())
      result.push_back(entry.as_table());
  return result;
}

void toml_section::end() const {
  if (!table_)
    return;
  for (const auto& [key, value] : *table_) {
    if (std::find(known_.begin(), known_.end(), std::string{key.str()}) != known_.end())
      continue;
    std::string list;
    for (const auto& x : known_)
      list += (list.empty() ? "" : ", ") + x;
    throw file_failure{position_of(key.source()),
                       name_ + " has no key '" + std::string{key.str()} + "'; it has " + list};
  }
}

void toml_section::refuse(const char* key, const std::string& sentence) const {
  refuse(*table_->get(key), sentence);
}

std::int64_t toml_section::number_in(const toml::node& x, const std::string& key, std::int64_t low,
                                     std::int64_t high) const {
  const auto value = x.value<std::int64_t>();
  if (!x.is_integer() || *value < low || *value > high)
    refuse(x, key + " must be a whole number from " + std::to_string(low) + " to " +
                std::to_string(high));
  return *value;
}

std::string toml_section::text_in(const toml::node& x, const std::string& key) {
  const auto value = x.value<std::string>();
  if (!value || !x.is_string())
    refuse(x, key + " must be a text in quotes");
  return *value;
}

void toml_section::refuse(const toml::node& at, const std::string& sentence) {
  throw file_failure{position_of(at.source()), sentence};
}

}  // namespace datagen
