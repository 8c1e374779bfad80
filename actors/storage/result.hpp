#pragma once
// What a storage call answers: the value, or a numbered fault with a sentence for people.

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace datagen::storage {

enum class fault : std::uint8_t {
  cannot_open = 1,   ///< Missing directory, permissions, not a database, not one of Datagen.
  in_use = 2,        ///< Another process holds the data directory.
  newer_schema = 3,  ///< Written by a newer program.
  refused = 4,       ///< A limit or a rule of the store; nothing changed, the store stays usable.
  failed = 5,        ///< The disk or SQLite failed; nothing of the call is stored.
  dead = 6,          ///< An earlier write failed: this handle takes no further writes.
};

struct failure {
  fault code = fault::failed;
  std::string sentence;
};

struct done {};

/// A value or a failure.
template <class T>
class [[nodiscard]] result {
public:
  result(T value) : content_(std::move(value)) {}
  result(failure why) : content_(std::move(why)) {}

  explicit operator bool() const { return content_.index() == 0; }
  /// @pre the result holds a value.
  T& operator*() { return std::get<0>(content_); }
  const T& operator*() const { return std::get<0>(content_); }
  T* operator->() { return &std::get<0>(content_); }
  const T* operator->() const { return &std::get<0>(content_); }
  /// @pre the result holds a failure.
  const failure& error() const { return std::get<1>(content_); }

private:
  std::variant<T, failure> content_;
};

}  // namespace datagen::storage
