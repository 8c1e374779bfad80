#include "actors/node/toml_file.hpp"

#include <doctest/doctest.h>

using namespace datagen;

namespace {

/// What reading `text` says, with its line.
std::string mistake(const std::string& text) {
  try {
    (void)parse_toml(text);
  } catch (const file_failure& x) {
    return explain("file.toml", x);
  }
  return "nothing";
}

std::string repeated(std::string_view what, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i)
    result += what;
  return result;
}

}  // namespace

TEST_CASE("toml file: a key of very many parts is refused with its line") {
  const std::string refused = "file.toml:2:1: more than 100 dots in one key or text";
  CHECK(mistake("x = 1\n" + repeated("a.", 200'000) + "a = 1\n") == refused);
  CHECK(mistake("x = 1\n[" + repeated("a.", 200'000) + "a]\n") == refused);
  CHECK(mistake("x = {\n" + repeated("a.", 101) + "a = 1}\n") == refused);
  CHECK(mistake(repeated("a.", 100) + "a = 1\n") == "nothing");
  CHECK(mistake(repeated("a.b = 1.5\n[c.d]\n[[e]]\n", 1)) == "nothing");
}
